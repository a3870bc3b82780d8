"""Which configuration class belongs to a service manager: the one in ``config_schema.py`` beside it."""

from __future__ import annotations

import pytest

from panther.config.core.models import IUTConfig
from panther.errors import ConfigurationError, InputError, MachineError
from panther.plugins.config_schema import config_class_of
from panther.plugins.discovery import find_plugin, load_plugin

HEAD = """
from dataclasses import dataclass
from panther.config.core.models import ImplementationConfig, IUTConfig
"""
ONE = (
    HEAD
    + """
@dataclass
class Config(IUTConfig):
    implementation_name: str = "mine"
    performance_mode: str = "balanced"
"""
)
GUIDES_THREE = (
    HEAD
    + """
@dataclass
class QuicImplementationConfig(IUTConfig):
    implementation_name: str = "your_quic"
    default_port: int = 4443

@dataclass
class HttpImplementationConfig(IUTConfig):
    implementation_name: str = "your_http"
    default_port: int = 80

@dataclass
class CustomProtocolConfig(IUTConfig):
    implementation_name: str = "your_protocol"
    default_port: int = 9999
"""
)


def manager_class(plugin_root, name="mine", **files):
    plugin_root.plugin(name, **files)
    return load_plugin(find_plugin(name)).manager_class


def test_without_a_file_it_is_the_general_one(plugin_root):
    assert config_class_of(manager_class(plugin_root)) is IUTConfig


def test_the_only_class_is_meant(plugin_root):
    manager = manager_class(plugin_root, config_schema=ONE)()
    assert type(manager.config).__name__ == "Config"
    assert manager.resolve_parameters()["performance_mode"] == "balanced"


def test_it_is_the_same_class_as_the_plugins_own_import(plugin_root):
    cls = manager_class(plugin_root, config_schema=ONE)
    from panther.plugins.services.iut.custom.mine.config_schema import Config

    assert config_class_of(cls) is Config


def test_of_several_the_plugins_name_decides(plugin_root):
    manager = manager_class(plugin_root, name="your_http", config_schema=GUIDES_THREE)()
    assert type(manager.config).__name__ == "HttpImplementationConfig"
    assert manager.resolve_parameters()["port"] == 80


def test_of_several_none_is_called_like_the_plugin(plugin_root):
    cls = manager_class(plugin_root, config_schema=GUIDES_THREE)
    with pytest.raises(ConfigurationError) as caught:
        cls()
    assert caught.value.message == (
        "several configuration classes are defined: "
        "QuicImplementationConfig, HttpImplementationConfig, CustomProtocolConfig"
    )
    assert caught.value.cure == "give one of them implementation_name = 'mine', the plugin's name"
    assert caught.value.where.endswith("/mine/config_schema.py")


def test_of_none_the_cure_is_to_derive_one(plugin_root):
    with pytest.raises(ConfigurationError, match="no configuration class is defined"):
        manager_class(plugin_root, config_schema=HEAD)()


def test_a_class_that_forgot_its_decorator(plugin_root):
    cls = manager_class(plugin_root, config_schema=ONE.replace("@dataclass\n", ""))
    with pytest.raises(ConfigurationError, match="'Config' has fields but no @dataclass") as caught:
        cls()
    assert caught.value.where.endswith("/mine/config_schema.py:5")


@pytest.mark.parametrize(
    ("source", "error", "problem", "line"),
    [
        ("x = (", InputError, "the plugin 'mine' does not parse", ":1:5"),
        ("\n1 / 0", InputError, "ZeroDivisionError", ":2"),
        ("import no_such_package_of_anybody", MachineError, "needs the Python package", ":1"),
        (HEAD + "@dataclass\nclass C(IUTConfig):\n    x: list = []", InputError, "mutable default", ":4"),
    ],
)
def test_a_file_that_cannot_be_imported(plugin_root, source, error, problem, line):
    cls = manager_class(plugin_root, config_schema=source)
    with pytest.raises(error) as caught:
        cls()
    assert problem in caught.value.message
    assert caught.value.where.endswith(f"/mine/config_schema.py{line}")


def test_a_class_below_the_plugins_has_the_plugins_configuration(plugin_root):
    cls = manager_class(plugin_root, config_schema=ONE)
    assert config_class_of(type("Below", (cls,), {})) is config_class_of(cls)


def test_a_manager_that_was_imported_without_its_package(define, tmp_path):
    (tmp_path / "user").mkdir()
    (tmp_path / "user" / "config_schema.py").write_text(ONE)
    module = define("""
        from panther.plugins.services.base import BaseServiceManager
        class Manager(BaseServiceManager):
            def _get_implementation_name(self): return "mine"
            def _get_binary_name(self): return "mine"
    """)
    first, second = module.Manager().config, type("Below", (module.Manager,), {})().config
    assert first.performance_mode == "balanced"
    assert type(first).__name__ == type(second).__name__ == "Config"


def test_a_broken_file_of_a_manager_without_a_package(define, tmp_path):
    (tmp_path / "user").mkdir()
    (tmp_path / "user" / "config_schema.py").write_text("\n1 / 0")
    module = define("""
        from panther.plugins.services.base import BaseServiceManager
        class Manager(BaseServiceManager):
            def _get_implementation_name(self): return "mine"
            def _get_binary_name(self): return "mine"
    """)
    for _ in range(2):
        with pytest.raises(InputError, match="ZeroDivisionError") as caught:
            module.Manager()
        assert caught.value.where == f"{tmp_path}/user/config_schema.py:2"

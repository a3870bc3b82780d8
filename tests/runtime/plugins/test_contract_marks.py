"""Each method of each base class says whose it is, and the bases are the guide's tree."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import panther.plugins.services.base as base_package
from panther.errors import InputError
from panther.plugins.services import base as bases
from panther.plugins.services.base import BaseServiceManager

TREE = {
    "BaseServiceManager": (None, "service_manager_base"),
    "BaseQUICServiceManager": ("BaseServiceManager", "quic_service_base"),
    "PythonQUICServiceManager": ("BaseQUICServiceManager", "python_quic_base"),
    "RustQUICServiceManager": ("BaseQUICServiceManager", "rust_quic_base"),
    "BaseHTTPServiceManager": ("BaseServiceManager", "http_service_base"),
    "PythonHTTPServiceManager": ("BaseHTTPServiceManager", "python_http_base"),
    "BaseMinipServiceManager": ("BaseServiceManager", "minip_service_base"),
    "BaseTCPServiceManager": ("BaseServiceManager", "tcp_service_base"),
}


def _shipped(cls: type) -> bool:
    return cls.__module__.startswith("panther.plugins.services.base.")


def _base_classes() -> list[type]:
    """Return every class that the package of base classes defines and that is, or is above, a manager."""
    for module in pkgutil.iter_modules(base_package.__path__):
        importlib.import_module(f"{base_package.__name__}.{module.name}")
    found = {BaseServiceManager}
    while below := {cls for known in found for cls in known.__subclasses__() if _shipped(cls)} - found:
        found |= below
    return sorted(
        {cls for known in found for cls in known.__mro__ if _shipped(cls)}, key=lambda cls: cls.__name__
    )


BASE_CLASSES = _base_classes()
METHODS = [
    pytest.param(cls, name, attribute, id=f"{cls.__name__}.{name}")
    for cls in BASE_CLASSES
    for name, attribute in vars(cls).items()
    if not (name.startswith("__") and name.endswith("__"))
    and (inspect.isroutine(attribute) or isinstance(attribute, (property, classmethod, staticmethod)))
]


def mark(attribute: object) -> str:
    return getattr(attribute, "__panther_contract__", "")


@pytest.mark.parametrize(("cls", "name", "attribute"), METHODS)
def test_every_method_is_marked(cls, name, attribute):
    if name == "_abc_impl":
        pytest.skip("written by abc")
    assert mark(attribute) in ("template", "workflow"), f"{cls.__name__}.{name} has no contract mark"


@pytest.mark.parametrize(("cls", "name", "attribute"), METHODS)
def test_no_base_class_changes_the_kind_of_a_method(cls, name, attribute):
    kinds = {mark(above.__dict__[name]) for above in cls.__mro__ if name in above.__dict__}
    assert len(kinds) == 1


@pytest.mark.parametrize(("cls", "name", "attribute"), METHODS)
def test_alternatives_are_template_methods(cls, name, attribute):
    for alternative in getattr(attribute, "__panther_instead__", ()):
        assert mark(inspect.getattr_static(cls, alternative)) == "template"


def test_two_methods_are_required_of_every_plugin():
    for cls in BASE_CLASSES:
        if issubclass(cls, BaseServiceManager):
            assert cls.__abstractmethods__ == {"_get_implementation_name", "_get_binary_name"}


@pytest.mark.parametrize(("name", "parent", "module"), [(name, *place) for name, place in TREE.items()])
def test_the_tree_is_the_guides(name, parent, module):
    cls = getattr(importlib.import_module(f"panther.plugins.services.base.{module}"), name)
    assert cls is getattr(bases, name)
    assert name in bases.__all__
    if parent is not None:
        assert issubclass(cls, getattr(bases, parent))
        siblings = {other for other in TREE if other not in (name, parent, "BaseServiceManager")}
        above = {other for other in siblings if issubclass(cls, getattr(bases, other))}
        assert above <= {TREE[parent][0]}


def test_no_base_class_is_missing_from_the_tree():
    exported = {cls.__name__ for cls in BASE_CLASSES if not cls.__name__.startswith("_")}
    assert exported - set(TREE) == {"Contracted", "PythonServiceManager"}


@pytest.mark.parametrize(
    "name", ["overrides_workflow", "template_method", "workflow_method", "DockerBuilderFactory"]
)
def test_what_a_plugin_imports_besides(name):
    assert name in bases.__all__
    assert callable(getattr(bases, name))


@pytest.mark.parametrize("name", [name for name in TREE if name != "BaseServiceManager"])
def test_a_plugin_with_the_two_required_methods_is_complete(manager_class, name):
    manager = manager_class(getattr(bases, name))()
    assert manager.generate_run_command("server") == manager.generate_run_command("client") == "mine-binary"
    assert manager.generate_deployment_commands() == "mine-binary"
    assert manager._get_server_specific_args() == manager._get_client_specific_args() == []
    assert manager.get_supported_features() == {}
    assert isinstance(manager.get_implementation_details(), dict)
    if manager.language in ("c", "go", "python", "rust"):
        assert "FROM" in manager.generate_dockerfile_content()


def test_an_incomplete_plugin_names_what_it_lacks():
    with pytest.raises(TypeError, match="_get_binary_name"):
        type("Mine", (BaseServiceManager,), {"_get_implementation_name": lambda self: "x"})()


def test_errors_of_input_end_with_status_2():
    assert InputError.exit_code == 2

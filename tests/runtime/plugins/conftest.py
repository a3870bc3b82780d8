"""Plugins written to a directory of the test's own, and a registry that forgets them afterwards."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

from panther.plugins.registry import REGISTRY
from panther.plugins.services.base import BaseQUICServiceManager, BaseServiceManager

MANAGER = """
from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base import BaseServiceManager, BaseQUICServiceManager


@register_plugin(plugin_type="iut", name="{name}", version="1.0", supported_protocols=["{protocol}"])
class Manager(BaseServiceManager):
    def _get_implementation_name(self):
        return "{name}"

    def _get_binary_name(self):
        return "{name}"
"""


@pytest.fixture(autouse=True)
def _fresh_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give each test an empty registry, and forget the modules that it imported."""
    monkeypatch.setattr(REGISTRY, "_plugins", {})
    monkeypatch.delenv("PANTHER_PLUGIN_PATH", raising=False)
    before, path = set(sys.modules), list(sys.path)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - before:
        if name.startswith(("panther.plugins.services.iut", "panther.plugins.services.testers", "user_")):
            del sys.modules[name]
    importlib.invalidate_caches()


class PluginRoot:
    """A plugin root: a directory with ``panther/plugins/services/…`` in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def plugin(
        self,
        name: str = "mine",
        protocol: str = "custom",
        kind: str = "iut",
        source: str = MANAGER,
        **files: str,
    ) -> Path:
        """Write a plugin; ``files`` are further modules, their names without ``.py``."""
        directory = self.root / "panther" / "plugins" / "services" / kind / protocol / name
        directory.mkdir(parents=True)
        text = source.replace("{name}", name).replace("{protocol}", protocol)
        for module, content in {name: text, "__init__": f"from .{name} import *\n", **files}.items():
            (directory / f"{module}.py").write_text(dedent(content), encoding="utf-8")
        importlib.invalidate_caches()
        return directory


@pytest.fixture
def plugin_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PluginRoot:
    """Return a plugin root that is on ``sys.path``."""
    root = PluginRoot(tmp_path / "root")
    (root.root / "panther" / "plugins" / "services").mkdir(parents=True)
    monkeypatch.syspath_prepend(root.root)
    return root


@pytest.fixture
def define(tmp_path: Path) -> Callable[..., ModuleType]:
    """Return a function that writes a module of a user's and imports it; its name starts with ``user_``."""

    def write_and_import(source: str, name: str = "user_module") -> ModuleType:
        file = tmp_path / "user" / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(dedent(source), encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, file)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return write_and_import


@pytest.fixture
def manager_class() -> Callable[..., type[BaseServiceManager]]:
    """Return a function that makes a service manager's class with the attributes it is given."""

    def make(base: type[BaseServiceManager] = BaseQUICServiceManager, **attributes: object) -> type:
        required = {
            "_get_implementation_name": lambda self: "mine",
            "_get_binary_name": lambda self: "mine-binary",
        }
        return type("Mine", (base,), {**required, **attributes})

    return make

"""A pytest plugin: tests of PANTHER plugins run from any directory and in every import mode.

It stands beside the namespace package ``panther``, not in it, so that it can still speak where a
``./panther/__init__.py`` hides the runtime. What it does:

* the plugin root of each test file is found by walking up from the file, and added to ``sys.path``;
* test files of one name in several plugins are told apart;
* a plugin's directory is collected without importing it a second time under its bare name;
* ``from my_plugin import MyServiceManager`` in a test means the plugin of that name, the same module
  object as its dotted name, unless an installed package bears the name;
* the fixture ``service_manager`` is a fresh instance of the plugin that a test belongs to.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Generator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from panther.plugins.services.base import BaseServiceManager

__all__ = ["service_manager"]


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Add the plugin roots of the working directory and of the paths on the command line."""
    _refuse_hidden_runtime()
    importlib.import_module("panther.plugins.roots")
    if not any(isinstance(finder, _BareNameFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _BareNameFinder())
    here = early_config.invocation_params.dir
    for path in (here, *(here / arg.partition("::")[0] for arg in args)):
        _note(path, may_be_root=True)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker that the guide's tests use."""
    config.addinivalue_line("markers", "integration: tests a plugin together with its base class")


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the directory of a plugin or protocol as a plain one: its ``__init__.py`` is no test module."""
    from panther.plugins.roots import protocol_directory_of

    if path.resolve() in (_note(path), protocol_directory_of(path)):
        return pytest.Dir.from_parent(parent, path=path)
    return None


def pytest_collect_file(file_path: Path) -> None:
    """Add the plugin root of each test file."""
    _note(file_path)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """Remember whose tests are being imported: of two plugins with one bare name that one is meant."""
    if not isinstance(collector, pytest.Module):
        return (yield)
    _BareNameFinder.turn_to(_plugin_directory(collector.path))
    if not _name_is_taken(collector.path):
        return (yield)
    option = collector.config.option
    mode, option.importmode = option.importmode, "importlib"  # names a module by its path
    try:
        if mode != "importlib":
            _add_to_path(str(collector.path.parent), mode)
        return (yield)
    finally:
        option.importmode = mode


@pytest.fixture
def service_manager(request: pytest.FixtureRequest) -> BaseServiceManager:
    """Return a fresh instance of the service manager of the plugin that the test belongs to."""
    from panther.errors import PantherError
    from panther.plugins.discovery import FoundPlugin, load_plugin

    directory = _plugin_directory(request.path)
    if directory is None:
        pytest.fail(
            f"{request.path} lies in no plugin: move it below panther/plugins/services/…", pytrace=False
        )
    kind, protocol, name = directory.parts[-3:]
    try:
        plugin = load_plugin(FoundPlugin(kind, protocol, name, directory, _dotted_name(directory)))
        return plugin.manager_class()
    except PantherError as error:
        problem = str(error)
    # Not above: pytest would print it twice, as what was raised while it was being handled.
    pytest.fail(problem, pytrace=False)


def _note(path: Path, *, may_be_root: bool = False) -> Path | None:
    """Add the plugin root that ``path`` lies below; return the plugin's directory if it is in one.

    A directory that is merely passed by while tests are collected is not added for being a root:
    pytest looks at all the neighbours of what it was asked for.
    """
    from panther.errors import InputError
    from panther.plugins.roots import add_plugin_root, plugin_root_of

    root = plugin_root_of(path)
    try:
        if root is not None:
            add_plugin_root(root)
        elif may_be_root and (path / "panther" / "plugins").is_dir():
            add_plugin_root(path)
    except InputError as error:
        raise pytest.UsageError(str(error)) from None
    if root is not None:
        # The namespaces are imported by the import system first: in importlib mode pytest would make them up.
        namespaces = (path if path.is_dir() else path.parent).resolve().relative_to(root).parts[:5]
        importlib.import_module(".".join(namespaces))
    return _plugin_directory(path)


def _name_is_taken(path: Path) -> bool:
    """Tell whether a test file has the bare name of one that is imported, and one of them is a plugin's.

    The guide names a plugin's test file after the plugin, and two protocols may have a plugin of one name.
    """
    known = getattr(sys.modules.get(path.stem), "__file__", None)
    if known is None or Path(known) == path or path.with_name("__init__.py").is_file():
        return False
    return any(_plugin_directory(file) is not None for file in (path, Path(known)))


def _add_to_path(directory: str, mode: str) -> None:
    """Let tests import their neighbours, as the import mode that was asked for does."""
    if directory not in sys.path:
        sys.path.insert(0 if mode == "prepend" else len(sys.path), directory)


def _plugin_directory(path: Path) -> Path | None:
    from panther.plugins.roots import plugin_directory_of

    return plugin_directory_of(path)


def _dotted_name(directory: Path) -> str:
    return ".".join(directory.parts[-6:])


def _refuse_hidden_runtime() -> None:
    """Refuse to go on where a regular package hides the namespace that the runtime is a part of."""
    for package in ("panther", "panther.plugins", "panther.plugins.services"):
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin is not None:
            raise pytest.UsageError(
                f"{spec.origin} hides the runtime of PANTHER plugins\n"
                "  cure: delete that file: no directory above a plugin needs an __init__.py; if it belongs "
                "to another distribution: python -m pip uninstall panther-net panther"
            )


class _BareNameFinder(MetaPathFinder):
    """Finds a plugin under its directory's bare name, as the same modules as below its dotted name."""

    current: Path | None = None

    @classmethod
    def turn_to(cls, directory: Path | None) -> None:
        """From now on the plugin in ``directory`` is meant where several have its bare name."""
        if directory is not None and directory != cls.current:
            known = sys.modules.get(directory.name)
            if known is not None and known.__name__.startswith("panther.plugins."):
                for name in [name for name in sys.modules if f"{name}.".startswith(f"{directory.name}.")]:
                    del sys.modules[name]
        cls.current = directory

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        top, _, below = fullname.partition(".")
        if top == "panther":
            return None
        if below:
            parent = getattr(sys.modules.get(top), "__name__", "")
            aliased = parent.startswith("panther.plugins.services.")
            return ModuleSpec(fullname, _Alias(f"{parent}.{below}")) if aliased else None
        return self._of_plugin(fullname)

    def _of_plugin(self, fullname: str) -> ModuleSpec | None:
        directory = self._directory(fullname)
        if directory is None:
            return None
        installed = PathFinder.find_spec(fullname, _path_without_plugins())
        if installed is not None and installed.origin is not None:
            return installed
        return ModuleSpec(fullname, _Alias(_dotted_name(directory)), is_package=True)

    def _directory(self, name: str) -> Path | None:
        from panther.plugins.roots import PLUGIN_KINDS, plugin_roots

        if self.current is not None and self.current.name == name:
            return self.current
        for root in plugin_roots():
            for kind in PLUGIN_KINDS:
                services = root / "panther" / "plugins" / "services" / kind
                for found in sorted(services.glob(f"*/{name}/__init__.py")):
                    return found.parent
        return None


class _Alias(Loader):
    """Loads a module by importing it under its dotted name."""

    def __init__(self, dotted_name: str) -> None:
        self._dotted_name = dotted_name
        self._spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._dotted_name)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        # The import system has just put the alias's spec on the module: its own comes back.
        module.__spec__ = self._spec


def _path_without_plugins() -> list[str]:
    from panther.plugins.roots import plugin_root_of

    return [entry for entry in sys.path if plugin_root_of(Path(entry or ".")) is None]

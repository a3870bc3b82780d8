"""Finding plugins without importing them, and importing the one that is asked for.

Plugins are directories below the plugin roots (:mod:`panther.plugins.roots`), and installed packages
that announce themselves by an entry point in the group ``panther.plugins``: its name is
``<kind>.<protocol>.<name>`` (such as ``iut.quic.my_quic``), its value the plugin's package.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from glob import escape
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from panther.errors import ContractError, InputError, RegistrationError
from panther.plugins.registry import REGISTRY, PluginInfo
from panther.plugins.roots import PLUGIN_KINDS, add_plugin_root, plugin_root_of, plugin_roots
from panther.plugins.services.base.contract import check_contract
from panther.plugins.services.base.integrity import unchanged_bases
from panther.plugins.sources import explained_import

__all__ = ["ENTRY_POINT_GROUP", "FoundPlugin", "find_plugin", "find_plugins", "load_plugin"]

#: Entry points of installed packages that are plugins.
ENTRY_POINT_GROUP = "panther.plugins"


@dataclass(frozen=True, order=True)
class FoundPlugin:
    """A plugin that is on the plugin path; nothing of it has been imported."""

    kind: str
    """``iut`` or ``testers``."""

    protocol: str
    """The protocol's directory that it lies in."""

    name: str
    """Its directory's name, which is what experiment files call it."""

    directory: Path
    """The plugin's directory."""

    module: str
    """Dotted name of its package."""


def find_plugins() -> list[FoundPlugin]:
    """Return the plugins on the plugin path, sorted; of two with one name the first root's."""
    found: dict[tuple[str, str, str], FoundPlugin] = {}
    for plugin in (*_in_directories(), *_in_installed_packages()):
        found.setdefault((plugin.kind, plugin.protocol, plugin.name), plugin)
    return sorted(found.values())


def find_plugin(name: str, protocol: str | None = None, kind: str = "iut") -> FoundPlugin:
    """Return the plugin called ``name``.

    Args:
        name: the plugin's name.
        protocol: the protocol it is wanted for; None: whichever has a plugin of that name.
        kind: ``iut`` or ``testers``.

    Raises:
        InputError: there is none, or several and no protocol says which.
    """
    every = find_plugins()
    plugins = [plugin for plugin in every if plugin.kind == kind]
    named = [plugin for plugin in plugins if plugin.name == name]
    wanted = [plugin for plugin in named if protocol in (None, plugin.protocol)] or named
    if len(wanted) == 1:
        return wanted[0]
    if wanted:
        protocols = ", ".join(plugin.protocol for plugin in wanted)
        none = f", none for {protocol}" if protocol else ""
        options = ", or ".join(f"--protocol {plugin.protocol}" for plugin in wanted)
        raise InputError(
            f"several plugins are called '{name}': for {protocols}{none}",
            cure="name one of these protocols" if protocol else f"say which: {options}",
        )
    raise InputError(f"there is no plugin '{name}'", cure=_cure_for_unknown(name, kind, every))


def load_plugin(found: FoundPlugin) -> PluginInfo:
    """Import the plugin and return its registration.

    Raises:
        InputError: its code cannot be imported.
        MachineError: it imports a package that is not installed.
        RegistrationError: it registers nothing, or another name or type than its directory's.
        ContractError: its class lacks a template method that it must have or overrides a workflow method,
            or its code changes a base class.
    """
    root = plugin_root_of(found.directory)
    if root is not None:
        add_plugin_root(root)
    with explained_import(found.module, found.name, found.directory), unchanged_bases(found.directory):
        importlib.import_module(found.module)
    info = _registration_of(found)
    missing = ", ".join(sorted(info.manager_class.__abstractmethods__))
    if missing:
        raise ContractError(
            f"'{info.manager_class.__name__}' does not define {missing}",
            cure="define it: every service manager must",
            where=info.source,
        )
    check_contract(info.manager_class)
    return info


def _registration_of(found: FoundPlugin) -> PluginInfo:
    registered = REGISTRY.registered_below(found.module, found.directory)
    if not registered:
        raise RegistrationError(
            f"the plugin '{found.name}' registers no class",
            cure="put @register_plugin(…) on its service manager, and import that in __init__.py",
            where=str(found.directory),
        )
    named = [info for info in registered if info.name == found.name]
    if not named:
        raise RegistrationError(
            f"the plugin in the directory '{found.name}' registers itself as '{registered[0].name}'",
            cure=f'write name="{found.name}", or rename the directory',
            where=registered[0].source,
        )
    of_kind = [info for info in named if info.plugin_type == found.kind]
    if not of_kind:
        raise RegistrationError(
            f"the plugin '{found.name}' lies below '{found.kind}' and registers as '{named[0].plugin_type}'",
            cure=f'write plugin_type="{found.kind}", or move the directory',
            where=named[0].source,
        )
    return next((info for info in of_kind if found.protocol in info.supported_protocols), of_kind[0])


def _in_directories() -> Iterator[FoundPlugin]:
    for root in plugin_roots():
        for kind in PLUGIN_KINDS:
            services = root / "panther" / "plugins" / "services" / kind
            for init in sorted(services.glob("*/*/__init__.py")):
                directory = init.parent
                parts = directory.relative_to(root).parts
                yield FoundPlugin(kind, directory.parent.name, directory.name, directory, ".".join(parts))


def _in_installed_packages() -> Iterator[FoundPlugin]:
    for entry_point in entry_points(group=ENTRY_POINT_GROUP):
        kind, _, rest = entry_point.name.partition(".")
        protocol, _, name = rest.partition(".")
        if kind in PLUGIN_KINDS and protocol and name:
            yield FoundPlugin(kind, protocol, name, _directory_of(entry_point), entry_point.module)


def _directory_of(entry_point: EntryPoint) -> Path:
    """Return the directory of an installed plugin, found without importing its package."""
    top, *below = entry_point.module.split(".")
    spec = importlib.util.find_spec(top)
    locations = spec.submodule_search_locations if spec is not None else None
    directories = [Path(location, *below) for location in locations or ()]
    return next((directory for directory in directories if directory.is_dir()), Path(*(top, *below)))


def _cure_for_unknown(name: str, kind: str, plugins: list[FoundPlugin]) -> str:
    names = [plugin.name for plugin in plugins if plugin.kind == kind]
    own = os.path.basename(os.path.abspath(name))  # noqa: PTH100, PTH119 - of a directory, and of PROTOCOL/NAME
    close = [own] if own in names else get_close_matches(own, names, n=1)
    if close:
        return f"did you mean '{close[0]}'?"
    if any((plugin.kind, plugin.name) == ("testers", own) for plugin in plugins):
        return f"'{own}' is a tester: panther-gen run starts the experiment in its directory"
    for directory in _without_init(own, kind) if own else ():
        return f"'{directory}' has no __init__.py: write one that imports the service manager"
    known = f"found: {', '.join(sorted(set(names)))}; " if names else ""
    new = own if own.isidentifier() else "NAME"
    return (
        f"{known}panther-gen new-iut PROTOCOL {new} makes one; PANTHER_PLUGIN_PATH names further directories"
    )


def _without_init(name: str, kind: str) -> Iterator[Path]:
    """Yield the directories of that name that would be plugins if Python could import them."""
    for root in plugin_roots():
        services = root / "panther" / "plugins" / "services" / kind
        yield from (place for place in sorted(services.glob(f"*/{escape(name)}")) if place.is_dir())

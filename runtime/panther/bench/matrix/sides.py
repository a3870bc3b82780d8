"""What the plugins of a protocol can do in each role, and what is not installed."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from panther.bench.environments.service import Service
from panther.bench.environments.sites import imagine_sites, make_services
from panther.bench.experiment import split_settings
from panther.bench.plan import ServicePlan, TestPlan
from panther.bench.protocols import case_for
from panther.config.core.models import ImplementationConfig
from panther.core.events import EventBus
from panther.errors import BuildError, InputError, MachineError, PantherError
from panther.plugins.discovery import FoundPlugin, find_plugins, load_plugin
from panther.plugins.registry import PluginInfo
from panther.plugins.services.base.local_build import NotBuiltError

__all__ = ["Side", "find_sides"]

#: What a plugin need not say that it can: only that it cannot.
_USUAL = {"session_tickets"}
_REQUIREMENT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)")


@dataclass(frozen=True)
class Side:
    """A plugin in a role."""

    name: str
    role: str
    plugin: PluginInfo | None
    """None: its code cannot be imported, and ``missing`` says why."""

    features: Mapping[str, bool]
    missing: str = ""
    """What is not installed, and what installs it; empty: it can run."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    """What is said about it, as under ``implementation:``."""

    is_built: bool = True
    """False: its program is compiled when it is first used."""

    def can(self, feature: str) -> bool:
        """Tell whether it has a feature; none is needed where the name is empty."""
        return not feature or bool(self.features.get(feature, feature in _USUAL))


def find_sides(
    protocol: str,
    role: str,
    names: Sequence[str] = (),
    settings: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Side]:
    """Return the plugins of a protocol that have a role; those that cannot run say what is missing.

    Args:
        protocol: the protocol's directory.
        role: ``server`` or ``client``.
        names: whom to take, in this order, each once; empty: all, by name.
        settings: what is set in the configuration of a plugin, by its name.

    Raises:
        InputError: there is no such plugin, it has not the role, or its code is wrong.
        PantherError: a setting does not fit.
    """
    found = {
        plugin.name: plugin
        for plugin in find_plugins()
        if (plugin.kind, plugin.protocol) == ("iut", protocol)
    }
    settings = settings or {}
    for name in (*names, *settings):
        if name not in found:
            close = get_close_matches(name, found, n=1)
            hint = f"did you mean '{close[0]}'?" if close else f"there are: {', '.join(found) or 'none'}"
            raise InputError(f"there is no plugin '{name}' for {protocol}", cure=hint)
    sides = [_side(found[name], role, settings.get(name, {})) for name in dict.fromkeys(names or found)]
    for side in sides:
        if names and not side.features.get(role, True):
            raise InputError(f"the plugin '{side.name}' is no {role}", cure=f"leave out --{role} {side.name}")
    return [side for side in sides if side.features.get(role, True)]


def _side(found: FoundPlugin, role: str, settings: Mapping[str, Any]) -> Side:
    try:
        info = load_plugin(found)
    except MachineError as problem:
        return Side(found.name, role, None, {}, missing=_phrase(problem))
    config, _ = split_settings(info.manager_class, settings)
    features = info.manager_class(config, role=role).get_supported_features()
    try:
        missing = "" if not features.get(role, True) else _missing(info, role, config)
    except NotBuiltError:
        return Side(found.name, role, info, features, "", settings, is_built=False)
    return Side(found.name, role, info, features, missing, settings)


def _missing(info: PluginInfo, role: str, config: ImplementationConfig) -> str:
    """Return what a plugin lacks on this machine; what it compiles is compiled here, once.

    Raises:
        NotBuiltError: it is not, because somebody is only looking.
    """
    absent = _absent_packages(Path(info.source_file).parent)
    if absent:
        return f"not installed: {Path(sys.executable).name} -m pip install {' '.join(absent)}"
    service = _imagined(info, role, config)
    try:
        if service.prepares_itself:
            service.prepare()
        else:
            service.build()
        service.check()
    except NotBuiltError:
        raise
    except BuildError as problem:
        return f"{_phrase(problem)} ({_in_one_line(problem)})"
    except MachineError as problem:
        return _phrase(problem, info.manager_class.install_command)
    except PantherError:
        raise
    except Exception as error:
        raise InputError(
            f"the plugin '{info.name}' failed at its command: {type(error).__name__}: {error}"
        ) from error
    return ""


def _imagined(info: PluginInfo, role: str, config: ImplementationConfig) -> Service:
    case = case_for(info.manager_class.protocol_name)
    service = ServicePlan(
        name=role,
        role=role,
        plugin=info,
        config=config,
        case=case,
    )
    server = service if role == "server" else ServicePlan("server", "server", info, config, case)
    plan = TestPlan("imagined", "imagined", tuple({server.name: server, role: service}.values()))
    sites = imagine_sites(plan, Path.cwd())
    return make_services(plan, sites, {"server": 1024}, True, EventBus())[role]


def _phrase(problem: MachineError, install: str = "") -> str:
    cure = install or problem.cure
    return f"not installed: {cure}" if cure else f"not installed: {problem.message}"


def _in_one_line(problem: BuildError) -> str:
    """Return what went wrong, with the last of what a compiler printed."""
    first, *printed = problem.message.splitlines()
    return ": ".join([first, *(line.strip(" |") for line in printed[-1:])])


def _absent_packages(directory: Path) -> list[str]:
    """Return those requirements of a plugin's program in Python whose packages are not installed."""
    file = directory / "endpoint" / "requirements.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return [line.strip() for line in lines if (name := _REQUIREMENT.match(line)) and not _has(name[1])]


def _has(distribution: str) -> bool:
    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True

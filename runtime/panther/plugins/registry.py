"""The registry: what ``@register_plugin`` has said about each plugin that was imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from panther.errors import RegistrationError

if TYPE_CHECKING:
    from panther.plugins.services.base.service_manager_base import BaseServiceManager

__all__ = ["REGISTRY", "PluginInfo", "PluginRegistry"]


@dataclass(frozen=True)
class PluginInfo:
    """A registration."""

    plugin_type: str
    """``iut`` or ``testers``."""

    name: str
    """The plugin's name: what experiment files call it."""

    version: str
    """The plugin's own version."""

    description: str
    """One line on the implementation."""

    supported_protocols: tuple[str, ...]
    """Protocols that the plugin may be asked to speak."""

    capabilities: tuple[str, ...]
    """Features that the implementation has."""

    manager_class: type[BaseServiceManager]
    """The service manager."""

    source_file: str
    """File of the registration."""

    source_line: int
    """Line of the registration, from 1."""

    @property
    def source(self) -> str:
        """Return the place of the registration, ``file:line``."""
        return f"{self.source_file}:{self.source_line}"


class PluginRegistry:
    """Registrations, one for each type, protocol and name.

    Test runners may import one file under two names: the same class from the same file takes the place
    of the earlier one. Another class that claims the name is an error.
    """

    def __init__(self) -> None:
        self._plugins: dict[tuple[str, str, str], PluginInfo] = {}

    def add(self, info: PluginInfo) -> None:
        """Add a registration.

        Raises:
            RegistrationError: another class has the name already.
        """
        keys = [(info.plugin_type, protocol, info.name) for protocol in info.supported_protocols]
        for key in keys:
            earlier = self._plugins.get(key)
            if earlier is not None and _identity(earlier) != _identity(info):
                raise RegistrationError(
                    f"the name '{info.name}' is taken: {earlier.source} registers it for {key[1]} too",
                    cure="give one of them another name, or take its directory off the plugin path",
                    where=info.source,
                )
        self._plugins.update(dict.fromkeys(keys, info))

    def get(self, plugin_type: str, protocol: str, name: str) -> PluginInfo | None:
        """Return the registration, or None if no imported plugin has made it."""
        return self._plugins.get((plugin_type, protocol, name))

    def classes(self, name: str) -> set[type[BaseServiceManager]]:
        """Return the service managers' classes that are registered under a name, for any protocol."""
        return {info.manager_class for info in self._plugins.values() if info.name == name}

    def registered_below(self, module: str, directory: Path) -> list[PluginInfo]:
        """Return what has been registered by the package ``module``, whatever name it was imported under.

        Args:
            module: dotted name of the package.
            directory: the package's directory.
        """
        unique = {id(info): info for info in self._plugins.values()}
        return [
            info
            for info in unique.values()
            if f"{info.manager_class.__module__}.".startswith(f"{module}.")
            or Path(info.source_file).resolve().is_relative_to(directory.resolve())
        ]


def _identity(info: PluginInfo) -> tuple[Path, str]:
    return Path(info.source_file).resolve(), info.manager_class.__qualname__


#: The registry of this process.
REGISTRY = PluginRegistry()

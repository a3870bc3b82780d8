"""The plugins that an experiment may name: what a validator has to know of them, and where it learns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from panther.bench.experiment.settings import SettingsForm
from panther.plugins.config_schema import config_class_of
from panther.plugins.discovery import find_plugin, find_plugins, load_plugin

__all__ = ["InstalledPlugins", "KnownPlugin", "PluginCatalogue"]


@dataclass(frozen=True)
class KnownPlugin:
    """A plugin, as far as experiment files are concerned."""

    protocols: tuple[str, ...]
    """What it may be asked to speak."""

    settings: SettingsForm
    """What a file may say about it."""


class PluginCatalogue(Protocol):
    """The plugins that an experiment may name."""

    def names(self, kind: str) -> Sequence[str]:
        """Return the names of the plugins of a kind, ``iut`` or ``testers``."""

    def plugin(self, kind: str, name: str, protocol: str) -> KnownPlugin:
        """Return a plugin that :meth:`names` lists.

        Args:
            kind: ``iut`` or ``testers``.
            name: its name.
            protocol: what it is to speak; of several with the name the one for this is meant.

        Raises:
            PantherError: it cannot be loaded.
        """


class InstalledPlugins:
    """The plugins on the plugin path. A plugin that a file names is imported, no other."""

    def names(self, kind: str) -> Sequence[str]:
        """Return the names of the plugins on the plugin path."""
        return sorted({plugin.name for plugin in find_plugins() if plugin.kind == kind})

    def plugin(self, kind: str, name: str, protocol: str) -> KnownPlugin:
        """Import the plugin and return what it has registered."""
        info = load_plugin(find_plugin(name, protocol, kind))
        manager_class = info.manager_class
        settings = SettingsForm(config_class_of(manager_class), manager_class.parameters_class)
        return KnownPlugin(info.supported_protocols, settings)

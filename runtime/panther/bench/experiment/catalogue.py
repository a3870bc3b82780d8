"""What a validator has to know of plugins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from panther.config.core.models import ImplementationConfig
from panther.config.core.validation import ConfigFieldError, build_config, config_fields
from panther.plugins.config_schema import config_class_of
from panther.plugins.discovery import find_plugin, find_plugins, load_plugin
from panther.plugins.services.base import BaseServiceManager

__all__ = ["Catalogue", "InstalledPlugins", "split_settings"]


class Catalogue(Protocol):
    """The plugins that an experiment may name.

    Methods that take a plugin raise PantherError if it cannot be loaded.
    """

    def names(self, kind: str) -> list[str]:
        """Return the names of the plugins of a kind, ``iut`` or ``testers``."""

    def protocols(self, kind: str, name: str, protocol: str) -> tuple[str, ...]:
        """Return the protocols that a plugin supports."""

    def fields(self, kind: str, name: str, protocol: str) -> list[str]:
        """Return what ``implementation:`` may say: configuration fields and protocol parameters."""

    def check(self, kind: str, name: str, protocol: str, values: Mapping[str, Any]) -> None:
        """Check values for the configuration; raises ConfigFieldError."""


class InstalledPlugins:
    """The plugins on the plugin path. A plugin that a file names is imported, no other."""

    def names(self, kind: str) -> list[str]:
        """Return the names of the plugins on the plugin path."""
        return sorted({plugin.name for plugin in find_plugins() if plugin.kind == kind})

    def protocols(self, kind: str, name: str, protocol: str) -> tuple[str, ...]:
        """Return what the plugin registered for."""
        return load_plugin(find_plugin(name, protocol, kind)).supported_protocols

    def fields(self, kind: str, name: str, protocol: str) -> list[str]:
        """Return fields and parameters, the fields first."""
        manager_class = load_plugin(find_plugin(name, protocol, kind)).manager_class
        return [*config_fields(config_class_of(manager_class)), *manager_class.parameters_class.model_fields]

    def check(self, kind: str, name: str, protocol: str, values: Mapping[str, Any]) -> None:
        """Build the configuration and resolve the parameters of both roles."""
        manager_class = load_plugin(find_plugin(name, protocol, kind)).manager_class
        split_settings(manager_class, values)


def split_settings(
    manager_class: type[BaseServiceManager], values: Mapping[str, Any]
) -> tuple[ImplementationConfig, dict[str, Any]]:
    """Return the plugin's configuration, and the parameters of the protocol that it has no field for.

    Args:
        manager_class: the plugin's service manager.
        values: what an experiment file says under ``implementation:``.

    Raises:
        PantherError: a value does not fit.
    """
    config_class = config_class_of(manager_class)
    known = config_fields(config_class)
    parameters = {
        name: value
        for name, value in values.items()
        if name not in known and name in manager_class.parameters_class.model_fields
    }
    config = build_config(
        config_class, {name: value for name, value in values.items() if name not in parameters}
    )
    try:
        manager_class.parameters_class.model_validate(parameters)
    except ValidationError as error:
        details = error.errors(include_url=False)[0]
        message = f"'{details['loc'][0]}': {details['msg'].lower()}, got {details['input']!r}"
        raise ConfigFieldError(message, path=details["loc"]) from None
    return config, parameters

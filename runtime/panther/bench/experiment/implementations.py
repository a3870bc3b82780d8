"""The plugin of a service: whether there is one, what it speaks, and what the file says about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from panther.bench.certificates import CertificateWishError, request_from_config
from panther.bench.experiment.catalogue import KnownPlugin, PluginCatalogue
from panther.bench.experiment.models import Implementation, Protocol, Service
from panther.bench.experiment.problems import Finding, YamlPath, closest, did_you_mean
from panther.bench.experiment.settings import BENCH_PARAMETERS
from panther.bench.experiment.views import ServiceView
from panther.config.core.models import ImplementationConfig
from panther.errors import MachineError, PantherError
from panther.plugins.sources import source_file

__all__ = ["ImplementationCheck"]

_KINDS = ("iut", "testers")
_LAST_PORT = 65535
_PLUGIN_NAME = re.compile(r"[a-z][a-z0-9_]*")


class ImplementationCheck:
    """Checks services against the plugins that there are.

    Args:
        catalogue: the plugins. Each is asked for once, and what is wrong with it is said once.
        scalars: what the document's numbers and truth values were written as.
    """

    def __init__(self, catalogue: PluginCatalogue, scalars: Mapping[YamlPath, str]) -> None:
        self._scalars = scalars
        self._names = cache(catalogue.names)
        self._load = catalogue.plugin
        self._plugins: dict[tuple[str, str, str], KnownPlugin | None] = {}

    def check(self, service: ServiceView) -> Iterator[Finding]:
        """Yield what is wrong with what stands under a service's ``implementation:``."""
        here = (*service.path, "implementation")
        kind, name, protocol = service.kind, service.plugin, service.protocol
        if kind not in _KINDS:
            return
        if service.test and kind != "testers":
            cure = "remove it, or write 'type: \"testers\"'"
            yield Finding((*here, "test"), "only a tester carries out a 'test'", cure, of_key=True)
        if name is None:
            return
        if name not in self._names(kind):
            yield Finding((*here, "name"), f"there is no plugin '{name}'", self._cure(kind, name, protocol))
        elif protocol is not None:
            yield from self._check_plugin(service, (kind, name, protocol), here)

    def _check_plugin(
        self, service: ServiceView, key: tuple[str, str, str], here: YamlPath
    ) -> Iterator[Finding]:
        _, name, protocol = key
        if key not in self._plugins:
            try:
                self._plugins[key] = loaded = self._load(*key)
                loaded.settings.split({})  # refuses a configuration class that cannot be used
            except PantherError as error:
                self._plugins[key] = None
                yield _explained(error, (*here, "name"))
        plugin = self._plugins[key]
        if plugin is None:
            return
        if protocol in plugin.protocols:
            yield from self._check_settings(service, plugin, here)
        else:
            message = f"the plugin '{name}' does not speak '{protocol}'"
            meant = closest(protocol, plugin.protocols)
            cure = f"did you mean '{meant}'?" if meant else f"it speaks: {', '.join(plugin.protocols)}"
            yield Finding((*service.path, "protocol", "name"), message, cure)

    def _check_settings(self, service: ServiceView, plugin: KnownPlugin, path: YamlPath) -> Iterator[Finding]:
        names = plugin.settings.names()
        for setting in service.settings:
            if setting not in names:
                yield _unknown_setting(service, (*path, setting), names)
        known = {name: value for name, value in service.settings.items() if name in names}
        faults = list(plugin.settings.faults(known))
        for where, error in faults:
            yield _explained(error, (*path, *where))
        if not faults:
            config, _ = plugin.settings.split(known)
            if "default_port" in known and not 0 <= config.default_port <= _LAST_PORT:
                message = f"the port {config.default_port} is out of range"
                cure = f"use a port from 1 to {_LAST_PORT}, or 0 for the protocol's own"
                yield Finding((*path, "default_port"), message, cure)
            yield from _check_certificate(service, config, path)
            for name in known:
                yield from self._check_wording(getattr(config, name, None), (*path, name))

    def _check_wording(self, value: Any, path: YamlPath) -> Iterator[Finding]:
        """Find numbers in maps of text that YAML reads as another text than was written: ``1.10``."""
        if isinstance(value, Mapping):
            for key, item in value.items():
                yield from self._check_wording(item, (*path, key))
        written = self._scalars.get(path)
        if isinstance(value, str) and written is not None and written.lower() != value:
            message = f"text is needed here, and YAML reads {written} as '{value}'"
            yield Finding(path, message, f'put it into quotation marks: "{written}"')

    def _cure(self, kind: str, name: str, protocol: str | None) -> str:
        other = _KINDS[1 - _KINDS.index(kind)]
        if name in self._names(other):
            return f"write 'type: \"{other}\"': it is one of those"
        suggestions = [did_you_mean(name, self._names(kind))]
        if kind == "iut":
            new = name if _PLUGIN_NAME.fullmatch(name) else "NAME"
            of = protocol if protocol and _PLUGIN_NAME.fullmatch(protocol) else "PROTOCOL"
            suggestions.append(f"'panther-gen new-iut {of} {new}' makes one")
        else:
            suggestions.append("a tester is a plugin below panther/plugins/services/testers/")
        suggestions.append("--plugin-path or PANTHER_PLUGIN_PATH names further directories")
        return "; ".join(filter(None, suggestions))


def _check_certificate(
    service: ServiceView, config: ImplementationConfig, path: YamlPath
) -> Iterator[Finding]:
    """Find a wish for a certificate that cannot be granted, in the file or in the plugin's own defaults."""
    try:
        request_from_config(config.certificate_config, service.name)
    except CertificateWishError as error:
        if error.key in (service.settings.get("certificate_config") or {}):
            place = (*path, "certificate_config", error.key)
            yield Finding(place, error.message, error.cure, of_key=error.of_key)
        else:
            source = source_file(type(config))
            yield Finding((*path, "name"), f"{error.message} ({source})", error.cure)


def _unknown_setting(service: ServiceView, path: YamlPath, names: list[str]) -> Finding:
    setting = str(path[-1])
    message = f"the plugin '{service.plugin}' has no field '{setting}'"
    if setting in Protocol.model_fields:
        return Finding(path, message, "write it under 'protocol:'", of_key=True)
    if setting in Service.model_fields:
        return Finding(path, message, "write it beside 'implementation:'", of_key=True)
    if setting in BENCH_PARAMETERS:
        message = f"'{setting}' cannot be set: the bench chooses it for each run"
        return Finding(path, message, "remove it", of_key=True)
    close = closest(setting, [*names, *Implementation.model_fields])
    cure = f"did you mean '{close}'?" if close else f"its fields are: {', '.join(names)}"
    return Finding(path, message, cure, of_key=True)


def _explained(error: PantherError, path: YamlPath) -> Finding:
    message = f"{error.message} ({error.where})" if error.where else error.message
    return Finding(path, message, error.cure, of_machine=isinstance(error, MachineError))

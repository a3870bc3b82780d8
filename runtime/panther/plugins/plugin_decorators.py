"""``@register_plugin``: a service manager's class says what it is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import TypeVar

from panther.errors import RegistrationError
from panther.plugins.registry import REGISTRY, PluginInfo
from panther.plugins.roots import PLUGIN_KINDS
from panther.plugins.services.base.service_manager_base import BaseServiceManager

__all__ = ["register_plugin"]

ManagerT = TypeVar("ManagerT", bound=BaseServiceManager)


def register_plugin(
    plugin_type: str,
    name: str,
    version: str,
    description: str = "",
    supported_protocols: Sequence[str] = (),
    capabilities: Sequence[str] = (),
) -> Callable[[type[ManagerT]], type[ManagerT]]:
    """Register the service manager's class below as a plugin.

    Args:
        plugin_type: ``iut``, or ``testers`` for a plugin that judges others.
        name: the plugin's name, the same as its directory's.
        version: the plugin's own version.
        description: one line on the implementation.
        supported_protocols: the protocols that it may be asked to speak; at least one.
        capabilities: features that the implementation has.

    Raises:
        RegistrationError: a value cannot be used, or another file has registered the name.
    """
    caller = sys._getframe(1)
    place = (caller.f_code.co_filename, caller.f_lineno)
    where = f"{place[0]}:{place[1]}"
    _check(where, plugin_type, name, version)
    protocols = _names(where, "supported_protocols", supported_protocols)
    if not protocols:
        raise RegistrationError(
            f"the plugin '{name}' supports no protocol: supported_protocols is empty",
            cure='name at least one, such as supported_protocols=["quic"]',
            where=where,
        )
    features = _names(where, "capabilities", capabilities)

    def register(cls: type[ManagerT]) -> type[ManagerT]:
        _check_class(where, name, cls, protocols)
        info = PluginInfo(plugin_type, name, version, description, protocols, features, cls, *place)
        REGISTRY.add(info)
        cls.plugin_info = info
        return cls

    return register


def _check(where: str, plugin_type: str, name: str, version: str) -> None:
    if plugin_type not in PLUGIN_KINDS:
        close = get_close_matches(str(plugin_type), PLUGIN_KINDS, n=1)
        known = " or ".join(f"'{kind}'" for kind in PLUGIN_KINDS)
        cure = f"did you mean '{close[0]}'?" if close else f"use {known}"
        raise RegistrationError(f"unknown plugin_type {plugin_type!r}", cure=cure, where=where)
    for field, value in (("name", name), ("version", version)):
        if not isinstance(value, str) or not value.strip():
            raise RegistrationError(
                f"the plugin's {field} is {value!r}", cure=f'write text: {field}="…"', where=where
            )


def _names(where: str, field: str, names: Sequence[str]) -> tuple[str, ...]:
    is_list = isinstance(names, Iterable) and not isinstance(names, str)
    if not is_list or not all(isinstance(name, str) and name.strip() for name in names):
        raise RegistrationError(
            f"{field} is {names!r}", cure=f"make it a list of names: {field}=[…]", where=where
        )
    return tuple(names)


def _check_class(where: str, name: str, cls: type, protocols: tuple[str, ...]) -> None:
    if not (isinstance(cls, type) and issubclass(cls, BaseServiceManager)):
        raise RegistrationError(
            f"the plugin '{name}' is no service manager: {cls!r}",
            cure="derive its class from one of panther.plugins.services.base",
            where=where,
        )
    if cls.protocol_name and cls.protocol_name not in protocols:
        raise RegistrationError(
            f"'{cls.__name__}' derives from the base class for '{cls.protocol_name}' "
            f"and registers for {', '.join(protocols)}",
            cure=f"add '{cls.protocol_name}' to supported_protocols, or choose another base class",
            where=where,
        )

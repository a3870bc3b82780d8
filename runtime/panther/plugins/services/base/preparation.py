"""Preparation announces itself: events are emitted around ``_do_prepare``, whoever defines or calls it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from panther.core.events import ServiceErrorEvent, ServicePreparationEvent

if TYPE_CHECKING:
    from panther.plugins.services.base.service_manager_base import BaseServiceManager

__all__ = ["announced"]

_ANNOUNCED = "__panther_announced__"
_PREPARING = "_preparing"


def announced(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function``, a ``_do_prepare``, with an event before it, after it, and on failure.

    A ``super()`` chain announces itself once: only the outermost call emits.
    """
    if getattr(function, _ANNOUNCED, False):
        return function

    @functools.wraps(function)
    def prepare(self: BaseServiceManager, *args: Any, **kwargs: Any) -> Any:
        if getattr(self, _PREPARING, False):
            return function(self, *args, **kwargs)
        setattr(self, _PREPARING, True)
        try:
            return _announce(function, self, *args, **kwargs)
        finally:
            setattr(self, _PREPARING, False)

    setattr(prepare, _ANNOUNCED, True)
    return prepare


def _announce(function: Callable[..., Any], manager: BaseServiceManager, *args: Any, **kwargs: Any) -> Any:
    name = manager.service_name
    manager.emit_event(ServicePreparationEvent(service_name=name, preparation_type="started"))
    try:
        result = function(manager, *args, **kwargs)
    except Exception as error:
        manager.emit_event(ServiceErrorEvent(service_name=name, error=f"preparation failed: {error}"))
        raise
    manager.emit_event(ServicePreparationEvent(service_name=name, preparation_type="finished"))
    return result

"""Preparation announces itself: events are emitted around ``_do_prepare``, whoever defines or calls it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Protocol, cast

from panther.core.events import Event, ServiceErrorEvent, ServicePreparationEvent
from panther.errors import ContractError

__all__ = ["announced"]

_ANNOUNCED = "__panther_announced__"
_PREPARING = "_preparing"


class Emitter(Protocol):
    """Who prepares: a service manager."""

    service_name: str

    def emit_event(self, event: Event) -> None:
        """Publish an event."""


def announced(function: Any) -> Callable[..., Any]:
    """Return ``function``, a ``_do_prepare``, with an event before it, after it, and on failure.

    A ``super()`` chain announces itself once: only the outermost call emits.

    Raises:
        ContractError: it is no plain method; of a coroutine function nothing would be run.
    """
    if getattr(function, _ANNOUNCED, False):
        return cast("Callable[..., Any]", function)
    if not callable(function) or isinstance(function, staticmethod):
        raise ContractError(
            f"'_do_prepare' is no method of an instance: {function!r}",
            cure="write def _do_prepare(self, plugin_manager=None)",
        )
    if inspect.iscoroutinefunction(function):
        raise ContractError(
            f"'{function.__qualname__}' is a coroutine function, which nothing would await",
            cure="write def instead of async def, and asyncio.run(…) in it where it needs a loop",
            where=f"{function.__code__.co_filename}:{function.__code__.co_firstlineno}",
        )

    @functools.wraps(function)
    def prepare(self: Emitter, *args: Any, **kwargs: Any) -> Any:
        if getattr(self, _PREPARING, False):
            return function(self, *args, **kwargs)
        setattr(self, _PREPARING, True)
        try:
            return _announce(function, self, *args, **kwargs)
        finally:
            setattr(self, _PREPARING, False)

    setattr(prepare, _ANNOUNCED, True)
    return prepare


def _announce(function: Callable[..., Any], manager: Emitter, *args: Any, **kwargs: Any) -> Any:
    name = manager.service_name
    manager.emit_event(ServicePreparationEvent(service_name=name, preparation_type="started"))
    try:
        result = function(manager, *args, **kwargs)
    except Exception as error:
        manager.emit_event(ServiceErrorEvent(service_name=name, error=f"preparation failed: {error}"))
        raise
    manager.emit_event(ServicePreparationEvent(service_name=name, preparation_type="finished"))
    return result

"""The failures of event handlers, each handler reported once.

A handler that fails on every event would drown the log, so its first failure is logged with the
traceback and the others are only counted.
"""

from __future__ import annotations

import logging
import threading
import traceback
from dataclasses import dataclass, replace
from types import BuiltinMethodType, MethodType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from panther.core.events.base import Event

__all__ = ["FailureLog", "HandlerFailure"]

_logger = logging.getLogger("panther.core.events")


@dataclass(frozen=True, kw_only=True)
class HandlerFailure:
    """
    A handler that raised an exception, described by the first one that it raised.
    """

    handler: str
    """The handler's module and qualified name."""

    event: Event
    """The event that the handler failed on first."""

    error: str
    """The first exception, its type and its text."""

    traceback: str
    """The traceback of the first exception, as Python prints it."""

    count: int
    """How many times the handler has failed so far."""


class FailureLog:
    """Collects the failures of handlers; safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[tuple[Callable[[Any], object], HandlerFailure]] = []

    def add(self, handler: Callable[[Any], object], event: Event, error: BaseException) -> None:
        """Record a failure, and log it if it is the handler's first.

        Args:
            handler: the handler that raised.
            event: the event that it was called with.
            error: what it raised.
        """
        with self._lock:
            for index, (known, failure) in enumerate(self._entries):
                if _same_handler(known, handler):
                    self._entries[index] = (known, replace(failure, count=failure.count + 1))
                    return
            failure = _describe(handler, event, error)
            self._entries.append((handler, failure))
        # Outside the lock: a logging handler is free to publish events of its own.
        _logger.error(
            "Event handler %s failed on %s: %s. The handler stays subscribed; further failures of it are "
            "counted, not logged.",
            failure.handler,
            type(event).__name__,
            failure.error,
            exc_info=error,
        )

    def snapshot(self) -> tuple[HandlerFailure, ...]:
        """The failures so far, one entry per handler, in the order of their first failure."""
        with self._lock:
            return tuple(failure for _, failure in self._entries)


def _same_handler(one: Callable[[Any], object], other: Callable[[Any], object]) -> bool:
    # Each look-up of a bound method makes a new object; their `==` compares the instance by identity.
    # Other callables are compared by identity alone: an `__eq__` of the user's could fail or mislead.
    if isinstance(one, MethodType | BuiltinMethodType):
        return type(one) is type(other) and one == other
    return one is other


def _describe(handler: Callable[[Any], object], event: Event, error: BaseException) -> HandlerFailure:
    # `format_exception*` survive an exception whose own `__str__` raises.
    return HandlerFailure(
        handler=_handler_name(handler),
        event=event,
        error="".join(traceback.format_exception_only(error)).strip(),
        traceback="".join(traceback.format_exception(error)),
        count=1,
    )


def _handler_name(handler: Callable[[Any], object]) -> str:
    named = handler if hasattr(handler, "__qualname__") else type(handler)
    module = getattr(named, "__module__", None)  # None for methods of built-in objects
    return f"{module}.{named.__qualname__}" if module else named.__qualname__

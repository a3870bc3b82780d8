"""The event bus: delivers each published event to the handlers of its class.

Publishing is synchronous and takes no lock while handlers run, so that a handler can neither
deadlock with another thread nor leave an asyncio task suspended half-way. What holds:

* **Who receives.** A subscription to a class receives the events of that class and of its subclasses.
  Handlers are called in the order in which they subscribed. Who subscribes twice is called twice.
* **Order.** The events that one thread publishes reach every handler in the order of their publishing.
  Events of different threads have no order between them.
* **Publishing from within a handler** appends the event: the outermost call of
  :meth:`EventBus.publish` in that thread delivers it after the current event has reached all its handlers.
  Otherwise a later handler would see the consequence before its cause.
* **Threads.** A handler runs in the thread that publishes. A handler of a bus that several threads
  publish to must itself be safe from several threads.
* **Subscribing and unsubscribing** are possible at any time, from any thread and from within a handler.
  The event that is being delivered still goes to those who were subscribed when its delivery began.
* **Failures.** A handler that raises stops nothing and stays subscribed; see :attr:`EventBus.failures`.
  KeyboardInterrupt and SystemExit are requests, not failures: they end the publishing, and with it the
  delivery of the events that handlers have appended.
"""

from __future__ import annotations

import inspect
import sys
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from panther.core.events.base import Event
from panther.core.events.failures import FailureLog, HandlerFailure

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MAX_CASCADE", "EventBus"]

EventT = TypeVar("EventT", bound=Event)

#: The number of events that one outermost publish delivers, those included that handlers add to it. Only
#: handlers that answer each other without end come near; without a bound they would hang the run.
MAX_CASCADE = 10_000


class _Subscription:
    """One call of :meth:`EventBus.subscribe`; compared by identity."""

    __slots__ = ("event_class", "handler")

    def __init__(self, event_class: type[Event], handler: Callable[[Any], object]) -> None:
        self.event_class = event_class
        self.handler = handler


class _Delivery(threading.local):
    """The events that this thread is delivering; empty when it delivers none."""

    def __init__(self) -> None:
        self.cascade: list[Event] = []


class EventBus:
    """Delivers events to subscribed handlers; see the module for what holds about order and threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscriptions: tuple[_Subscription, ...] = ()
        # Handlers per concrete event class, filled on demand, replaced whenever a subscription changes.
        self._routes: dict[type[Event], tuple[Callable[[Any], object], ...]] = {}
        self._delivery = _Delivery()
        self._failures = FailureLog()

    @property
    def failures(self) -> tuple[HandlerFailure, ...]:
        """The handlers that have failed so far, one entry each, in the order of their first failure."""
        return self._failures.snapshot()

    def subscribe(self, event_class: type[EventT], handler: Callable[[EventT], object]) -> Callable[[], None]:
        """Have a handler called with each event of a class and of its subclasses.

        Args:
            event_class: :class:`Event` or a class below it.
            handler: called with the event; what it returns is ignored. It must not be a coroutine
                function: publishing is synchronous, nothing would await it. In asyncio, let a plain
                function start a task or fill a queue.

        Returns:
            A function that ends this subscription. Calling it again does nothing.

        Raises:
            TypeError: `event_class` is no event class; `handler` cannot be called or is a coroutine function.
        """
        _check_event_class(event_class)
        _check_handler(handler)
        subscription = _Subscription(event_class, handler)
        with self._lock:
            self._subscriptions = (*self._subscriptions, subscription)
            self._routes = {}

        def unsubscribe() -> None:
            with self._lock:
                self._subscriptions = tuple(kept for kept in self._subscriptions if kept is not subscription)
                self._routes = {}

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Deliver an event to all its handlers.

        It returns when they have all been called. Called from within a handler, it returns at once, and
        the event is delivered after the current one.

        Args:
            event: the event.

        Raises:
            TypeError: `event` is no :class:`Event`.
            RuntimeError: handlers have published :data:`MAX_CASCADE` events in answer to a single one.
        """
        cascade = self._delivery.cascade
        if cascade:
            _append(cascade, event)
            return
        cascade.append(event)
        try:
            # The list grows while it is walked: handlers append to it by publishing.
            for current in cascade:
                handlers = self._routes.get(current.__class__)
                if handlers is None:
                    handlers = self._route(current)
                for handler in handlers:
                    try:
                        handler(current)
                    except BaseException as error:
                        if not _is_failure(error):
                            raise
                        self._failures.add(handler, current, error)
        finally:
            cascade.clear()

    def _route(self, event: Event) -> tuple[Callable[[Any], object], ...]:
        event_class = type(event)
        _check_event(event)
        with self._lock:
            handlers = tuple(
                subscription.handler
                for subscription in self._subscriptions
                if issubclass(event_class, subscription.event_class)
            )
            self._routes[event_class] = handlers
            return handlers


def _append(cascade: list[Event], event: Event) -> None:
    _check_event(event)
    if len(cascade) >= MAX_CASCADE:
        raise RuntimeError(
            f"publishing {type(event).__name__!r} was refused: handlers have published {MAX_CASCADE} events "
            f"in answer to one {type(cascade[0]).__name__!r}; a handler must not publish an event that leads "
            "back to it"
        )
    cascade.append(event)


def _is_failure(error: BaseException) -> bool:
    """Tell a handler's failure from a request to stop, such as KeyboardInterrupt."""
    if isinstance(error, Exception):
        return True
    # A cancelled future, asked for its result, raises CancelledError. It must not pass for the cancellation
    # of the task that publishes: a task is cancelled where it awaits, never inside a plain call.
    # Where nobody has imported asyncio, nobody raises it.
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and isinstance(error, asyncio.CancelledError)


def _check_event(event: object) -> None:
    if not isinstance(event, Event):
        raise TypeError(
            f"only events can be published, not {event!r}; derive its class from panther.core.events.Event"
        )


def _check_event_class(event_class: object) -> None:
    if not (isinstance(event_class, type) and issubclass(event_class, Event)):
        raise TypeError(
            f"can only subscribe to a subclass of panther.core.events.Event, not to {event_class!r}"
        )


def _check_handler(handler: object) -> None:
    if not callable(handler):
        raise TypeError(f"an event handler must be callable, not {handler!r}")
    if any(
        inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
        for function in (handler, type(handler).__call__)
    ):
        raise TypeError(
            f"the event handler {handler!r} is a coroutine function, which publish() would never await; "
            "use a plain function that starts a task or fills a queue"
        )

"""The event bus against pyee: deliveries a second to one handler."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from harness import Comparison, Side, UnavailableError, at_least, benchmark

from panther.core.events import EventBus, ServiceReadyEvent

DELIVERIES = 100_000


def handler(event: object) -> None:
    pass


def rate(deliver: Callable[[], None]) -> float:
    begin = time.perf_counter()
    deliver()
    return DELIVERIES / (time.perf_counter() - begin)


@benchmark("event bus, deliveries to one handler", target=at_least(2.0), unit="/s", rounds=15)
def deliveries_to_one_handler(_workplace: Path) -> Comparison:
    try:
        from pyee import EventEmitter
    except ImportError as error:
        raise UnavailableError("pyee is not installed") from error

    event = ServiceReadyEvent(service_name="server")
    bus = EventBus()
    bus.subscribe(ServiceReadyEvent, handler)
    emitter = EventEmitter()
    emitter.on("ready", handler)

    def ours() -> None:
        publish = bus.publish
        for _ in range(DELIVERIES):
            publish(event)

    def theirs() -> None:
        emit = emitter.emit
        for _ in range(DELIVERIES):
            emit("ready", event)

    return Comparison(ours=Side("EventBus", lambda: rate(ours)), reference=Side("pyee", lambda: rate(theirs)))

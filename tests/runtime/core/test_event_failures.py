"""Handlers that fail: nobody else is touched, and each is reported once."""

from __future__ import annotations

import asyncio
import functools
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panther.core.events import Event, EventBus, ServiceErrorEvent, ServiceReadyEvent


def explode(event):
    raise ValueError("no space left")


class Sink:
    def __init__(self):
        self.calls = 0

    def __eq__(self, other):
        raise AssertionError("a handler's own comparison must not be asked")

    __hash__ = None

    def receive(self, event):
        self.calls += 1
        raise OSError(f"call {self.calls}")

    def __call__(self, event):
        raise LookupError("called")


class UnprintableError(Exception):
    def __str__(self):
        raise RuntimeError("no text either")


@pytest.mark.parametrize("failing_position", range(3))
def test_a_failing_handler_stops_neither_the_others_nor_the_publisher(failing_position):
    bus, received = EventBus(), []
    for position in range(3):
        bus.subscribe(Event, explode if position == failing_position else received.append)
    bus.publish(Event())
    bus.publish(Event())
    assert len(received) == 4


def test_a_failing_handler_is_logged_once_with_its_traceback(caplog):
    bus = EventBus()
    bus.subscribe(Event, explode)
    for _ in range(3):
        bus.publish(ServiceReadyEvent())
    (record,) = caplog.records
    assert record.name == "panther.core.events"
    assert record.levelno == logging.ERROR
    assert "explode failed on ServiceReadyEvent: ValueError: no space left" in record.getMessage()
    assert "in explode" in caplog.text


def test_failures_are_listed_with_the_first_event_and_a_count():
    bus = EventBus()
    bus.subscribe(Event, explode)
    first = ServiceErrorEvent(error="x")
    bus.publish(first)
    bus.publish(Event())
    (failure,) = bus.failures
    assert failure.handler.endswith("test_event_failures.explode")
    assert failure.event is first
    assert failure.error == "ValueError: no space left"
    assert failure.traceback.startswith("Traceback (most recent call last):")
    assert failure.count == 2


def test_the_listing_is_a_snapshot():
    bus = EventBus()
    bus.subscribe(Event, explode)
    bus.publish(Event())
    before = bus.failures
    bus.publish(Event())
    assert before[0].count == 1
    assert bus.failures[0].count == 2


def test_a_handler_that_recovers_goes_on_receiving():
    bus, received = EventBus(), []

    def fails_first(event):
        received.append(event)
        if len(received) == 1:
            raise ValueError

    bus.subscribe(Event, fails_first)
    bus.publish(Event())
    bus.publish(Event())
    assert len(received) == 2
    assert bus.failures[0].count == 1


def test_each_failing_handler_has_its_own_report(caplog):
    bus, one, other = EventBus(), Sink(), Sink()
    for handler in (one.receive, other.receive, one, explode, functools.partial(explode)):
        bus.subscribe(Event, handler)
    bus.publish(Event())
    bus.publish(Event())
    assert [failure.count for failure in bus.failures] == [2] * 5
    assert len(caplog.records) == 5


@pytest.mark.parametrize("make", [lambda sink: sink.receive, lambda sink: sink], ids=["method", "object"])
def test_a_handler_of_several_subscriptions_is_reported_once(make, caplog):
    bus, sink = EventBus(), Sink()
    bus.subscribe(Event, make(sink))
    bus.subscribe(ServiceReadyEvent, make(sink))
    bus.publish(ServiceReadyEvent())
    (failure,) = bus.failures
    assert failure.count == 2
    assert len(caplog.records) == 1


def test_a_failing_method_of_a_built_in_object_is_named_and_reported_once():
    bus, handlers = EventBus(), {}
    bus.subscribe(Event, handlers.pop)
    bus.subscribe(Event, handlers.pop)
    bus.publish(Event())
    (failure,) = bus.failures
    assert failure.handler == "dict.pop"
    assert failure.error.startswith("KeyError:")


def test_an_exception_without_text_is_reported_all_the_same():
    bus, received = EventBus(), []

    def fail(event):
        raise UnprintableError

    bus.subscribe(Event, fail)
    bus.subscribe(Event, received.append)
    bus.publish(Event())
    assert len(received) == 1
    assert "UnprintableError" in bus.failures[0].error


def test_a_handler_without_a_name_is_reported_by_its_type():
    bus = EventBus()
    bus.subscribe(Event, Sink())
    bus.publish(Event())
    assert bus.failures[0].handler.endswith("Sink")


def test_a_cancelled_future_in_a_handler_does_not_cancel_the_publishing_task():
    async def main():
        bus, received = EventBus(), []
        future = asyncio.get_running_loop().create_future()
        future.cancel()
        bus.subscribe(Event, lambda event: future.result())
        bus.subscribe(Event, received.append)
        bus.publish(Event())
        return bus, received

    bus, received = asyncio.run(main())
    assert len(received) == 1
    assert "CancelledError" in bus.failures[0].error


def test_a_log_handler_may_publish_the_report_of_a_failure():
    bus, received = EventBus(), []

    class Publisher(logging.Handler):
        def emit(self, record):
            bus.publish(ServiceErrorEvent(error=record.getMessage()))

    publisher = Publisher()
    logger = logging.getLogger("panther.core.events")
    logger.addHandler(publisher)
    try:
        bus.subscribe(Event, explode)
        bus.subscribe(ServiceErrorEvent, received.append)
        bus.publish(ServiceReadyEvent())
    finally:
        logger.removeHandler(publisher)
    assert ["no space left" in event.error for event in received] == [True]
    assert bus.failures[0].count == 2


@given(st.lists(st.booleans(), max_size=12), st.integers(1, 5))
def test_any_mixture_of_handlers_delivers_to_the_sound_ones(sound, events):
    logging.getLogger("panther.core.events").disabled = True
    try:
        bus, received = EventBus(), []
        for position, is_sound in enumerate(sound):

            def handler(event, position=position, is_sound=is_sound):
                if not is_sound:
                    raise ValueError(position)
                received.append(position)

            bus.subscribe(Event, handler)
        for _ in range(events):
            bus.publish(Event())
    finally:
        logging.getLogger("panther.core.events").disabled = False
    assert received == [position for position, is_sound in enumerate(sound) if is_sound] * events
    assert [failure.count for failure in bus.failures] == [events] * sound.count(False)

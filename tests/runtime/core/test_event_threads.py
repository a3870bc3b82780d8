"""The event bus under several threads."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from panther.core.events import Event, EventBus

THREADS = 4
EVENTS = 2_000


@dataclass(frozen=True, kw_only=True)
class Numbered(Event):
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class Consequence(Numbered):
    pass


@pytest.fixture(autouse=True)
def _switch_threads_often():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def in_threads(work):
    """Run `work(name)` in several threads that begin together; re-raise what one of them raised."""
    barrier = threading.Barrier(THREADS)

    def begin(name):
        barrier.wait(timeout=30)
        work(name)

    with ThreadPoolExecutor(THREADS) as pool:
        for future in [pool.submit(begin, f"thread {index}") for index in range(THREADS)]:
            future.result(timeout=240)


def numbers_of(events, name):
    return [event.number for event in events if event.service_name == name]


def test_every_handler_sees_all_events_of_a_thread_in_order():
    bus, one, other = EventBus(), [], []
    bus.subscribe(Event, one.append)
    bus.subscribe(Numbered, other.append)

    def work(name):
        for number in range(EVENTS):
            bus.publish(Numbered(service_name=name, number=number))

    in_threads(work)
    for received in (one, other):
        assert len(received) == THREADS * EVENTS
        for index in range(THREADS):
            assert numbers_of(received, f"thread {index}") == list(range(EVENTS))


def test_consequences_are_delivered_in_the_thread_of_their_cause():
    bus, received = EventBus(), []

    def answer(event):
        if type(event) is Numbered:
            bus.publish(Consequence(service_name=event.service_name, number=event.number))

    bus.subscribe(Numbered, answer)
    bus.subscribe(Numbered, lambda event: received.append((threading.get_ident(), event)))

    idents = {}

    def work(name):
        idents[name] = threading.get_ident()
        for number in range(EVENTS // 4):
            bus.publish(Numbered(service_name=name, number=number))

    in_threads(work)
    for name, ident in idents.items():
        mine = [event for _, event in received if event.service_name == name]
        assert {thread for thread, event in received if event.service_name == name} == {ident}
        expected = [(kind, number) for number in range(EVENTS // 4) for kind in (Numbered, Consequence)]
        assert [(type(event), event.number) for event in mine] == expected


def test_subscribing_and_unsubscribing_while_others_publish_loses_nothing():
    bus, steady = EventBus(), []
    bus.subscribe(Event, steady.append)

    def work(name):
        passing = []
        for number in range(EVENTS // 4):
            unsubscribe = bus.subscribe(Numbered, passing.append)
            bus.publish(Numbered(service_name=name, number=number))
            unsubscribe()
        assert numbers_of(passing, name) == list(range(EVENTS // 4))

    in_threads(work)
    assert len(steady) == THREADS * (EVENTS // 4)
    before = len(steady)
    bus.publish(Numbered())
    assert len(steady) == before + 1


def test_a_handler_may_wait_for_another_thread_that_publishes():
    bus, received = EventBus(), []

    def wait_for_other(event):
        if event.number == 0:
            other = threading.Thread(target=bus.publish, args=(Numbered(number=1),))
            other.start()
            other.join(timeout=30)
            assert not other.is_alive()

    bus.subscribe(Numbered, wait_for_other)
    bus.subscribe(Numbered, lambda event: received.append(event.number))
    bus.publish(Numbered(number=0))
    assert received == [1, 0]
    assert bus.failures == ()


def test_a_handler_that_fails_in_several_threads_is_reported_once(caplog):
    bus = EventBus()

    def fail(event):
        raise ValueError(event.number)

    bus.subscribe(Event, fail)

    def work(name):
        for number in range(100):
            bus.publish(Numbered(number=number))

    in_threads(work)
    (failure,) = bus.failures
    assert failure.count == THREADS * 100
    assert len(caplog.records) == 1

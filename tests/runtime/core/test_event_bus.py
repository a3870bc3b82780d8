"""The event bus: who receives what, in which order, while it changes."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panther.core.events import (
    Event,
    EventBus,
    ServiceErrorEvent,
    ServiceEvent,
    ServicePreparationEvent,
    ServiceReadyEvent,
    TestStartedEvent,
)
from panther.core.events.bus import MAX_CASCADE


@dataclass(frozen=True, kw_only=True)
class Numbered(Event):
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class Special(Numbered):
    pass


@dataclass(frozen=True, kw_only=True)
class Consequence(Event):
    number: int = 0


def test_a_handler_receives_the_very_event():
    bus, received = EventBus(), []
    bus.subscribe(ServiceReadyEvent, received.append)
    event = ServiceReadyEvent(service_name="server")
    bus.publish(event)
    assert len(received) == 1
    assert received[0] is event


def test_publishing_without_subscribers_does_nothing():
    bus = EventBus()
    bus.publish(Numbered())
    assert bus.failures == ()


@pytest.mark.parametrize(
    ("subscribed", "received"),
    [
        (Event, ["TestStartedEvent", "ServiceReadyEvent", "ServicePreparationEvent"]),
        (ServiceEvent, ["ServiceReadyEvent", "ServicePreparationEvent"]),
        (ServiceReadyEvent, ["ServiceReadyEvent"]),
        (ServiceErrorEvent, []),
    ],
)
def test_a_subscription_covers_a_class_and_its_subclasses(subscribed, received):
    bus, names = EventBus(), []
    bus.subscribe(subscribed, lambda event: names.append(type(event).__name__))
    bus.publish(TestStartedEvent(test_name="t"))
    bus.publish(ServiceReadyEvent())
    bus.publish(ServicePreparationEvent())
    assert names == received


def test_a_subscription_covers_a_subclass_that_is_defined_later():
    bus, received = EventBus(), []
    bus.subscribe(Numbered, received.append)
    bus.publish(Numbered())

    class Later(Numbered):
        pass

    bus.publish(Later())
    assert [type(event) for event in received] == [Numbered, Later]


def test_handlers_are_called_in_the_order_of_subscribing_whatever_their_class():
    bus, calls = EventBus(), []
    for name, event_class in [("a", Special), ("b", Event), ("c", Numbered), ("d", Special)]:
        bus.subscribe(event_class, lambda _event, name=name: calls.append(name))
    bus.publish(Special())
    assert calls == ["a", "b", "c", "d"]


def test_who_subscribes_twice_is_called_twice_and_each_subscription_ends_alone():
    bus, received = EventBus(), []
    first = bus.subscribe(Event, received.append)
    bus.subscribe(Event, received.append)
    bus.publish(Numbered(number=1))
    first()
    bus.publish(Numbered(number=2))
    assert [event.number for event in received] == [1, 1, 2]


def test_unsubscribing_ends_the_delivery_and_may_be_repeated():
    bus, received = EventBus(), []
    unsubscribe = bus.subscribe(Event, received.append)
    bus.publish(Numbered(number=1))
    unsubscribe()
    unsubscribe()
    bus.publish(Numbered(number=2))
    assert [event.number for event in received] == [1]


def test_a_handler_that_unsubscribes_itself_is_called_once():
    bus, received = EventBus(), []

    def once(event):
        received.append(event.number)
        unsubscribe()

    unsubscribe = bus.subscribe(Numbered, once)
    after = []
    bus.subscribe(Numbered, lambda event: after.append(event.number))
    bus.publish(Numbered(number=1))
    bus.publish(Numbered(number=2))
    assert received == [1]
    assert after == [1, 2]


def test_the_event_being_delivered_goes_to_those_who_were_subscribed_when_it_began():
    bus, late, dropped = EventBus(), [], []

    def rearrange(event):
        if event.number == 1:
            bus.subscribe(Numbered, lambda event: late.append(event.number))
            drop()

    bus.subscribe(Numbered, rearrange)
    drop = bus.subscribe(Numbered, lambda event: dropped.append(event.number))
    bus.publish(Numbered(number=1))
    bus.publish(Numbered(number=2))
    assert late == [2]
    assert dropped == [1]


def test_an_event_published_by_a_handler_comes_after_its_cause_for_everyone():
    bus, early, late = EventBus(), [], []
    bus.subscribe(Event, early.append)

    def answer(event):
        bus.publish(Consequence(number=event.number))
        bus.publish(Consequence(number=event.number + 1))

    bus.subscribe(Numbered, answer)
    bus.subscribe(Event, late.append)
    cause = Numbered(number=1, timestamp=0)
    bus.publish(cause)
    assert early == late
    assert [(type(event), event.number) for event in late] == [
        (Numbered, 1),
        (Consequence, 1),
        (Consequence, 2),
    ]


def test_publish_returns_when_consequences_are_delivered_too():
    bus, received = EventBus(), []
    bus.subscribe(Numbered, lambda event: event.number and bus.publish(Numbered(number=event.number - 1)))
    bus.subscribe(Numbered, lambda event: received.append(event.number))
    bus.publish(Numbered(number=100))
    assert received == list(range(100, -1, -1))


def test_handlers_that_answer_each_other_without_end_do_not_hang_the_run(caplog):
    bus, received = EventBus(), []
    bus.subscribe(Event, received.append)
    bus.subscribe(Numbered, lambda event: bus.publish(Consequence()))
    bus.subscribe(Consequence, lambda event: bus.publish(Numbered()))
    bus.publish(Numbered())
    assert len(received) == MAX_CASCADE
    assert "RuntimeError: publishing" in bus.failures[0].error
    assert len(caplog.records) == len(bus.failures)
    received.clear()
    bus.publish(ServiceReadyEvent())
    assert len(received) == 1, "the next publish starts afresh"


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit])
def test_an_interruption_passes_through_and_leaves_the_bus_usable(interruption):
    bus, received = EventBus(), []

    def interrupt(event):
        bus.publish(Consequence())
        raise interruption

    unsubscribe = bus.subscribe(Numbered, interrupt)
    bus.subscribe(Event, received.append)
    with pytest.raises(interruption):
        bus.publish(Numbered())
    assert bus.failures == ()
    assert received == []
    unsubscribe()
    bus.publish(Numbered(number=7))
    assert [event.number for event in received] == [7]


async def _coroutine_handler(event):
    pass


async def _async_generator_handler(event):
    yield


class _AsyncCallable:
    async def __call__(self, event):
        pass

    async def method(self, event):
        pass


@pytest.mark.parametrize(
    "handler",
    [
        _coroutine_handler,
        _async_generator_handler,
        functools.partial(_coroutine_handler),
        _AsyncCallable(),
        _AsyncCallable().method,
    ],
    ids=["function", "generator", "partial", "callable object", "method"],
)
def test_a_coroutine_handler_is_refused(handler):
    bus = EventBus()
    with pytest.raises(TypeError, match="is a coroutine function"):
        bus.subscribe(Event, handler)
    bus.publish(Numbered())


@pytest.mark.parametrize("handler", [None, "print", 3])
def test_a_handler_that_cannot_be_called_is_refused(handler):
    with pytest.raises(TypeError, match=f"must be callable, not {handler!r}"):
        EventBus().subscribe(Event, handler)


@pytest.mark.parametrize(
    "event_class", [None, "Event", int, Event()], ids=["None", "text", "int", "instance"]
)
def test_only_event_classes_can_be_subscribed_to(event_class):
    with pytest.raises(TypeError, match="can only subscribe to a subclass of"):
        EventBus().subscribe(event_class, print)


@pytest.mark.parametrize("thing", [None, "ready", Event], ids=["None", "text", "class"])
def test_only_events_can_be_published(thing):
    bus, received = EventBus(), []
    bus.subscribe(Event, received.append)
    with pytest.raises(TypeError, match="only events can be published"):
        bus.publish(thing)
    bus.publish(Numbered())
    assert len(received) == 1


def test_a_handler_that_publishes_no_event_is_a_failing_handler():
    bus, received = EventBus(), []
    bus.subscribe(Numbered, lambda event: bus.publish("done"))
    bus.subscribe(Event, received.append)
    bus.publish(Numbered())
    assert len(received) == 1
    assert bus.failures[0].error.startswith("TypeError: only events can be published")


def test_inside_asyncio_the_events_of_one_task_stay_in_order():
    bus, received = EventBus(), []
    bus.subscribe(Numbered, received.append)

    async def publish_all(name):
        for number in range(50):
            bus.publish(Numbered(service_name=name, number=number))
            await asyncio.sleep(0)

    async def main():
        await asyncio.gather(*(publish_all(name) for name in "abc"))

    asyncio.run(main())
    for name in "abc":
        assert [event.number for event in received if event.service_name == name] == list(range(50))


def test_a_handler_can_hand_over_to_a_task():
    async def main():
        bus, queue = EventBus(), asyncio.Queue()
        bus.subscribe(Numbered, queue.put_nowait)
        bus.publish(Numbered(number=5))
        return await queue.get()

    assert asyncio.run(main()).number == 5


_CLASSES = (Event, Numbered, Special, Consequence)
_operations = st.lists(
    st.one_of(
        st.tuples(st.just("subscribe"), st.sampled_from(_CLASSES)),
        st.tuples(st.just("unsubscribe"), st.integers(0, 5)),
        st.tuples(st.just("publish"), st.sampled_from(_CLASSES)),
    ),
    max_size=40,
)


@given(_operations)
def test_the_bus_behaves_like_a_plain_list_of_subscriptions(operations):
    """The routes are cached; a model without any cache has to receive the same."""
    bus, received, expected = EventBus(), [], []
    model: list[tuple[int, type[Event]]] = []
    unsubscribers = []
    for operation, argument in operations:
        if operation == "subscribe":
            key = len(unsubscribers)
            model.append((key, argument))
            handler = functools.partial(lambda key, event: received.append((key, event)), key)
            unsubscribers.append(bus.subscribe(argument, handler))
        elif operation == "unsubscribe":
            with contextlib.suppress(IndexError):
                unsubscribers[argument]()
            model = [entry for entry in model if entry[0] != argument]
        else:
            event = argument()
            expected += [(key, event) for key, event_class in model if isinstance(event, event_class)]
            bus.publish(event)
    assert received == expected

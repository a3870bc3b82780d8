"""Events that a plugin's author never writes: initialisation, preparation, command, failure."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from panther.core.events import (
    CommandGenerationEvent,
    Event,
    EventBus,
    ServiceErrorEvent,
    ServiceInitializationEvent,
    ServicePreparationEvent,
)
from panther.errors import ContractError, ParameterError
from panther.plugins.services.base import BaseQUICServiceManager


@pytest.fixture
def heard():
    return []


@pytest.fixture
def bus(heard):
    bus = EventBus()
    bus.subscribe(Event, heard.append)
    return bus


def preparation(events):
    return [event.preparation_type for event in events if isinstance(event, ServicePreparationEvent)]


def test_initialisation_is_announced_once_with_name_and_role(manager_class, bus, heard):
    manager_class()(event_bus=bus, service_name="client-1", role="client")
    assert [(type(event), event.service_name, event.role) for event in heard] == [
        (ServiceInitializationEvent, "client-1", "client")
    ]


def test_a_service_without_a_name_is_called_like_its_implementation(manager_class, bus, heard):
    manager_class()(event_bus=bus)
    assert heard[0].service_name == "mine"


def test_a_command_is_announced_as_text_and_as_words(manager_class, bus, heard):
    manager = manager_class(_get_client_specific_args=lambda self, **kwargs: ["a b", ""])(event_bus=bus)
    text = manager.generate_run_command("client")
    event = heard[-1]
    assert isinstance(event, CommandGenerationEvent)
    assert (event.role, event.command, event.argv) == ("client", text, ("mine-binary", "a b", ""))
    assert text == "mine-binary 'a b' ''"


def test_a_command_that_fails_is_announced_as_an_error(manager_class, bus, heard):
    manager = manager_class(_get_server_specific_args=lambda self, **kwargs: "no list")(event_bus=bus)
    with pytest.raises(ParameterError):
        manager.generate_run_command()
    assert isinstance(heard[-1], ServiceErrorEvent)
    assert "_get_server_specific_args" in heard[-1].error


class TestPreparation:
    @pytest.mark.parametrize(
        "start", [lambda m: m.prepare(), lambda m: m._do_prepare()], ids=["prepare", "direct"]
    )
    @pytest.mark.parametrize("own", [True, False], ids=["overridden", "inherited"])
    def test_it_is_announced(self, manager_class, bus, heard, start, own):
        done = []
        attributes = {"_do_prepare": lambda self, plugin_manager=None: done.append(1)} if own else {}
        start(manager_class(**attributes)(event_bus=bus))
        assert preparation(heard) == ["started", "finished"]
        assert done == ([1] if own else [])

    def test_the_plugin_manager_is_handed_on(self, manager_class):
        seen = []
        manager = manager_class(_do_prepare=lambda self, plugin_manager=None: seen.append(plugin_manager))()
        manager.prepare("by position")
        manager.prepare(plugin_manager="by name")
        assert seen == ["by position", "by name"]

    def test_a_chain_of_super_calls_is_announced_once(self, manager_class, bus, heard):
        order = []

        class Parent(manager_class()):
            def _do_prepare(self, plugin_manager=None):
                super()._do_prepare(plugin_manager)
                order.append("parent")

        class Child(Parent):
            def _do_prepare(self, plugin_manager=None):
                super()._do_prepare(plugin_manager)
                order.append("child")

        for _ in range(2):
            Child(event_bus=bus)._do_prepare()
        assert order == ["parent", "child"] * 2
        assert preparation(heard) == ["started", "finished"] * 2

    def test_a_mixins_method_is_announced_too(self, manager_class, bus, heard):
        done = []

        class Mixin:
            def _do_prepare(self, plugin_manager=None):
                done.append(1)

        class Mine(Mixin, manager_class()):
            pass

        Mine(event_bus=bus)._do_prepare()
        assert done == [1]
        assert preparation(heard) == ["started", "finished"]

    def test_the_method_resolution_order_is_left_alone(self, manager_class):
        done = []
        parent = manager_class()

        class Left(parent):
            pass

        class Right(parent):
            def _do_prepare(self, plugin_manager=None):
                done.append("right")

        class Both(Left, Right):
            pass

        Both()._do_prepare()
        assert done == ["right"]

    def test_a_failure_is_announced_and_raised(self, manager_class, bus, heard):
        def fail(self, plugin_manager=None):
            raise RuntimeError("no such library")

        manager = manager_class(_do_prepare=fail)(event_bus=bus)
        with pytest.raises(RuntimeError, match="no such library"):
            manager._do_prepare()
        assert preparation(heard) == ["started"]
        assert isinstance(heard[-1], ServiceErrorEvent)
        assert heard[-1].error == "preparation failed: no such library"

    def test_after_a_failure_the_next_one_is_announced_again(self, manager_class, bus, heard):
        fails = [True, False]

        def flaky(self, plugin_manager=None):
            if fails.pop(0):
                raise RuntimeError

        manager = manager_class(_do_prepare=flaky)(event_bus=bus)
        with pytest.raises(RuntimeError):
            manager.prepare()
        manager.prepare()
        assert preparation(heard) == ["started", "started", "finished"]

    def test_emit_event_can_be_patched_on_an_instance_as_the_guides_test_does(self, manager_class):
        manager = manager_class()()
        with patch.object(manager, "emit_event") as emit:
            manager._do_prepare()
        assert [call.args[0].preparation_type for call in emit.call_args_list] == ["started", "finished"]
        manager._do_prepare()
        assert emit.call_count == 2

    def test_events_of_the_plugins_own_are_delivered_between(self, manager_class, bus, heard):
        def prepare(self, plugin_manager=None):
            self.emit_event(ServicePreparationEvent(preparation_type="custom_setup"))

        manager_class(_do_prepare=prepare)(event_bus=bus, service_name="s").prepare()
        assert preparation(heard) == ["started", "custom_setup", "finished"]
        assert {event.service_name for event in heard} == {"s"}

    def test_a_coroutine_function_is_refused_for_nothing_would_await_it(self, define):
        with pytest.raises(ContractError, match=r"'Mine\._do_prepare' is a coroutine function") as caught:
            define(
                "from panther.plugins.services.base import BaseServiceManager\n"
                "class Mine(BaseServiceManager):\n"
                "    async def _do_prepare(self, plugin_manager=None): ...\n"
            )
        assert caught.value.where.endswith("user_module.py:3")

    @pytest.mark.parametrize("value", [None, staticmethod(print), classmethod(print)])
    def test_what_is_no_method_is_refused(self, value):
        with pytest.raises(ContractError, match="'_do_prepare' is no method"):
            type("Mine", (BaseQUICServiceManager,), {"_do_prepare": value})


def test_a_named_service_in_an_event_is_kept(manager_class, bus, heard):
    manager_class()(event_bus=bus).emit_event(ServiceErrorEvent(service_name="other", error="x"))
    assert heard[-1].service_name == "other"


def test_what_is_no_event_is_refused(manager_class):
    with pytest.raises(TypeError, match="only events can be published"):
        manager_class()().emit_event("started")

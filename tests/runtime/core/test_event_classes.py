"""The event classes: frozen values, documented, with the names that the guide prints."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from panther.core import events
from panther.core.events import (
    CommandGenerationEvent,
    Event,
    ServiceErrorEvent,
    ServicePreparationEvent,
    ServiceStartedEvent,
    ServiceStoppedEvent,
    TestFinishedEvent,
    TestStartedEvent,
)

CLASSES = [
    value
    for name in events.__all__
    if isinstance(value := getattr(events, name), type) and issubclass(value, Event)
]


def test_an_event_is_made_as_the_guide_prints_it():
    event = ServicePreparationEvent(service_name="your_impl", preparation_type="custom_setup")
    assert (event.service_name, event.preparation_type) == ("your_impl", "custom_setup")


def test_the_timestamp_is_the_time_of_making():
    before = time.time()
    event = Event()
    assert before <= event.timestamp <= time.time()
    assert Event(timestamp=12.5).timestamp == 12.5


def test_events_are_values():
    one = CommandGenerationEvent(role="server", command="a b", argv=("a", "b"), timestamp=1)
    other = CommandGenerationEvent(role="server", command="a b", argv=("a", "b"), timestamp=1)
    assert one == other
    assert hash(one) == hash(other)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.role = "client"


@pytest.mark.parametrize(
    ("event_class", "missing"),
    [
        (CommandGenerationEvent, "command"),
        (ServiceStartedEvent, "pid"),
        (ServiceErrorEvent, "error"),
        (TestStartedEvent, "test_name"),
        (TestFinishedEvent, "outcome"),
    ],
)
def test_what_makes_an_event_meaningful_is_required(event_class, missing):
    with pytest.raises(TypeError, match=missing):
        event_class()


@pytest.mark.parametrize("event_class", CLASSES)
def test_arguments_are_given_by_name(event_class):
    with pytest.raises(TypeError, match="positional argument"):
        event_class("server")


@pytest.mark.parametrize("event_class", CLASSES)
def test_every_attribute_is_documented(event_class):
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(event_class))).body
    assert ast.get_docstring(definition)
    for statement, following in zip(definition.body, [*definition.body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and "ClassVar" not in ast.unparse(statement.annotation):
            documented = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            assert documented, f"{event_class.__name__}.{ast.unparse(statement.target)}"


@pytest.mark.parametrize("event_class", CLASSES)
def test_pytest_does_not_take_an_event_for_a_test(event_class):
    assert not event_class.__name__.startswith("Test") or event_class.__test__ is False


def test_a_stopped_service_tells_exit_from_signal():
    exited = subprocess.run([sys.executable, "-c", "raise SystemExit(3)"])
    event = ServiceStoppedEvent.from_returncode(exited.returncode, service_name="client")
    assert (event.exit_status, event.signal, event.service_name) == (3, None, "client")
    killed = subprocess.run([sys.executable, "-c", "import os; os.abort()"], stderr=subprocess.DEVNULL)
    event = ServiceStoppedEvent.from_returncode(killed.returncode)
    assert (event.exit_status, event.signal) == (None, signal.SIGABRT)


def test_the_events_need_the_standard_library_alone():
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]; import panther.core.events\n"
        "print([name for name in sys.modules if name.partition('.')[0] not in"
        " {*sys.stdlib_module_names, 'panther', '__main__'}])"
    )
    runtime = events.__spec__.origin.rpartition(f"{os.sep}panther{os.sep}")[0]
    run = subprocess.run(
        [sys.executable, "-S", "-c", code, runtime], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"

"""Events as the records of events.jsonl."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from pathlib import PurePosixPath
from signal import Signals
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panther.core.events import (
    EVENT_SCHEMA_VERSION,
    CommandGenerationEvent,
    Event,
    ServiceReadyEvent,
    ServiceStoppedEvent,
    TestFinishedEvent,
    to_record,
)


@dataclass(frozen=True, kw_only=True)
class Anything(Event):
    value: Any


@dataclass
class Point:
    x: int
    y: tuple[int, ...]


class Colour(Enum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


def value_of(value):
    return to_record(Anything(value=value))["data"]["value"]


def test_a_record_has_version_name_time_service_and_fields():
    event = CommandGenerationEvent(
        service_name="server", timestamp=1.5, role="server", command="run 'a b'", argv=("run", "a b")
    )
    assert to_record(event, test="a test", elapsed=0.25) == {
        "schema_version": EVENT_SCHEMA_VERSION,
        "time": "1970-01-01T00:00:01.500000Z",
        "elapsed": 0.25,
        "test": "a test",
        "service": "server",
        "type": "CommandGenerationEvent",
        "data": {"role": "server", "command": "run 'a b'", "argv": ["run", "a b"]},
    }


def test_fields_of_a_base_class_are_in_the_record():
    record = to_record(TestFinishedEvent(test_name="handshake", outcome="passed", timestamp=1))
    assert record["data"] == {"test_name": "handshake", "outcome": "passed", "reason": "", "seconds": None}


def test_a_field_may_be_called_like_a_key_of_the_record():
    @dataclass(frozen=True, kw_only=True)
    class Awkward(Event):
        type: str = "mine"
        schema_version: str = "mine"

    record = to_record(Awkward())
    assert record["type"] == "Awkward"
    assert record["schema_version"] == EVENT_SCHEMA_VERSION
    assert record["data"] == {"type": "mine", "schema_version": "mine"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (PurePosixPath("/certs/ca.pem"), "/certs/ca.pem"),
        (Colour.RED, "red"),
        (Level.HIGH, 3),
        (Signals.SIGTERM, 15),
        pytest.param({"b", "a"}, ["a", "b"], id="set"),  # whose text has no order
        (frozenset(), []),
        ({1: (2,), Colour.RED: None}, {"1": [2], "red": None}),
        (Point(1, (2, 3)), {"x": 1, "y": [2, 3]}),
        (b"h3\xff", "h3\\xff"),
        (math.inf, "inf"),
        (ValueError("bad"), "bad"),
    ],
    ids=repr,
)
def test_values_become_json_types(value, expected):
    assert value_of(value) == expected
    assert type(value_of(value)) is type(expected)


def test_nan_becomes_text():
    assert value_of(math.nan) == "nan"


@pytest.mark.parametrize("timestamp", [math.nan, math.inf, 1e300, "yesterday", None])
def test_a_timestamp_that_is_no_time_is_null(timestamp):
    assert to_record(Event(timestamp=timestamp))["time"] is None


def test_a_read_only_mapping_becomes_an_object():
    class Environment(Mapping):
        def __getitem__(self, key):
            return {"A": "1"}[key]

        def __iter__(self):
            return iter(["A"])

        def __len__(self):
            return 1

    assert value_of(Environment()) == {"A": "1"}


def test_the_record_shares_nothing_with_the_event():
    inner = ["a"]
    record = to_record(Anything(value={"k": inner}))
    record["data"]["value"]["k"].append("b")
    assert inner == ["a"]


_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
_values = st.recursive(
    _scalars,
    lambda children: (
        st.lists(children)
        | st.tuples(children, children)
        | st.dictionaries(st.text(), children)
        | st.frozensets(_scalars)
        | st.builds(PurePosixPath)
    ),
    max_leaves=15,
)


@given(_values, st.text())
def test_every_record_is_one_line_of_strict_json(value, service_name):
    record = to_record(Anything(value=value, service_name=service_name))
    line = json.dumps(record, allow_nan=False)
    assert "\n" not in line
    assert json.loads(line) == record


@pytest.mark.parametrize(
    "event", [ServiceReadyEvent(observed="UDP port 4443 is bound"), ServiceStoppedEvent()]
)
def test_equal_events_make_equal_records(event):
    assert json.dumps(to_record(event)) == json.dumps(to_record(event))

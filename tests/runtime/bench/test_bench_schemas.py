"""The schemas that are shipped, against what real runs leave: nothing that these leave is missing there."""

from __future__ import annotations

import dataclasses
import json
import sys

import pytest
from jsonschema import Draft202012Validator

import panther.core.events as events
from panther.bench.observers import MetricsObserver, StorageObserver
from panther.bench.schemas import schema_of
from panther.errors import InputError


def tightened(schema):
    """Return a schema that also refuses keys that it does not describe."""
    if isinstance(schema, list):
        return [tightened(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {key: tightened(value) for key, value in schema.items()}
    if strict.get("type") == "object" and "properties" in strict:
        strict.setdefault("additionalProperties", False)
    return strict


def check(what, document):
    validator = Draft202012Validator(tightened(schema_of(what)))
    problems = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
    assert problems == []


@pytest.fixture(scope="module")
def event_classes():
    found = [getattr(events, name) for name in events.__all__]
    kinds = [kind for kind in found if isinstance(kind, type) and issubclass(kind, events.Event)]
    return [
        kind for kind in kinds if not any(issubclass(other, kind) for other in kinds if other is not kind)
    ]


@pytest.mark.parametrize("what", ["experiment", "results", "events", "metrics"])
def test_a_schema_is_one_and_describes_every_key(what):
    schema = schema_of(what)
    Draft202012Validator.check_schema(schema)
    assert "/2020-12/" in schema["$schema"]
    undescribed = [
        name
        for part in (schema, *schema.get("$defs", {}).values())
        for name, each in part.get("properties", {}).items()
        if what != "experiment" and not {"description", "const", "$ref"} & each.keys()
    ]
    assert undescribed == []


def test_a_schema_that_there_is_none_of():
    with pytest.raises(InputError, match="no schema of 'report'"):
        schema_of("report")


def test_what_a_run_leaves_is_as_the_schemas_say(run, make_test, make_service):
    dies = make_test("quic", name="dies")
    dead = make_service("quic", "server", words=(sys.executable, "-c", "raise SystemExit(3)"))
    result = run(
        make_test("quic", name="passes"),
        make_test("quic", ["--corrupt"], name="fails"),
        dataclasses.replace(dies, services=(dead, dies.services[1])),
        observers=[StorageObserver(), MetricsObserver()],
    )
    assert [str(test.outcome) for test in result.tests] == ["passed", "failed", "failed"]
    check("results", json.loads((result.directory / "results.json").read_text()))
    for what, count in (("events", 4), ("metrics", 3)):
        files = list(result.directory.rglob(f"{what}.jsonl"))
        assert len(files) == count
        for line in (line for file in files for line in file.read_text().splitlines()):
            check(what, json.loads(line))


def test_every_event_and_every_field_is_in_the_schema(event_classes):
    schema = schema_of("events")
    common = {field.name for field in dataclasses.fields(events.Event)}
    assert {kind.__name__ for kind in event_classes} == schema["$defs"].keys()
    for kind in event_classes:
        own = {field.name for field in dataclasses.fields(kind)} - common
        assert schema["$defs"][kind.__name__]["properties"].keys() == own


def test_an_event_of_a_plugin_fits_the_schema():
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class HandshakeEvent(events.ServiceEvent):
        cipher: str = ""

    check("events", events.to_record(HandshakeEvent(cipher="x"), test="t", elapsed=1.5))

"""Events as records for ``events.jsonl``: one JSON object a line, one versioned schema.

A record has these keys, in this order:

* ``schema_version``: :data:`EVENT_SCHEMA_VERSION`;
* ``time``: when the event was made, by the wall clock, in UTC (RFC 3339); null where that is no time;
* ``elapsed``: seconds since the run began, by a clock that nobody sets; null outside a run;
* ``test``: the test that it belongs to; null for an event of the whole run;
* ``service``: the service that it is about; null for an event that concerns no single service;
* ``type``: the name of the event's class;
* ``data``: the attributes that the class adds to those of :class:`~panther.core.events.base.Event`, by name.

``panther-gen schema events`` prints the same as a JSON Schema.
"""

from __future__ import annotations

import dataclasses
import math
import threading
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from panther.core.events.base import Event

__all__ = ["EVENT_SCHEMA_VERSION", "to_record"]

#: Raised when a key of the record changes its name or its meaning; not when an event class gains a field.
EVENT_SCHEMA_VERSION = 1

_COMMON_FIELDS = frozenset(field.name for field in dataclasses.fields(Event))


def to_record(event: Event, *, test: str | None = None, elapsed: float | None = None) -> dict[str, Any]:
    """Turn an event into a record that :func:`json.dumps` writes as strict JSON.

    Tuples become lists, sets sorted lists, enumeration members their values, mappings and dataclasses
    objects. JSON knows no infinity and no NaN: these become text, as does everything else.

    Args:
        event: the event.
        test: the name of the test that it belongs to; None: an event of the whole run.
        elapsed: seconds since the run began; None: there is no run.

    Returns:
        A new dict with the keys that the module describes.
    """
    told = _latest.facts if _latest.event is event else _latest.tell(event)
    return {
        "schema_version": EVENT_SCHEMA_VERSION,
        "time": told[0],
        "elapsed": elapsed,
        "test": test,
        "service": told[1],
        "type": type(event).__name__,
        "data": dict(told[2]),
    }


class _Latest(threading.local):
    """The event that this thread has turned into a record last: its subscribers ask one after the other."""

    event: Event | None = None
    facts: tuple[str | None, str | None, dict[str, Any]] = (None, None, {})

    def tell(self, event: Event) -> tuple[str | None, str | None, dict[str, Any]]:
        # mypy takes the class for an instance, which need not be hashable.
        names = _own_fields(type(event))  # type: ignore[arg-type]
        data = {name: _json_value(getattr(event, name)) for name in names}
        self.facts = _utc(event.timestamp), str(_json_value(event.service_name)) or None, data
        self.event = event
        return self.facts


_latest = _Latest()


@lru_cache(maxsize=256)
def _own_fields(event_class: type[Event]) -> tuple[str, ...]:
    """Return the names of the attributes that a class of events adds to those of every event."""
    return tuple(field.name for field in dataclasses.fields(event_class) if field.name not in _COMMON_FIELDS)


def _utc(timestamp: object) -> str | None:
    try:
        moment = datetime.fromtimestamp(timestamp, UTC)  # type: ignore[arg-type]  # a plugin may have set anything
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _json_value(value: object) -> Any:
    if value is None or type(value) is str:  # nearly all of them
        return value
    if isinstance(value, Enum):
        return _json_value(value.value)
    if isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(_json_value(key)): _json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(item) for item in value]
    if isinstance(value, AbstractSet):
        return sorted((_json_value(item) for item in value), key=str)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _json_value(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return str(value)

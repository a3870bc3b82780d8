"""Events as records for ``events.jsonl``: one JSON object a line, one versioned schema.

A record has these keys, in this order:

* ``schema_version``: :data:`EVENT_SCHEMA_VERSION`;
* ``event``: the name of the event's class;
* ``timestamp`` and ``service_name``: as in :class:`~panther.core.events.base.Event`;
* ``fields``: the attributes that the class adds to those, by name.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Any

from panther.core.events.base import Event

__all__ = ["EVENT_SCHEMA_VERSION", "to_record"]

#: Raised when a key of the record changes its name or its meaning; not when an event class gains a field.
EVENT_SCHEMA_VERSION = 1

_COMMON_FIELDS = frozenset(field.name for field in dataclasses.fields(Event))


def to_record(event: Event) -> dict[str, Any]:
    """Turn an event into a record that :func:`json.dumps` writes as strict JSON.

    Tuples become lists, sets sorted lists, enumeration members their values, mappings and dataclasses
    objects. JSON knows no infinity and no NaN: these become text, as does everything else.

    Args:
        event: the event.

    Returns:
        A new dict with the keys that the module describes.
    """
    fields = {
        field.name: _json_value(getattr(event, field.name))
        for field in dataclasses.fields(event)
        if field.name not in _COMMON_FIELDS
    }
    return {
        "schema_version": EVENT_SCHEMA_VERSION,
        "event": type(event).__name__,
        "timestamp": _json_value(event.timestamp),
        "service_name": _json_value(event.service_name),
        "fields": fields,
    }


def _json_value(value: object) -> Any:
    if isinstance(value, Enum):
        return _json_value(value.value)
    if value is None or isinstance(value, str | int):
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

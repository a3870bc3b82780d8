"""The JSON Schemas of what a run reads and leaves: shipped as files, tested against real runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from panther.errors import InputError

__all__ = ["schema_of", "schema_text"]

_SHIPPED = ("results", "events", "metrics")


def schema_of(what: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a file.

    Args:
        what: ``results``: ``results.json``; ``events``, ``metrics``: each line of the file of that name;
            ``experiment``: experiment files.

    Raises:
        InputError: there is no such schema.
    """
    if what == "experiment":
        from panther.bench.experiment import experiment_schema

        return experiment_schema()
    if what not in _SHIPPED:
        known = ", ".join(("experiment", *_SHIPPED))
        raise InputError(f"there is no schema of '{what}'", cure=f"use one of {known}")
    file = Path(__file__).with_name(f"{what}.schema.json")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def schema_text(what: str) -> str:
    """Return the schema as text; arguments and errors as those of :func:`schema_of`."""
    return json.dumps(schema_of(what), indent=2)

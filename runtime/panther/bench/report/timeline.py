"""Events of a test, as a person would tell them."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from panther.bench.report.text import printable

__all__ = ["Moment", "timeline_of"]

_LONGEST = 300


@dataclass(frozen=True)
class Moment:
    """One event."""

    seconds: float
    """Since the test began."""

    service: str
    what: str
    is_error: bool


def timeline_of(events: Iterable[Mapping[str, Any]], began: float) -> Iterator[Moment]:
    """Yield the moments of a test.

    Args:
        events: the records of its ``events.jsonl``.
        began: the test's beginning, in seconds since the run began.
    """
    for event in events:
        kind, data = str(event.get("type", "")), event.get("data")
        elapsed = event.get("elapsed")
        told = _tell(kind, data if isinstance(data, dict) else {})
        yield Moment(
            (elapsed if isinstance(elapsed, int | float) else began) - began,
            printable(str(event.get("service") or "")),
            printable(told[:_LONGEST]),
            kind == "ServiceErrorEvent",
        )


def _tell(kind: str, data: Mapping[str, Any]) -> str:
    if kind == "TestStartedEvent":
        return "the test begins"
    if kind == "TestFinishedEvent":
        return f"the verdict: {data.get('outcome')}"
    if kind == "ServiceStartedEvent":
        return f"started as process {data.get('pid')}"
    if kind == "ServiceReadyEvent":
        return f"ready: {data.get('observed')}"
    if kind == "ServiceErrorEvent":
        return str(data.get("error"))
    if kind == "ServiceStoppedEvent":
        return _end(data)
    if kind == "ServiceInitializationEvent":
        return "service manager made"
    if kind == "CommandGenerationEvent":
        return f"command generated for the role {data.get('role')}"
    if kind == "ServicePreparationEvent":
        return f"preparation: {data.get('preparation_type')}"
    said = ", ".join(f"{name}={value}" for name, value in data.items())
    return f"{kind}: {said}" if said else kind


def _end(data: Mapping[str, Any]) -> str:
    number = data.get("signal")
    if number is None:
        return f"exited with status {data.get('exit_status')}"
    try:
        return f"ended by {signal.Signals(number).name}"
    except ValueError:
        return f"ended by signal {number}"

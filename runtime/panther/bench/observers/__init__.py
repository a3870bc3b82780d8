"""Observers: what watches a run and writes down what it sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panther.bench.observers.base import Observer, RunScope, TestScope
from panther.bench.observers.logger import LoggerObserver, log_to_standard_error
from panther.bench.observers.metrics import MetricsObserver
from panther.bench.observers.storage import StorageObserver

if TYPE_CHECKING:
    from panther.bench.experiment import Observers

__all__ = [
    "LoggerObserver",
    "MetricsObserver",
    "Observer",
    "RunScope",
    "StorageObserver",
    "TestScope",
    "log_to_standard_error",
    "make_observers",
]


def make_observers(wanted: Observers) -> list[Observer]:
    """Return the observers that an experiment file switches on, in the order in which they hear of events."""
    made: list[Observer] = []
    if wanted.storage.enabled:
        made.append(StorageObserver())
    if wanted.metrics.enabled:
        made.append(MetricsObserver())
    if wanted.logger.enabled:
        made.append(LoggerObserver())
    return made

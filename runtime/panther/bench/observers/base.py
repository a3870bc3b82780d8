"""What watches a run: observers, each switched in the experiment file, none of them part of what they watch.

An observer is given a scope, of the run and of each test, and stays while it lasts. Tests may overlap, so
what belongs to one test lives in the context that :meth:`Observer.watch_test` returns, not in the observer.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from panther.core.events import EventBus

__all__ = ["Observer", "RunScope", "TestScope"]


@dataclass(frozen=True)
class RunScope:
    """A run, as an observer sees it."""

    directory: Path
    """The run's; it exists."""

    bus: EventBus
    """Carries the events of the run, and after them those of its tests."""

    began: float = field(default_factory=time.monotonic)

    def elapsed(self) -> float:
        """Return the seconds since the run began, by a clock that nobody sets."""
        return round(time.monotonic() - self.began, 6)


@dataclass(frozen=True)
class TestScope:
    """One run of one test, as an observer sees it."""

    __test__ = False  # for pytest, which would collect the class

    run: RunScope
    name: str
    directory: Path
    """The test's; it exists."""

    bus: EventBus
    """Carries the events of this test alone."""

    findings: dict[str, Any] = field(default_factory=dict)
    """What observers found, by their names; it goes to ``results.json``. JSON types only."""


class Observer:
    """Watches nothing; derive what does."""

    def watch_run(self, scope: RunScope) -> AbstractContextManager[None]:
        """Watch a run while the context lasts.

        Raises:
            MachineError: it cannot, or could not; raised by the context too, at its end.
        """
        return nullcontext()

    def watch_test(self, scope: TestScope) -> AbstractContextManager[None]:
        """Watch a test while the context lasts; raises nothing for what can be said when the run ends."""
        return nullcontext()

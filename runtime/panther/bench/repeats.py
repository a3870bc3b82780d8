"""What a test that was run several times has shown: how often it passed, and whether it is flaky."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from panther.bench.evidence import Outcome
from panther.bench.results import TestResult

__all__ = ["PassRate", "pass_rates"]


@dataclass(frozen=True)
class PassRate:
    """How often a test has passed."""

    name: str
    passed: int
    runs: int
    """How often it ran to its end: not those that were interrupted or not begun."""

    @property
    def flaky(self) -> bool:
        """Whether it both passed and did not."""
        return 0 < self.passed < self.runs

    @property
    def rate(self) -> float | None:
        """Share of its runs that passed, from 0 to 1; None: it never ran to its end."""
        return self.passed / self.runs if self.runs else None

    def record(self) -> dict[str, Any]:
        """Return what ``results.json`` says of it."""
        return {**dataclasses.asdict(self), "rate": self.rate, "flaky": self.flaky}

    def __str__(self) -> str:
        """Return the line for a person: ``9 of 10 passed (90 %)``."""
        share = "" if self.rate is None else f" ({100 * self.rate:.0f} %)"
        return f"{self.passed} of {self.runs} passed{share}{', flaky' if self.flaky else ''}"


def pass_rates(tests: Sequence[TestResult]) -> list[PassRate]:
    """Return the rate of each test that was repeated, in the order of their first runs."""
    by_name: dict[str, list[Outcome]] = {}
    for test in tests:
        if test.repetition:
            outcomes = by_name.setdefault(test.name, [])
            if test.outcome not in {Outcome.INTERRUPTED, Outcome.NOT_RUN}:
                outcomes.append(test.outcome)
    return [
        PassRate(name, sum(outcome is Outcome.PASSED for outcome in outcomes), len(outcomes))
        for name, outcomes in by_name.items()
    ]

"""Evidence and outcome: what a test has proved, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Evidence", "Outcome", "judge"]


class Outcome(StrEnum):
    """How a test ended, in one word."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    """The bench could not run the test: nothing is known of the implementations."""
    INTERRUPTED = "interrupted"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Evidence:
    """One observation."""

    name: str
    """What was looked at, in a word or two, such as ``payload``."""

    passed: bool | None
    """True or False; None if it could not be observed, or is a note that decides nothing."""

    detail: str
    """The observation as a sentence for a person."""


def judge(evidence: Iterable[Evidence]) -> Outcome:
    """Return the verdict: failed if any item speaks against the test, or if none speaks for it."""
    items: Sequence[Evidence] = tuple(evidence)
    if any(item.passed is False for item in items) or not any(item.passed for item in items):
        return Outcome.FAILED
    return Outcome.PASSED

"""Groups of files judged in portions, between which what is no longer needed is let go."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from panther_gen.lint.running.judge import Group, Judge, Verdict

__all__ = ["judge_portion", "portions_of", "seldom_collected", "work_for_good"]

# Large enough for the files of a project to share base classes, small enough to bound the memory.
_AT_ONCE = 50

# Portions; what the rules leave behind is little, syntax trees and summaries hold no cycles.
_BETWEEN_COLLECTIONS = 10


def portions_of(groups: Sequence[Group]) -> list[Sequence[Group]]:
    """Return the groups in portions, in their order."""
    return [groups[start : start + _AT_ONCE] for start in range(0, len(groups), _AT_ONCE)]


def judge_portion(judge: Judge, portion: Sequence[Group]) -> list[Verdict]:
    """Return the verdicts on a portion; while garbage is collected seldom, it is at times collected here."""
    verdicts = judge.judge(portion)
    if not gc.isenabled() and judge.portions % _BETWEEN_COLLECTIONS == 0:
        gc.collect()
    return verdicts


def work_for_good() -> None:
    """Collect garbage seldom from now on; for a process that does nothing else."""
    gc.disable()
    gc.freeze()  # what is there by now stays, and need not be looked at


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Collect garbage seldom while portions are judged, and as before afterwards."""
    was_on = gc.isenabled()
    work_for_good()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()

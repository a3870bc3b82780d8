"""Groups of files judged in portions, between which what is no longer needed is let go."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from panther_gen.lint.judge import Group, Judge, Verdict

__all__ = ["judge_portion", "portions_of"]

# Large enough for the files of a project to share base classes, small enough to bound the memory.
_AT_ONCE = 50


def portions_of(groups: Sequence[Group]) -> list[Sequence[Group]]:
    """Return the groups in portions, in their order."""
    return [groups[start : start + _AT_ONCE] for start in range(0, len(groups), _AT_ONCE)]


def judge_portion(judge: Judge, portion: Sequence[Group]) -> list[Verdict]:
    """Return the verdicts on a portion."""
    with _collected_once():
        return judge.judge(portion)


@contextmanager
def _collected_once() -> Iterator[None]:
    """Collect garbage at the end alone: syntax trees are many objects, and hold no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    gc.freeze()  # what is there by now stays, and need not be looked at
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if was_on:
            gc.enable()

"""The work of a long run, shared by processes; each judges whole portions, and only verdicts come back."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache

from panther_gen.lint.judge import Group, Judge, Verdict

__all__ = ["judge_together"]


def judge_together(portions: Sequence[Sequence[Group]], jobs: int) -> list[Verdict]:
    """Return the verdicts for all groups of all portions, in their order.

    Args:
        portions: what a process takes at a time.
        jobs: how many processes.
    """
    try:
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
            return [verdict for verdicts in pool.map(_judge, portions) for verdict in verdicts]
    except (BrokenProcessPool, OSError):  # killed, or none could be started
        judge = Judge()
        return [verdict for portion in portions for verdict in judge.judge(portion)]


def _judge(portion: Sequence[Group]) -> list[Verdict]:
    return _judge_of_this_process().judge(portion)


@cache
def _judge_of_this_process() -> Judge:
    return Judge()

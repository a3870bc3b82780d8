"""The work of a long run, shared by processes; each judges whole portions, and only verdicts come back."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from pathlib import Path

from panther_gen.lint.judge import Group, Judge, Verdict
from panther_gen.lint.portions import judge_portion, seldom_collected, work_for_good

__all__ = ["judge_together"]


def judge_together(
    portions: Sequence[Sequence[Group]], contracts: Sequence[Path], jobs: int
) -> list[Verdict]:
    """Return the verdicts for all groups of all portions, in their order.

    Args:
        portions: what a process takes at a time.
        contracts: the files with the contracts of other packages than the runtime.
        jobs: how many processes.
    """
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(jobs, context, initializer=work_for_good) as pool:
            return [
                verdict
                for verdicts in pool.map(partial(_judge, tuple(contracts)), portions)
                for verdict in verdicts
            ]
    except (BrokenProcessPool, OSError):  # killed, or none could be started
        with seldom_collected():
            judge = Judge(contracts=contracts)
            return [verdict for portion in portions for verdict in judge_portion(judge, portion)]


def _judge(contracts: tuple[Path, ...], portion: Sequence[Group]) -> list[Verdict]:
    return judge_portion(_judge_of_this_process(contracts), portion)


@cache
def _judge_of_this_process(contracts: tuple[Path, ...]) -> Judge:
    return Judge(contracts=contracts)

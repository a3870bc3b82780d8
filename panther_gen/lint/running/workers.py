"""The work of a long run, shared by processes; each judges whole portions, and what it found comes back."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from panther_gen.lint.running.judge import Group, Judge, Verdict
from panther_gen.lint.running.portions import judge_portion, seldom_collected, work_for_good

if TYPE_CHECKING:
    from panther_gen.lint.disk.summaries import Summaries

__all__ = ["judge_together"]


def judge_together(
    portions: Sequence[Sequence[Group]],
    contracts: Sequence[Path],
    jobs: int,
    summaries: Summaries | None = None,
) -> list[Verdict]:
    """Return the verdicts for all groups of all portions, in their order.

    Args:
        portions: what a process takes at a time.
        contracts: the files with the contracts of other packages than the runtime.
        jobs: how many processes.
        summaries: of earlier runs; they learn what the processes read.
    """
    try:
        return _together(portions, contracts, jobs, summaries)
    except (BrokenProcessPool, OSError):  # killed, or none could be started
        with seldom_collected():
            judge = Judge(contracts=contracts, summaries=summaries)
            return [verdict for portion in portions for verdict in judge_portion(judge, portion)]


@dataclass(frozen=True, slots=True)
class _Result:
    """What a process made of a portion: verdicts, new summaries, and the names of those that it used."""

    verdicts: list[Verdict]
    new: dict[bytes, bytes]
    used: set[bytes]


def _together(
    portions: Sequence[Sequence[Group]], contracts: Sequence[Path], jobs: int, summaries: Summaries | None
) -> list[Verdict]:
    verdicts: list[Verdict] = []
    context = multiprocessing.get_context("fork")  # which hands the summaries on as they are
    with ProcessPoolExecutor(jobs, context, _start, (tuple(contracts), summaries)) as pool:
        for result in pool.map(_judge, portions):
            verdicts += result.verdicts
            if summaries is not None:
                summaries.add(result.new, result.used)
    return verdicts


#: Of a process that judges: what it has for all its portions.
_mine: list[tuple[Judge, Summaries | None]] = []


def _start(contracts: tuple[Path, ...], summaries: Summaries | None) -> None:
    work_for_good()
    _mine.append((Judge(contracts=contracts, summaries=summaries), summaries))


def _judge(portion: Sequence[Group]) -> _Result:
    judge, summaries = _mine[-1]
    verdicts = judge_portion(judge, portion)
    new, used = summaries.take() if summaries is not None else ({}, set())
    return _Result(verdicts, new, used)

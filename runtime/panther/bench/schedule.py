"""Which test runs when: side by side, again and again, until the first failure."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from panther.bench.evidence import Outcome
from panther.bench.plan import TestPlan
from panther.bench.results import TestResult

__all__ = ["Schedule", "run_side_by_side"]


@dataclass(frozen=True)
class Schedule:
    """How the tests of an experiment are run."""

    jobs: int = 1
    """How many tests run side by side, where the machine can keep them apart."""

    repeat: int = 1
    """How many times each test is run, round by round."""

    fail_fast: bool = False
    """Begin no test after one that did not pass."""

    test_timeout: float | None = None
    """Seconds that each test may take as a whole; None: its services' own timeouts decide."""


async def run_side_by_side(
    plans: Sequence[TestPlan],
    schedule: Schedule,
    run: Callable[[TestPlan], Awaitable[TestResult]],
) -> dict[int, TestResult]:
    """Run tests, at most so many at a time; a cancellation is handed on to those that run.

    Args:
        plans: the tests.
        schedule: how.
        run: runs one test; it returns a result also where it is cancelled.

    Returns:
        The result of each test that was begun, by its index.

    Raises:
        Exception: what ``run`` has raised, once no test runs any more.
    """
    running: dict[asyncio.Task[TestResult], int] = {}
    results: dict[int, TestResult] = {}
    waiting = list(reversed(range(len(plans))))
    failure: BaseException | None = None
    while waiting or running:
        while waiting and len(running) < schedule.jobs:
            index = waiting.pop()
            running[asyncio.ensure_future(run(plans[index]))] = index
        try:
            ended, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            waiting.clear()
            _cancel(running)
            continue
        for task in ended:
            index = running.pop(task)
            if task.cancelled():  # before it began
                continue
            if error := task.exception():
                failure = failure or error
                waiting.clear()
                _cancel(running)
                continue
            results[index] = task.result()
            if schedule.fail_fast and results[index].outcome is not Outcome.PASSED:
                waiting.clear()
    if failure is not None:
        raise failure
    return results


def _cancel(tasks: dict[asyncio.Task[TestResult], int]) -> None:
    own = asyncio.current_task()
    if own is not None:
        own.uncancel()
    for task in tasks:
        task.cancel()

"""What observers cost a test: the same test with all three of them and with none, in turn, in one run.

The time of a test is the runner's: from before the first observer is told of it until after the last one has
left it, files closed. CPU time, of the runner and the services together, is the figure to trust on a machine
that has other work to do.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import itertools
import logging
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from harness import BrokenError, Comparison, Side, UnavailableError, at_most, benchmark

from panther.bench.experiment import pair_experiment
from panther.bench.observers import (
    LoggerObserver,
    MetricsObserver,
    Observer,
    RunScope,
    StorageObserver,
    TestScope,
)
from panther.bench.plan import TestPlan, plan_tests
from panther.bench.progress import PlainProgress
from panther.bench.runner import run_plans
from panther.plugins.roots import add_plugin_root

EXAMPLES = Path(__file__).parents[2] / "generated_examples"
#: Tests of one run: one to warm up for each side, then both sides in turn.
ROUNDS_QUICK, ROUNDS_SLOW = 60, 24
#: Seconds between two tests: what the kernel still tears down of one side is not the other's to pay.
SETTLE = 0.05

Clock = Callable[[], float]


@benchmark("observers of an ngtcp2 test", target=at_most(1.02), unit="ms", rounds=ROUNDS_QUICK)
def observers_of_a_quick_test(workplace: Path, clock: Clock = time.perf_counter) -> Comparison:
    if shutil.which("gtlsserver") is None or shutil.which("gtlsclient") is None:
        raise UnavailableError("Debian's ngtcp2-server and ngtcp2-client are not installed")
    return compare("ngtcp2", ROUNDS_QUICK, workplace, clock)


@benchmark("CPU time of an observed ngtcp2 test", target=at_most(1.02), unit="ms", rounds=ROUNDS_QUICK)
def processor_time_of_a_quick_test(workplace: Path) -> Comparison:
    return observers_of_a_quick_test(workplace, clock=processor_time)


@benchmark("CPU time of an observed aioquic test", target=at_most(1.02), unit="ms", rounds=ROUNDS_SLOW)
def processor_time_of_a_slow_test(workplace: Path) -> Comparison:
    return observers_of_a_slow_test(workplace, clock=processor_time)


@benchmark("observers of an aioquic test", target=at_most(1.02), unit="ms", rounds=ROUNDS_SLOW)
def observers_of_a_slow_test(workplace: Path, clock: Clock = time.perf_counter) -> Comparison:
    if importlib.util.find_spec("aioquic") is None:
        raise UnavailableError("aioquic is not installed")
    return compare("aioquic", ROUNDS_SLOW, workplace, clock)


def processor_time() -> float:
    """Return the CPU seconds of this process and of the children that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


class InTurn(Observer):
    """Lets other observers watch every second test, and times all of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.times: dict[bool, list[float]] = {True: [], False: []}
        self._others = (StorageObserver(), MetricsObserver(), LoggerObserver())
        self._turns = itertools.cycle((True, False))

    @contextlib.contextmanager
    def watch_run(self, scope: RunScope) -> Iterator[None]:
        logger = logging.getLogger("panther")
        before = logger.level
        logger.setLevel("DEBUG")  # so that the run's log gets everything
        with contextlib.ExitStack() as stack:
            for other in self._others:
                stack.enter_context(other.watch_run(scope))
            yield
        logger.setLevel(before)

    @contextlib.contextmanager
    def watch_test(self, scope: TestScope) -> Iterator[None]:
        watched = next(self._turns)
        time.sleep(SETTLE)
        begin = self._clock()
        with contextlib.ExitStack() as stack:
            for other in self._others if watched else ():
                stack.enter_context(other.watch_test(scope))
            yield
        self.times[watched].append((self._clock() - begin) * 1000)


def compare(plugin: str, rounds: int, workplace: Path, clock: Clock) -> Comparison:
    """Return both sides; the first measurement runs all tests, the others hand out what was measured."""
    add_plugin_root(EXAMPLES)
    (plan,) = plan_tests(pair_experiment(plugin, "quic"))
    times: dict[bool, list[float]] = {True: [], False: []}

    def measure(watched: bool) -> float:
        if not times[True] and not times[False]:
            times.update(run_all(plan, rounds + 1, workplace / "results", clock))
        return times[watched].pop(0)

    return Comparison(
        ours=Side("observed", lambda: measure(True)),
        reference=Side("unobserved", lambda: measure(False)),
        note=f"storage, metrics and logger at DEBUG; {2 * (rounds + 1)} tests of one run, in turn",
    )


def run_all(plan: TestPlan, rounds: int, results: Path, clock: Clock) -> dict[bool, list[float]]:
    """Run the test, observed and unobserved in turn, and return the milliseconds of each.

    Raises:
        BrokenError: a test failed.
    """
    in_turn = InTurn(clock)
    names = [f"test-{number}" for number in range(2 * rounds)]
    plans = [replace(plan, name=name, directory_name=name) for name in names]
    output = io.StringIO()
    result = run_plans(plans, progress=PlainProgress(output), results_directory=results, observers=[in_turn])
    if not result.passed:
        raise BrokenError(output.getvalue()[-2000:])
    shutil.rmtree(results)
    return in_turn.times

"""Running an experiment: from its tests to a verdict, with nothing left behind however it ends."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from panther.bench.apart import apart
from panther.bench.backstage import Backstage
from panther.bench.certificates import CertificateAuthority
from panther.bench.environments.base import Environment, RunContext
from panther.bench.environments.registry import make_environments
from panther.bench.environments.trial import Trial
from panther.bench.evidence import Outcome
from panther.bench.experiment.changes import with_absolute_volumes
from panther.bench.experiment.dumping import dump_experiment
from panther.bench.interruption import Interrupted, Interruption
from panther.bench.isolation import IsolationMode
from panther.bench.junit import write_junit
from panther.bench.observers import Observer, RunScope, StorageObserver, TestScope, make_observers
from panther.bench.payload import DEFAULT_PAYLOAD_BYTES
from panther.bench.plan import TestPlan, plan_tests, repeated
from panther.bench.programs import ProgramsObserver
from panther.bench.progress import Progress, ProgressMode, make_progress
from panther.bench.report import write_report
from panther.bench.rerun import record_command, write_experiment
from panther.bench.results import RunResult, TestResult, make_run_directory, on_disk
from panther.bench.results_file import write_run
from panther.bench.schedule import Schedule, run_side_by_side
from panther.core.events import (
    Event,
    EventBus,
    ExperimentFinishedEvent,
    ExperimentStartedEvent,
    TestFinishedEvent,
    TestStartedEvent,
)

if TYPE_CHECKING:
    from panther.bench.experiment import Experiment

__all__ = ["DEFAULT_RESULTS_DIRECTORY", "run_experiment", "run_plans"]

DEFAULT_RESULTS_DIRECTORY = Path("panther-results")

_ONE_BY_ONE = Schedule()


def run_experiment(
    experiment: Experiment,
    *,
    name: str = "experiment",
    experiment_file: str = "",
    results_directory: Path = DEFAULT_RESULTS_DIRECTORY,
    isolation: IsolationMode = "auto",
    event_bus: EventBus | None = None,
    progress: ProgressMode = "auto",
    payload_bytes: int = DEFAULT_PAYLOAD_BYTES,
    schedule: Schedule = _ONE_BY_ONE,
) -> RunResult:
    """Run the tests of an experiment. Call it from the main thread.

    Args:
        experiment: the experiment, validated.
        name: what the run's directory is named after.
        experiment_file: where the experiment was read from, for the record.
        results_directory: the run makes a directory of its own below it, and the link ``latest``.
        isolation: ``auto``: namespaces where the machine allows them; ``namespace``: those or an error;
            ``none``: process groups and free ports.
        event_bus: receives every event of the run; None: nobody listens.
        progress: ``auto``: a live line on a terminal, else plain lines; ``plain``; ``quiet``.
        payload_bytes: size of the random payload.
        schedule: how many tests run side by side, how often, and until when.

    Returns:
        What became of each test; its ``exit_code`` is the program's.

    Raises:
        InputError: a plugin or a value cannot be used; nothing was started.
        MachineError: this machine lacks something, or results cannot be written. No process is left.
    """
    return run_plans(
        plan_tests(experiment, Path(experiment_file).parent),
        name=name,
        experiment_file=experiment_file,
        results_directory=results_directory,
        isolation=isolation,
        event_bus=event_bus,
        progress=make_progress(progress),
        payload_bytes=payload_bytes,
        observers=make_observers(experiment.observers),
        experiment_text=dump_experiment(with_absolute_volumes(experiment, Path(experiment_file).parent)),
        schedule=schedule,
    )


def run_plans(
    plans: Sequence[TestPlan],
    *,
    progress: Progress,
    name: str = "experiment",
    experiment_file: str = "",
    results_directory: Path = DEFAULT_RESULTS_DIRECTORY,
    isolation: IsolationMode = "auto",
    event_bus: EventBus | None = None,
    payload_bytes: int = DEFAULT_PAYLOAD_BYTES,
    observers: Sequence[Observer] | None = None,
    experiment_text: str = "",
    schedule: Schedule = _ONE_BY_ONE,
) -> RunResult:
    """Run tests whose plugins are loaded; arguments, result and errors as :func:`run_experiment`.

    Args beside those:
        observers: what watches the run; None: events are stored.
        experiment_text: the experiment as YAML, to be kept with the results; empty: there is none.
    """
    # Here and not later: a user namespace can only be entered while the process has one thread.
    environments = make_environments([plan.network for plan in plans], isolation)
    for plan in plans:
        environments[plan.network].check(plan)
    watching = [StorageObserver()] if observers is None else observers
    interruption = Interruption()
    bus = event_bus or EventBus()
    run = _Run(plans, environments, schedule, bus, progress, payload_bytes, watching, interruption)
    with interruption.noted():
        result = asyncio.run(run.execute(name, experiment_file, experiment_text, results_directory))
        _report(result, interruption)
    return result


def _report(result: RunResult, interruption: Interruption) -> None:
    """Write the report, from what is on disk, as for a run that was killed; a signal stops that."""
    try:
        with interruption.heeded():
            apart(lambda: write_report(result.directory))
    except Interrupted:
        print(
            "panther: interrupted while the report was written: there is none\n"
            "  cure: 'panther-gen open' writes it",
            file=sys.stderr,
        )
    if result.signal != interruption.number:
        result.signal = interruption.number
        _write(result)


def _write(result: RunResult) -> None:
    write_run(result)
    write_junit(result)


class _Run:
    def __init__(
        self,
        plans: Sequence[TestPlan],
        environments: Mapping[str, Environment],
        schedule: Schedule,
        bus: EventBus,
        progress: Progress,
        payload_bytes: int,
        observers: Sequence[Observer],
        interruption: Interruption,
    ) -> None:
        self._plans = repeated(plans, schedule.repeat)
        self._environments = environments
        side_by_side = all(environment.parallel for environment in environments.values())
        self._schedule = schedule if side_by_side else replace(schedule, jobs=1)
        self._bus = bus
        self._progress = progress
        self._payload_bytes = payload_bytes
        self._programs = ProgramsObserver()
        self._observers = [*observers, self._programs]
        self._interruption = interruption
        self._context: RunContext | None = None
        self._scope: RunScope | None = None

    async def execute(
        self, name: str, experiment_file: str, experiment_text: str, results_directory: Path
    ) -> RunResult:
        started = datetime.now(UTC)
        clock = time.monotonic()
        directory = make_run_directory(results_directory, name, started)
        isolation = "; ".join(environment.describe() for environment in self._environments.values())
        result = RunResult(
            name, directory, isolation, started, jobs=self._schedule.jobs, experiment_file=experiment_file
        )
        record_command(result)
        if experiment_text:
            write_experiment(result, experiment_text)
        self._context = RunContext(
            CertificateAuthority(directory / "certs"),
            self._payload_bytes,
            Backstage(),
            on_phase=self._progress.phase,
            blocking=self._interruption.breaking_off,
            test_timeout=self._schedule.test_timeout,
        )
        names = tuple(plan.label for plan in self._plans)
        self._scope = RunScope(directory, self._bus)
        with self._watched(self._scope):
            self._bus.publish(ExperimentStartedEvent(experiment_file=experiment_file, test_names=names))
            self._progress.started(result, names)
            try:
                await self._run_tests(result)
            finally:
                self._progress.close()
                for environment in self._environments.values():
                    environment.finish()
                self._context.backstage.close()
                result.seconds = round(time.monotonic() - clock, 6)
                result.programs = self._programs.describe(ask=self._interruption.number is None)
                result.signal = self._interruption.number
                _write(result)
            self._bus.publish(ExperimentFinishedEvent(exit_code=result.exit_code, seconds=result.seconds))
        self._progress.finished(result)
        return result

    async def _run_tests(self, result: RunResult) -> None:
        async def run(plan: TestPlan) -> TestResult:
            directory = result.directory / plan.directory_name
            with on_disk(result.directory):
                directory.mkdir(parents=True)
            test = await self._run_test(plan, directory)
            self._progress.test_finished(test)
            return test

        task = asyncio.current_task()
        assert task is not None
        with self._interruption.told(lambda again: self._stop(task, again)):
            begun = await run_side_by_side(self._plans, self._schedule, run)
        interrupted = self._interruption.number is not None
        why = "the run was interrupted" if interrupted else "a test before it did not pass"
        for index, plan in enumerate(self._plans):
            missed = TestResult(
                plan.name,
                result.directory / plan.directory_name,
                Outcome.NOT_RUN,
                why,
                repetition=plan.repetition,
            )
            result.tests.append(begun.get(index, missed))

    async def _run_test(self, plan: TestPlan, directory: Path) -> TestResult:
        assert self._context is not None
        assert self._scope is not None
        self._progress.test_started(plan.label)
        scope = TestScope(self._scope, plan.label, directory, EventBus())
        with self._watched(scope):
            scope.bus.subscribe(Event, self._bus.publish)
            scope.bus.publish(TestStartedEvent(test_name=plan.label, directory=plan.directory_name))
            environment = self._environments[plan.network]
            test = await Trial(plan, directory, environment, self._context, scope.bus).run()
            scope.bus.publish(
                TestFinishedEvent(
                    test_name=plan.label, outcome=str(test.outcome), reason=test.reason, seconds=test.seconds
                )
            )
        test.observed = scope.findings
        return test

    @contextlib.contextmanager
    def _watched(self, scope: RunScope | TestScope) -> Iterator[None]:
        """Let every observer watch; the first one hears of an event first, and leaves last."""
        with contextlib.ExitStack() as stack:
            for observer in self._observers:
                if isinstance(scope, RunScope):
                    stack.enter_context(observer.watch_run(scope))
                else:
                    stack.enter_context(observer.watch_test(scope))
            yield

    def _stop(self, task: asyncio.Task[object], again: bool) -> None:
        """End the run in order; at once, if that is asked for again."""
        assert self._context is not None
        if again:
            self._context.in_a_hurry = True
            for place in self._context.places:
                place.kill()
        task.cancel()

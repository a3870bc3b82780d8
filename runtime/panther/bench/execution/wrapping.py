"""The execution environments of one service while it runs: what is started, signalled, and read at last."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from panther.bench.cells import Spawn
from panther.bench.execution.base import ExecutionEnvironment, Spot
from panther.bench.execution.companion import Companion
from panther.bench.execution.gate import behind_gate, open_gate
from panther.bench.execution.phrases import fault_of
from panther.bench.execution.processes import descendants, signal_those_that_catch
from panther.bench.execution.summary import write_summary
from panther.errors import MachineError
from panther.plugins.services.base.command import Command

__all__ = ["ServiceProfile", "Wrapping"]

#: The most seconds that a service has to catch its profiler's signal, and a companion to observe.
_MOST = 30.0
#: Seconds after which a program that does not say that it observes has not ended at once.
_AT_ONCE = 0.03
#: Seconds that a service which is about to be stopped has, to come to a point where its profiler can be told.
_PATIENCE = 1.0
#: See :attr:`Spot.proc`; util-linux, which every Debian has.
_OWN_PROC = ("unshare", "--mount", "--mount-proc", "--")


@dataclass(frozen=True)
class ServiceProfile:
    """What an environment saw of one service, as it stands in the results."""

    environment: str
    headline: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""
    note: str = ""
    findings: int = 0
    products: tuple[str, ...] = ()
    """Files, relative to the test's directory."""

    problem: str = ""
    """Why there is nothing to see; the other fields are empty then."""


@dataclass
class Wrapping:
    """The environments of one service, the first one outermost.

    Args:
        environments: those that apply to the service.
        spot: where the service's files go; each environment gets a directory of its own below it.
        root: what paths in the results are relative to.
        inside: the spot's directory as the service sees it; None: as the runner does.
    """

    environments: Sequence[ExecutionEnvironment]
    spot: Spot
    root: Path
    inside: Path | None = None
    broken: str = ""
    """What is known of a tool that broke, as a sentence; the service's own end is not known then."""

    _attempt: int = -1
    _gated: bool = False
    _proc: tuple[str, ...] = ()
    _command: Command = field(default_factory=lambda: Command(()))
    _companions: list[tuple[str, Companion]] = field(default_factory=list)
    _switches: list[asyncio.Task[None]] = field(default_factory=list)
    _written: set[str] = field(default_factory=set)
    _problems: dict[str, str] = field(default_factory=dict)

    @property
    def cost(self) -> float:
        """How many times longer the service may take."""
        factor = 1.0
        for environment in self.environments:
            factor *= environment.cost
        return factor

    def wrap(self, command: Command, *, private: bool, gated: bool = False) -> Command:
        """Return what is started instead of a command; called each time that the service is started.

        Args:
            command: the service's own.
            private: it is started in a PID namespace.
            gated: it may wait at its beginning for :meth:`attach`, which comes late.

        Raises:
            OSError: a directory cannot be made.
            MachineError: an environment's own code fails.
        """
        self._attempt += 1
        self._proc = _OWN_PROC if private else ()
        self._command = command
        self._written.clear()
        for environment in self.environments:
            self._spot_of(environment).directory.mkdir(parents=True, exist_ok=True)
        self._gated = gated and any(one.from_the_start for one in self.environments)
        wrapped = self.wrapped(command)
        return behind_gate(wrapped) if self._gated else wrapped

    def wrapped(self, command: Command) -> Command:
        """Return what a command is wrapped in, without a gate; nothing is made.

        Raises:
            MachineError: an environment's own code fails.
        """
        for environment in reversed(self.environments):
            spot = self._spot_of(environment)
            seen = spot.directory if self.inside is None else self.inside / environment.name
            with self._faults_of(environment):
                command = environment.wrap(command, replace(spot, directory=seen))
        return command

    async def attach(
        self, pid: int, spawn: Spawn, environment: Mapping[str, str], *, pid_beside: int
    ) -> None:
        """Start what runs beside a service that has been started, and switch its profilers on.

        Args:
            pid: the service's process, as this process sees it.
            spawn: starts a program beside the service.
            environment: environment variables for what is started.
            pid_beside: the same process as what is started sees it.

        Raises:
            MachineError: an environment's own code fails.
        """
        late = [one for one in self.environments if one.from_the_start]
        for one in self.environments:
            if one not in late:
                await self._start_beside(one, pid_beside, spawn, environment)
        if self._gated:
            await open_gate(pid)
        for one in late:
            await self._start_beside(one, pid_beside, spawn, environment)
        for one in self.environments:
            if one.start_signal is not None:
                self._switches.append(asyncio.create_task(self._switch(one, one.start_signal, pid)))

    async def before_stop(self, pid: int) -> None:
        """Have the profilers within the service write what they saw, before it is sent a signal."""
        await self._end_switches()
        for one in self.environments:
            if one.stop_signal is not None and one.name not in self._written:
                await signal_those_that_catch(one.stop_signal, pid, within=0, patience=_PATIENCE)
                self._written.add(one.name)

    def targets(self, pid: int) -> list[int]:
        """Return the processes that a signal to the service is for; none: its process group."""
        if not any(one.is_parent for one in self.environments):
            return []
        return descendants(pid)

    def status(self, returncode: int) -> int:
        """Return how the service itself ended, where that can be known, else how the tool did."""
        for one in self.environments:
            try:
                own = one.status(returncode, self._spot_of(one))
            except Exception as error:  # noqa: BLE001 — see _faults_of
                self._problems[one.name] = fault_of(error)
                self.broken = self._sentence(one, fault_of(error))
                return returncode
            if own is None:
                end = f"ended with {returncode}" if returncode >= 0 else f"was killed by signal {-returncode}"
                self.broken = self._sentence(one, f"it {end}")
                return returncode
            returncode = own
        return returncode

    def kill(self) -> None:
        """Kill what runs beside the service, where :meth:`finish` was cut short."""
        for task in self._switches:
            task.cancel()
        for _, companion in self._companions:
            companion.kill()

    async def finish(self) -> None:
        """End what runs beside a service that has ended."""
        await self._end_switches()
        for _, companion in self._companions:
            await companion.stop()

    def profiles(self) -> list[ServiceProfile]:
        """Read what the environments saw; call it when all services of the test have ended."""
        return [self._profile(one) for one in self.environments] if self._attempt >= 0 else []

    def _profile(self, one: ExecutionEnvironment) -> ServiceProfile:
        if one.name in self._problems:
            return ServiceProfile(one.name, "", problem=self._problems[one.name])
        try:
            return self._seen_by(one)
        except (OSError, ValueError) as error:
            return ServiceProfile(one.name, "", problem=f"its product cannot be read: {error}")
        except Exception as error:  # noqa: BLE001 — see _faults_of
            return ServiceProfile(one.name, "", problem=f"its product cannot be read: {fault_of(error)}")

    def _seen_by(self, one: ExecutionEnvironment) -> ServiceProfile:
        spot = self._spot_of(one)
        profile = one.read(self._command, spot)
        if profile is None:
            return ServiceProfile(one.name, "", problem=self._why_nothing(one))
        products = [*profile.products, write_summary(one.name, profile, spot)]
        return ServiceProfile(
            environment=one.name,
            headline=profile.headline,
            columns=profile.columns,
            rows=profile.rows,
            text=profile.text,
            note=profile.note,
            findings=profile.findings,
            products=tuple(os.path.relpath(product, self.root) for product in products),
        )

    def _why_nothing(self, one: ExecutionEnvironment) -> str:
        said = [companion.said() for name, companion in self._companions if name == one.name]
        why = (said[-1] if said else "") or one.without_product
        return "it left no product" + (f": {why}" if why else "")

    @contextlib.contextmanager
    def _faults_of(self, one: ExecutionEnvironment) -> Iterator[None]:
        """Say whose fault it is where an environment raises what none may: it can be a user's own file."""
        try:
            yield
        except Exception as error:
            raise MachineError(self._sentence(one, fault_of(error))) from error

    def _sentence(self, one: ExecutionEnvironment, why: str) -> str:
        return f"the execution environment '{one.name}' of service '{self.spot.service}' broke: {why}"

    def _spot_of(self, one: ExecutionEnvironment) -> Spot:
        directory = self.spot.directory / one.name
        return replace(self.spot, directory=directory, attempt=max(self._attempt, 0), proc=self._proc)

    async def _start_beside(
        self, one: ExecutionEnvironment, pid: int, spawn: Spawn, environment: Mapping[str, str]
    ) -> None:
        with self._faults_of(one):
            beside = one.beside(pid, self._spot_of(one))
        if beside is None:
            return
        for _ in range(beside.tries):
            try:
                companion = Companion(beside.command, spawn, environment, self._spot_of(one).directory)
            except ProcessLookupError:
                return  # the service has ended, and its place with it
            self._companions.append((one.name, companion))
            observes = False
            if beside.ready is not None:
                observes = await companion.wait_for(beside.ready, beside.words, _MOST)
            if beside.tries == 1 or observes or not await companion.ends_within(_AT_ONCE):
                return

    async def _switch(self, one: ExecutionEnvironment, number: int, pid: int) -> None:
        """Start a profiler as soon as the service catches its signal; stop it when its time is over."""
        await signal_those_that_catch(number, pid, within=_MOST, patience=math.inf)
        seconds = one.seconds()
        if seconds is not None and one.stop_signal is not None:
            await asyncio.sleep(seconds)
            self._written.add(one.name)
            await signal_those_that_catch(one.stop_signal, pid, within=0, patience=math.inf)

    async def _end_switches(self) -> None:
        for task in self._switches:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._switches.clear()

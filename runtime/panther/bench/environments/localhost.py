"""The network environment ``localhost``: the services of a test are processes on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from panther.bench.capture import PacketFilter
from panther.bench.cells import Cell
from panther.bench.certificates import CertificateAuthority
from panther.bench.environments.local_service import LocalService, check_program
from panther.bench.environments.sites import free_ports, imagine_sites, make_services, make_sites
from panther.bench.environments.together import all_of
from panther.bench.environments.transfer import Transfer
from panther.bench.evidence import Evidence, Outcome, judge
from panther.bench.isolation import Isolation
from panther.bench.payload import PAYLOAD_NAME
from panther.bench.plan import ServicePlan, TestPlan
from panther.bench.readiness import NotReadyError, wait_until_ready
from panther.bench.results import TestResult, on_disk
from panther.bench.testers import tester_verdict
from panther.core.events import EventBus, ServiceReadyEvent
from panther.errors import InputError, MachineError, PantherError

__all__ = ["LocalhostTest", "RunContext", "check_test"]


@dataclass
class RunContext:
    """What the tests of a run share."""

    isolation: Isolation
    certificates: CertificateAuthority
    payload_bytes: int
    on_phase: Callable[[str, str], None] = lambda test, phase: None
    """Called with a test's name and what it does now."""

    in_a_hurry: bool = False
    """The user has asked twice to stop: nobody gets a grace any more."""

    cells: list[Cell] = field(default_factory=list)
    """The cells that are open."""


class LocalhostTest:
    """One run of one test.

    Args:
        plan: the test.
        directory: gets everything that the test leaves; it exists.
        context: what it shares with other tests.
        bus: where its events go.
    """

    def __init__(self, plan: TestPlan, directory: Path, context: RunContext, bus: EventBus) -> None:
        self._plan = plan
        self._directory = directory
        self._context = context
        self._bus = bus
        self._services: dict[str, LocalService] = {}
        self._evidence: list[Evidence] = []
        self._phases: dict[str, float] = {}
        self._interrupted = False

    async def run(self) -> TestResult:
        """Run the test. A cancellation ends it in order and makes it "interrupted"."""
        started = time.monotonic()
        error = ""
        try:
            await self._run()
        except asyncio.CancelledError:
            self._interrupted = True
            _take_note_of_cancellation()
        except MachineError as problem:
            error = str(problem)
        except NotReadyError as problem:
            self._evidence.append(Evidence("ready", False, str(problem)))
        return self._conclude(error, time.monotonic() - started)

    async def _run(self) -> None:
        with self._phase("prepare"):
            isolation = self._context.isolation
            ports = self._plan.ports if isolation.private else free_ports(self._plan)
            with on_disk(self._directory):
                sites = make_sites(
                    self._plan, self._directory, self._context.certificates, self._context.payload_bytes
                )
            self._services = make_services(self._plan, sites, ports, isolation.private, self._bus)
            if not self._prepare_services():
                return
            cell = isolation.open_cell(_packet_filter(self._plan, ports))
            self._context.cells.append(cell)
        try:
            await self._use(cell)
        finally:
            try:
                await self._stop()
            finally:
                self._leave(cell)
        for server in self._plan.servers:
            service = self._services[server.name]
            if server.is_tester:
                self._evidence += tester_verdict(server.name, service.site)
            self._evidence.append(service.server_end())

    async def _use(self, cell: Cell) -> None:
        with self._phase("start"):
            await all_of(self._serve(server, cell) for server in self._plan.servers)
        if not self._plan.clients:
            self._evidence.append(Evidence("client", None, "no client takes part in this test"))
            return
        for server in self._plan.servers:
            if not cell.private and server.case.probes:
                self._evidence.append(await server.case.probe(self._services[server.name].port))
        with self._phase("transfer"):
            transfer = Transfer(self._plan, self._services, cell, self._hurry)
            self._evidence += await transfer.run()

    async def _serve(self, server: ServicePlan, cell: Cell) -> None:
        service = self._services[server.name]
        process = service.start(cell)
        try:
            observed = await wait_until_ready(
                process,
                cell,
                transports=server.case.transports,
                port=service.port,
                timeout=server.ready_timeout,
            )
        except NotReadyError as problem:
            sentence = f"server '{server.name}' was not ready: {problem}"
            service.report_error(sentence)
            raise NotReadyError(sentence) from None
        service.ready_after = round(time.monotonic() - process.started, 6)
        self._evidence.append(Evidence("ready", True, f"server '{server.name}': {observed}"))
        self._bus.publish(
            ServiceReadyEvent(service_name=server.name, observed=observed, seconds=service.ready_after)
        )

    async def _stop(self) -> None:
        with self._phase("stop"):
            running = [service for service in self._services.values() if service.is_running]
            await all_of(service.process.stop(self._hurry) for service in running if service.process)
        for service in self._services.values():
            service.report_stop()

    def _leave(self, cell: Cell) -> None:
        """Leave nothing behind, also where stopping was itself cut short."""
        self._context.cells.remove(cell)
        if cell.capture is not None:
            cell.capture.close()  # now: whoever closes it last, here or in the cell, waits for the kernel
        cell.kill()
        for service in self._services.values():
            if service.process is not None:
                service.process.reap()
        self._context.isolation.close_cell(cell)

    def _prepare_services(self) -> bool:
        for service in self._services.values():
            try:
                service.prepare()
            except PantherError:
                raise
            except Exception as error:  # noqa: BLE001 — a plugin's own code may raise anything
                sentence = (
                    f"the plugin's preparation of '{service.name}' failed: {type(error).__name__}: {error}"
                )
                self._evidence.append(Evidence("preparation", False, sentence))
                return False
        return True

    def _conclude(self, error: str, seconds: float) -> TestResult:
        outcome = Outcome.ERROR if error else judge(self._evidence)
        if self._interrupted:
            outcome = Outcome.INTERRUPTED
        passed = outcome is Outcome.PASSED
        if passed or error:
            self._remove_payloads()
        return TestResult(
            name=self._plan.name,
            directory=self._directory,
            outcome=outcome,
            reason=error or _reason(outcome, self._evidence),
            seconds=round(seconds, 6),
            phases=self._phases,
            evidence=self._evidence,
            services=[service.result(with_log=not passed) for service in self._services.values()],
        )

    def _remove_payloads(self) -> None:
        """Remove what is large and tells nothing more; the hashes stay in the evidence."""
        shutil.rmtree(self._directory / "www", ignore_errors=True)
        for service in self._services.values():
            (service.site.download_dir / PAYLOAD_NAME).unlink(missing_ok=True)
            for directory in (service.site.download_dir, service.site.qlog_dir):
                with contextlib.suppress(OSError):  # it is not empty
                    directory.rmdir()

    def _hurry(self) -> bool:
        return self._context.in_a_hurry

    @contextlib.contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        self._context.on_phase(self._plan.name, name)
        started = time.monotonic()
        try:
            yield
        finally:
            self._phases[name] = round(time.monotonic() - started, 6)


def check_test(plan: TestPlan) -> None:
    """Build every command of a test as a trial, and look for its program; nothing is started or written.

    Raises:
        PantherError: a command cannot be built, or a program is not there.
    """
    nowhere = Path.cwd() / "panther-results" / plan.directory_name
    try:
        services = make_services(plan, imagine_sites(plan, nowhere), plan.ports, True, EventBus())
        for service in services.values():
            service.build()
    except PantherError:
        raise
    except Exception as error:
        raise InputError(
            f"a plugin of test '{plan.name}' failed at its command: {type(error).__name__}: {error}",
            where=_place_of(error),
        ) from error
    for service in services.values():
        check_program(service)


def _place_of(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"


def _take_note_of_cancellation() -> None:
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()


def _packet_filter(plan: TestPlan, ports: Mapping[str, int]) -> PacketFilter | None:
    """Return what to capture in a test: what the protocol of its first server wants to see."""
    return plan.servers[0].case.packet_filter(tuple(ports.values())) if plan.servers else None


def _reason(outcome: Outcome, evidence: Sequence[Evidence]) -> str:
    """Return what decided: what speaks against the test, else what was proved and what could not be seen."""
    if outcome is Outcome.INTERRUPTED:
        return "it was interrupted"
    against = [item for item in evidence if item.passed is False]
    if against or outcome is Outcome.FAILED:
        return min(against, key=_nearness_to_the_cause).detail if against else "nothing was proved"
    return "; ".join(item.detail for item in evidence if _is_telling(item))


def _is_telling(item: Evidence) -> bool:
    """Tell whether an item belongs to the reason why a test passed."""
    if item.name in {"negotiated", "server", "transport"}:  # else the payload's way says it, or all is well
        return item.passed is None
    return item.name in {"payload", "pongs", "tester", "traffic", "version"}


def _nearness_to_the_cause(item: Evidence) -> int:
    """Rank what speaks against a test: a server that died explains a payload that is missing."""
    causes = ("preparation", "ready", "server", "negotiated", "tester", "client", "transport", "version")
    return causes.index(item.name) if item.name in causes else len(causes)

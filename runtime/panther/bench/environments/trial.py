"""One run of one test, in whatever network environment: from its directories to a verdict."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from panther.bench.environments.base import Environment, Place, RunContext
from panther.bench.environments.host_commands import HostCommands
from panther.bench.environments.order import Order
from panther.bench.environments.profiles import read_profiles
from panther.bench.environments.service import Service
from panther.bench.environments.together import all_of
from panther.bench.environments.transfer import Transfer
from panther.bench.evidence import Evidence, Outcome, judge
from panther.bench.impairment.evidence import network_evidence, network_result
from panther.bench.payload import PAYLOAD_NAME
from panther.bench.plan import SERVED_DIRECTORY, ServicePlan, TestPlan
from panther.bench.readiness import NotReadyError, wait_until_ready
from panther.bench.results import NetworkResult, TestResult, on_disk
from panther.bench.testers import tester_verdict
from panther.core.events import EventBus, ServiceReadyEvent
from panther.errors import MachineError, PantherError

__all__ = ["Trial"]


class Trial:
    """One run of one test.

    Args:
        plan: the test.
        directory: gets everything that the test leaves; it exists.
        environment: where its services run.
        context: what it shares with other tests.
        bus: where its events go.
    """

    def __init__(
        self, plan: TestPlan, directory: Path, environment: Environment, context: RunContext, bus: EventBus
    ) -> None:
        self._plan = plan
        self._environment = environment
        self._commands = HostCommands(plan, directory)
        self._directory = directory
        self._context = context
        self._bus = bus
        self._services: Mapping[str, Service] = {}
        self._transfer: Transfer | None = None
        self._evidence: list[Evidence] = []
        self._phases: dict[str, float] = {}
        self._network: NetworkResult | None = None
        self._broken = ""
        self._interrupted = False

    async def run(self) -> TestResult:
        """Run the test. A cancellation ends it in order and makes it "interrupted"."""
        started = time.monotonic()
        error = ""
        try:
            async with asyncio.timeout(self._context.test_timeout):
                await self._run()
        except asyncio.CancelledError:
            self._take_note_of_interruption()
        except TimeoutError:
            sentence = f"the test did not end within {self._context.test_timeout:g} s"
            self._evidence.append(Evidence("time", False, sentence))
        except MachineError as problem:
            error = str(problem)
        except NotReadyError as problem:
            self._evidence.append(Evidence("ready", False, str(problem)))
        profiled = [service for service in self._services.values() if service.plan.wrappers]
        if profiled and not self._interrupted:
            try:
                with self._phase("profiles"):
                    self._evidence += await read_profiles(profiled)
            except asyncio.CancelledError:
                self._take_note_of_interruption()
        return self._conclude(error or self._broken_bench(), time.monotonic() - started)

    async def _run(self) -> None:
        with self._phase("prepare"):
            place = await self._prepare()
        if place is None:
            return
        try:
            await self._run_services(place)
        finally:
            if self._plan.post_commands and not self._context.in_a_hurry:
                with self._phase("after"):
                    self._evidence += await self._commands.run_after()

    async def _prepare(self) -> Place | None:
        """Make what the services need; return where they run, or None if they cannot be started."""
        await self._environment.prepare(self._plan)
        ports = self._environment.ports(self._plan)
        with on_disk(self._directory):
            self._services = self._environment.make_services(
                self._plan, self._directory, self._context, ports, self._bus
            )
        if not self._prepare_services():
            return None
        await self._commands.run_before()
        place = await self._environment.open(self._plan, self._directory, self._services, ports)
        self._context.places.append(place)
        return place

    async def _run_services(self, place: Place) -> None:
        try:
            await self._use(place)
        finally:
            try:
                await self._stop(place)
            finally:
                await self._leave(place)
        for server in self._plan.servers:
            service = self._services[server.name]
            if server.is_tester:
                self._evidence += tester_verdict(server.name, service.site)
            self._evidence.append(service.server_end())

    async def _use(self, place: Place) -> None:
        with self._phase("start"):
            await self._start_servers(place)
        if not self._plan.clients:
            self._evidence.append(Evidence("client", None, "no client takes part in this test"))
            return
        if not place.private:
            await self._probe_servers()
        with self._phase("transfer"):
            self._transfer = Transfer(self._plan, self._services, place, self._hurry)
            await self._transfer.run()

    async def _start_servers(self, place: Place) -> None:
        """Start the servers side by side, each when those that it depends on are ready."""
        order = Order(server.name for server in self._plan.servers)
        await all_of(
            order.after(server.depends_on, server.name, partial(self._serve, server, place))
            for server in self._plan.servers
        )

    async def _probe_servers(self) -> None:
        for server in self._plan.servers:
            if server.case.probes:
                self._evidence.append(await server.case.probe(self._services[server.name].port))

    async def _serve(self, server: ServicePlan, place: Place) -> None:
        service = self._services[server.name]
        process = await service.start(place)
        try:
            observed = await wait_until_ready(
                process,
                place,
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

    async def _stop(self, place: Place) -> None:
        with self._phase("stop"):
            running = [service for service in self._services.values() if service.is_running]
            stops = [service.process.stop(self._hurry) for service in running if service.process]
            await all_of([*stops, self._judge()])  # the servers have their signals by then
        for service in self._services.values():
            await service.wrapping.finish()
            service.report_stop()
        if place.impaired is not None:
            self._broken = place.impaired.problem
            wanted, counts = self._plan.impairment, await place.impaired.stop()
            self._network = network_result(wanted, place.impaired.by, counts)
            self._evidence.append(network_evidence(wanted, self._network))

    async def _judge(self) -> None:
        if self._transfer is not None:
            self._evidence += self._transfer.judge()

    async def _leave(self, place: Place) -> None:
        """Leave nothing behind, also where stopping was itself cut short."""
        self._context.places.remove(place)
        for capture in place.captures:
            capture.close()  # now: whoever closes it last, here or in the cell, waits for the kernel
        place.kill()
        for service in self._services.values():
            service.wrapping.kill()
            if service.process is not None:
                service.process.reap()
                self._evidence += [Evidence("log", None, note) for note in service.process.notes]
        await place.leave()

    def _prepare_services(self) -> bool:
        for service in self._services.values():
            try:
                with self._context.blocking() if service.prepares_itself else contextlib.nullcontext():
                    service.prepare()
                service.check()
            except PantherError:
                raise
            except Exception as error:  # noqa: BLE001 — a plugin's own code may raise anything
                sentence = (
                    f"the plugin's preparation of '{service.name}' failed: {type(error).__name__}: {error}"
                )
                self._evidence.append(Evidence("preparation", False, sentence))
                return False
        return True

    def _broken_bench(self) -> str:
        """Return why nothing is known of the services: what is around them broke, and the test failed."""
        causes = (self._broken, *(service.wrapping.broken for service in self._services.values()))
        broken = next(filter(None, causes), "")
        return broken if broken and judge(self._evidence) is not Outcome.PASSED else ""

    def _conclude(self, error: str, seconds: float) -> TestResult:
        outcome = Outcome.ERROR if error else judge(self._evidence)
        if self._interrupted:
            outcome = Outcome.INTERRUPTED
        passed = outcome is Outcome.PASSED
        if passed or error:
            self._remove_payloads()
        return TestResult(
            name=self._plan.name,
            repetition=self._plan.repetition,
            directory=self._directory,
            outcome=outcome,
            reason=error or _reason(outcome, self._evidence),
            seconds=round(seconds, 6),
            phases=self._phases,
            network=self._network,
            evidence=self._evidence,
            services=[service.result(with_log=not passed) for service in self._services.values()],
        )

    def _remove_payloads(self) -> None:
        """Remove what is large and tells nothing more; the hashes stay in the evidence."""
        files = [service.site.download_dir / PAYLOAD_NAME for service in self._services.values()]
        if not self._environment.keeps_payload:
            files.append(self._directory / SERVED_DIRECTORY)
        self._context.backstage.remove(files)

    def _take_note_of_interruption(self) -> None:
        self._interrupted = True
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()

    def _hurry(self) -> bool:
        return self._context.in_a_hurry

    @contextlib.contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        self._context.on_phase(self._plan.label, name)
        started = time.monotonic()
        try:
            yield
        finally:
            self._phases[name] = round(time.monotonic() - started, 6)


def _reason(outcome: Outcome, evidence: Sequence[Evidence]) -> str:
    """Return what decided: what speaks against the test, else what was proved and what could not be seen."""
    if outcome is Outcome.INTERRUPTED:
        return "it was interrupted"
    against = [item for item in evidence if item.passed is False]
    if against or outcome is Outcome.FAILED:
        return min(against, key=_nearness_to_the_cause).detail if against else "nothing was proved"
    telling = [item for item in evidence if _is_telling(item)]
    # Without a client a test is about its servers.
    return "; ".join(item.detail for item in telling or [one for one in evidence if one.name == "ready"])


def _is_telling(item: Evidence) -> bool:
    """Tell whether an item belongs to the reason why a test passed."""
    if item.name in {"negotiated", "server", "transport"}:  # else the payload's way says it, or all is well
        return item.passed is None
    return item.name in {"payload", "pongs", "tester", "traffic", "version"}


def _nearness_to_the_cause(item: Evidence) -> int:
    """Rank what speaks against a test: a server that died explains a payload that is missing."""
    before_the_client = ("preparation", "time", "ready", "server", "negotiated", "tester")
    causes = (*before_the_client, "client", "transport", "version")
    return causes.index(item.name) if item.name in causes else len(causes)

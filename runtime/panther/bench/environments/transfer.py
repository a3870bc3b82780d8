"""The part of a test in which clients talk to servers that are ready."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from panther.bench.environments.base import Place, Process
from panther.bench.environments.order import Order
from panther.bench.environments.service import Service
from panther.bench.environments.together import all_of
from panther.bench.evidence import Evidence
from panther.bench.netview import Counters
from panther.bench.plan import ServicePlan, TestPlan
from panther.bench.process import describe_end
from panther.bench.protocols.base import Exchange, Wire
from panther.bench.readiness import fate_of_daemons, is_bound
from panther.bench.testers import tester_verdict

__all__ = ["Transfer"]

#: Seconds between two looks at a client that need not exit.
_LOOK_AGAIN = 0.01
#: Seconds that a client has left when its server has crashed, and when it has exited: some serve once.
_AFTER_CRASH, _AFTER_EXIT = 1.0, 5.0
#: Seconds before a refused client is started again; doubled each time.
_FIRST_PAUSE = 0.05


class Transfer:
    """Starts the clients of a test, waits for them, and judges.

    What the last client has done can be judged while the servers are being stopped: all of it is known by
    then. The others are judged when they end, because more is captured afterwards.

    Args:
        plan: the test.
        services: its services by name; the servers run.
        place: where they run.
        hurry: tells whether whoever is stopped gets a grace.
    """

    def __init__(
        self, plan: TestPlan, services: Mapping[str, Service], place: Place, hurry: Callable[[], bool]
    ) -> None:
        self._plan = plan
        self._services = services
        self._place = place
        self._hurry = hurry
        self._before = Counters()
        self._wire: Wire | None = None
        self._begun: list[ServicePlan] = []
        self._ports: dict[str, set[int]] = {}
        self._clients_left = len(plan.clients)
        self._verdicts: list[Callable[[], list[Evidence]]] = []

    async def run(self) -> None:
        """Let all clients do their work."""
        with self._watching_the_wire():
            self._before = self._place.net.counters()
            order = Order(client.name for client in self._plan.clients)
            self._verdicts = await all_of(
                order.after(client.depends_on, client.name, partial(self._drive, client))
                for client in self._plan.clients
            )

    def judge(self) -> list[Evidence]:
        """Return the evidence, in the order of the clients; none where :meth:`run` has failed."""
        return [item for verdict in self._verdicts for item in verdict()]

    async def _drive(self, client: ServicePlan) -> Callable[[], list[Evidence]]:
        service = self._services[client.name]
        server = self._server_of(client)
        limit = self._limit(client)
        deadline = math.inf
        pause = _FIRST_PAUSE
        self._begun.append(client)
        while True:
            refused_before = self._refusals()
            process = await service.start(self._place)
            deadline = min(deadline, process.started + limit)  # making a container is no work of the client's
            end = await self._watch(client, process, deadline, limit)
            refused = self._refusals() > refused_before
            if not (refused and self._may_start_again(service, server, deadline)):
                break
            service.report_error(f"client '{client.name}' was refused and is started again")
            await asyncio.sleep(pause)
            pause *= 2
        ends = [end]
        if service.restarts:
            again = f"client '{client.name}' was refused and started {service.restarts} times again"
            ends.append(Evidence("restarts", None, again))
        verdict = self._verdict_of(client)
        self._clients_left -= 1
        if not self._clients_left:
            return lambda: [*verdict(), *ends]
        evidence = [*verdict(), *ends]
        return lambda: evidence

    def _verdict_of(self, client: ServicePlan) -> Callable[[], list[Evidence]]:
        """Return what tells what a tester says, or what the protocol proves; nothing of a tester's client."""
        if client.is_tester:
            return partial(tester_verdict, client.name, self._services[client.name].site)
        if self._server_of(client).plan.is_tester:
            return list
        return partial(client.case.judge, self._exchange(client, finished=True))

    async def _watch(self, client: ServicePlan, process: Process, deadline: float, limit: float) -> Evidence:
        """Wait until a client ends, or stop it when it must not go on; return how it ended."""
        service, server = self._services[client.name], self._server_of(client)
        while not process.exited.done():
            if client.may_run_on and client.case.is_complete(self._exchange(client)):
                await process.stop(self._hurry)
                return Evidence("client", True, f"client '{client.name}' had finished and was stopped")
            if self._has_gone(server) and not await process.wait(self._grace_after(server)):
                return await self._stop_client(process, self._after_server(client, server))
            left = deadline - time.monotonic()
            if left <= 0:
                sentence = f"client '{client.name}' did not finish within {limit:g} s"
                return await self._stop_client(process, sentence)
            await self._await_change(client, process, server, left)
        return service.client_end()

    async def _await_change(
        self, client: ServicePlan, process: Process, server: Service, left: float
    ) -> None:
        watched = {process.exited}
        if server.process is not None and not server.process.exited.done():
            watched.add(server.process.exited)
        pause = min(left, _LOOK_AGAIN) if client.may_run_on else left
        await asyncio.wait(watched, timeout=pause, return_when=asyncio.FIRST_COMPLETED)

    async def _stop_client(self, process: Process, sentence: str) -> Evidence:
        await process.stop(self._hurry)
        return Evidence("client", False, sentence)

    def _after_server(self, client: ServicePlan, server: Service) -> str:
        status = (server.process.returncode if server.process else None) or 0
        end = describe_end(status) + fate_of_daemons(self._place, status)
        return f"client '{client.name}' went on when server '{server.name}' {end}"

    def _has_gone(self, server: Service) -> bool:
        """Tell whether a server has ended; one that has made itself a daemon still has its port."""
        process = server.process
        if process is None or not process.exited.done():
            return False
        return process.returncode != 0 or not is_bound(self._place, server.plan.case.transports, server.port)

    def _grace_after(self, server: Service) -> float:
        crashed = server.process is not None and server.process.returncode != 0
        return _AFTER_CRASH if crashed else _AFTER_EXIT

    def _may_start_again(self, service: Service, server: Service, deadline: float) -> bool:
        process = service.process
        return (
            process is not None
            and process.returncode not in (0, None)
            and process.stopped_by is None
            and service.restarts < service.plan.connect_retries
            and time.monotonic() < deadline
            and not self._has_gone(server)
            and not any(service.site.download_dir.iterdir())
        )

    def _refusals(self) -> int:
        counters = self._place.net.counters()
        return counters.udp_refused + counters.tcp_refused

    def _limit(self, client: ServicePlan) -> float:
        """Return the seconds that a client has: its timeout, and what the steps of the test say."""
        return client.timeout if self._plan.wait is None else min(client.timeout, self._plan.wait)

    def _server_of(self, client: ServicePlan) -> Service:
        server = self._plan.server_of(client)
        assert server is not None  # plan_tests has refused clients without a server
        return self._services[server.name]

    def _exchange(self, client: ServicePlan, *, finished: bool = False) -> Exchange:
        service, server = self._services[client.name], self._server_of(client)
        self._read_captures()
        look = finished and not self._place.private
        clients = sum(self._plan.server_of(each) is server.plan for each in self._begun)
        if clients > 1 and not finished and service.process is not None:
            self._ports.setdefault(client.name, set()).update(self._place.ports_of(service.process))
        return Exchange(
            site=service.site,
            port=server.port,
            client=client.name,
            server=server.name,
            counters=self._place.net.counters() - self._before,
            private=self._place.private,
            # Walks a table of the whole machine: not while a client is being watched.
            connections=self._place.net.connections_of(server.port) if look else 0,
            wire=self._wire,
            exit_status=service.process.returncode if service.process else None,
            key_logs=(service.site.keylog_file, server.site.keylog_file),
            version=client.version,
            parameters=service.parameters,
            clients=clients,
            client_ports=frozenset(self._ports.get(client.name, ())),
        )

    @contextlib.contextmanager
    def _watching_the_wire(self) -> Iterator[None]:
        captures, loop = self._place.captures, asyncio.get_running_loop()
        if not captures:
            yield
            return
        ports = tuple(service.port for service in self._services.values() if service.plan.role == "server")
        self._wire = self._plan.servers[0].case.new_wire(ports)
        for capture in captures:
            loop.add_reader(capture.fileno(), self._read_captures)
        try:
            yield
        finally:
            for capture in captures:
                loop.remove_reader(capture.fileno())

    def _read_captures(self) -> None:
        if self._wire is not None:
            for capture in self._place.captures:
                for packet in capture.packets():
                    self._wire.feed(packet)

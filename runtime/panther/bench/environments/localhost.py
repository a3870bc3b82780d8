"""The network environment ``localhost``: the services of a test are processes on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from panther.bench.capture import PacketFilter
from panther.bench.environments.base import RunContext
from panther.bench.environments.local_place import LocalPlace
from panther.bench.environments.local_service import LocalService, find_surroundings
from panther.bench.environments.service import Service
from panther.bench.environments.sites import FreePorts, imagine_sites, make_services, make_sites
from panther.bench.environments.trial_commands import build_services, check_services
from panther.bench.impairment.setting import impair
from panther.bench.isolation import Isolation
from panther.bench.plan import TestPlan
from panther.bench.results import on_disk
from panther.core.events import EventBus
from panther.errors import MachineError

__all__ = ["Localhost"]


class Localhost:
    """Processes on this machine.

    Args:
        isolation: how tests are kept apart.
    """

    keeps_payload = False

    def __init__(self, isolation: Isolation) -> None:
        self._isolation = isolation
        self._free = FreePorts()
        self._surroundings = find_surroundings()

    @property
    def parallel(self) -> bool:
        """Whether each test has a network of its own."""
        return self._isolation.private

    def describe(self) -> str:
        """Return how tests are kept apart."""
        return str(self._isolation)

    def check(self, plan: TestPlan) -> None:
        """Build every command of a test, and look for its program; see :class:`Environment`."""
        services = self.imagine(plan)
        if not self._isolation.private:
            self._check_without_namespaces(plan, services)
        check_services(plan, services)

    def _check_without_namespaces(self, plan: TestPlan, services: Mapping[str, Service]) -> None:
        """Refuse what only namespaces can do."""
        placed = [service.name for service in services.values() if service.obeys_contract]
        if placed:
            problem = (
                f"service '{placed[0]}' of test '{plan.name}' needs /certs, /www and port 443 for itself"
            )
        elif plan.impairment:
            problem = f"the network of test '{plan.name}' can only be made worse in a namespace of its own"
        elif any(service.volumes for service in plan.services):
            problem = f"the volumes of test '{plan.name}' need namespaces"
        else:
            return
        raise MachineError(
            f"{problem}; isolation is {self._isolation}",
            cure="leave --isolation at auto, on a machine that allows namespaces, "
            "or use --network-environment docker_compose",
        )

    def imagine(self, plan: TestPlan) -> Mapping[str, Service]:
        """Return the services that a test would have, with their commands."""
        sites = imagine_sites(plan, Path.cwd() / "panther-results" / plan.directory_name)
        around = self._surroundings
        return build_services(plan, lambda: make_services(plan, sites, plan.ports, True, EventBus(), around))

    def further_lines(self, plan: TestPlan) -> list[str]:
        """Return nothing: the commands say it all."""
        return []

    def ports(self, plan: TestPlan) -> Mapping[str, int]:
        """Return the ports that the servers ask for, or free ones where the network is not the test's own."""
        return plan.ports if self._isolation.private else self._free.for_test(plan)

    async def prepare(self, plan: TestPlan) -> None:
        """Do nothing: programs are there."""

    def make_services(
        self, plan: TestPlan, directory: Path, context: RunContext, ports: Mapping[str, int], bus: EventBus
    ) -> dict[str, LocalService]:
        """Make the directories and the services of a test; see :class:`Environment`."""
        self._isolation.begin_cell(packet_filter(plan, ports))
        make = context.backstage.make_payload
        sites = make_sites(plan, directory, context.certificates, context.payload_bytes, make=make)
        return make_services(plan, sites, ports, self._isolation.private, bus, self._surroundings)

    async def open(
        self, plan: TestPlan, directory: Path, services: object, ports: Mapping[str, int]
    ) -> LocalPlace:
        """Open a cell."""
        place = LocalPlace(self._isolation.open_cell(packet_filter(plan, ports)), self._isolation)
        if plan.impairment:
            try:
                with on_disk(directory):
                    place.impaired = await impair(
                        place.spawn, plan.impairment, [*ports.values()], directory / "relay"
                    )
            except BaseException:
                place.kill()
                await place.leave()
                raise
        return place

    def finish(self) -> None:
        """Wait until nothing of any cell is left."""
        self._isolation.finish()


def packet_filter(plan: TestPlan, ports: Mapping[str, int]) -> PacketFilter | None:
    """Return what to capture in a test: what the protocol of its first server wants to see."""
    return plan.servers[0].case.packet_filter(tuple(ports.values())) if plan.servers else None

"""The network environment ``docker_compose``: the services of a test are containers of a Docker engine."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from panther.bench.containers.builds import Builds
from panther.bench.containers.compose_file import compose_text, write_compose_files
from panther.bench.containers.place import DockerPlace
from panther.bench.containers.service import ContainerService, site_inside
from panther.bench.containers.spec import TestSpec
from panther.bench.engine.connection import connect
from panther.bench.engine.labels import run_labels
from panther.bench.engine.reaper import Reaper
from panther.bench.environments.base import RunContext
from panther.bench.environments.localhost import packet_filter
from panther.bench.environments.service import Service
from panther.bench.environments.sites import imagine_sites, make_sites
from panther.bench.environments.trial_commands import build_services, check_services
from panther.bench.marks import own_mark
from panther.bench.plan import TestPlan, distinct_slugs
from panther.bench.protocols.base import Site
from panther.bench.results import on_disk
from panther.core.events import EventBus
from panther.errors import MachineError

if TYPE_CHECKING:
    from docker import DockerClient

__all__ = ["DockerCompose"]

_WAY_ROUND = "--network-environment localhost runs the same file without one"
#: What stands for an image that is not built, where nothing is run.
_UNBUILT = "panther/{name}:not-built"


class DockerCompose:
    """Containers. It connects to the engine when the first test needs it."""

    parallel = True
    keeps_payload = True

    def __init__(self) -> None:
        self._run = f"{own_mark()}-{uuid.uuid4().hex[:12]}"
        self._builds = Builds()
        self._reaper: Reaper | None = None
        self._client: DockerClient | None = None

    def describe(self) -> str:
        """Return how tests are kept apart."""
        return "containers"

    def check(self, plan: TestPlan) -> None:
        """Build every command of a test, and look for an engine; see :class:`Environment`."""
        check_services(plan, self.imagine(plan))
        self._check_surroundings(plan)
        if self._client is None:
            self._client = connect(way_round=_WAY_ROUND)

    def _check_surroundings(self, plan: TestPlan) -> None:
        """Refuse what only root can do: to enter a container's network, or look at its processes."""
        if os.geteuid() == 0:
            return
        for service in plan.services:
            if beside := [one.name for one in service.wrappers if any(tool.beside for tool in one.tools)]:
                raise MachineError(
                    f"{' and '.join(beside)} of service '{service.name}' of test '{plan.name}' "
                    "runs beside its container, which only root may",
                    cure="run as root; --network-environment localhost runs it on this machine; "
                    "--no-execution-environment leaves it out",
                )
        if plan.impairment:
            raise MachineError(
                f"only root may make the network of containers worse, as test '{plan.name}' wants",
                cure="run as root",
            )

    def imagine(self, plan: TestPlan) -> Mapping[str, ContainerService]:
        """Return the services that a test would have, with their commands."""
        sites = imagine_sites(plan, Path.cwd() / "panther-results" / plan.directory_name)
        return build_services(plan, lambda: self._make(plan, sites, EventBus()))  # type: ignore[return-value]

    def further_lines(self, plan: TestPlan) -> list[str]:
        """Return the compose file of a test."""
        services = self.imagine(plan)
        for service in services.values():
            service.image = _UNBUILT.format(name=service.plan.plugin.name)
        directory = Path.cwd() / "panther-results" / plan.directory_name
        return ["", *compose_text(self._spec(plan, services), directory).splitlines()]

    def ports(self, plan: TestPlan) -> Mapping[str, int]:
        """Return the ports that the servers ask for."""
        return plan.ports

    async def prepare(self, plan: TestPlan) -> None:
        """Build the images of a test's services that are not there yet.

        Raises:
            PantherError: one cannot be built.
        """
        await asyncio.gather(*(asyncio.shield(self._builds.image(service)) for service in plan.services))

    def make_services(
        self, plan: TestPlan, directory: Path, context: RunContext, ports: Mapping[str, int], bus: EventBus
    ) -> dict[str, ContainerService]:
        """Make the directories and the services of a test; see :class:`Environment`."""
        names = _aliases(plan)
        make = context.backstage.make_payload
        sites = make_sites(plan, directory, context.certificates, context.payload_bytes, names, make=make)
        services = self._make(plan, sites, bus)
        for service in services.values():
            service.image = self._builds.image(service.plan).result()
        return services

    async def open(
        self, plan: TestPlan, directory: Path, services: Mapping[str, Service], ports: Mapping[str, int]
    ) -> DockerPlace:
        """Write the compose file, and make the network."""
        assert self._client is not None  # check() has connected
        if self._reaper is None:
            self._reaper = Reaper(self._run)
        spec = self._spec(plan, services)
        with on_disk(directory):
            run_directory = directory.parents[len(Path(plan.directory_name).parts) - 1]
            write_compose_files(spec, run_directory, directory)
        place = DockerPlace(self._client, spec, packet_filter(plan, ports), plan.impairment, directory)
        try:
            await place.open()
        except BaseException:
            await place.leave()
            raise
        return place

    def finish(self) -> None:
        """End builds that no test needs any more, and tell the watcher that nothing is left."""
        self._builds.end()
        if self._reaper is not None:
            self._reaper.dismiss()

    def _make(self, plan: TestPlan, sites: Mapping[str, Site], bus: EventBus) -> dict[str, ContainerService]:
        names = _aliases(plan)
        services = {}
        for service in plan.services:
            server = plan.server_of(service) if service.role == "client" else service
            assert server is not None  # plan_tests has refused clients without a server
            site = sites[service.name]
            services[service.name] = ContainerService(
                service,
                site,
                host=names[server.name],
                port=plan.ports[server.name],
                bus=bus,
                inside=site_inside(site),
                alias=names[service.name],
            )
        return services

    def _spec(self, plan: TestPlan, services: Mapping[str, Service]) -> TestSpec:
        names = _aliases(plan)
        containers = {
            name: service.spec(plan, names)
            for name, service in services.items()
            if isinstance(service, ContainerService)
        }
        return TestSpec(containers, run_labels(self._run, plan.label))


def _aliases(plan: TestPlan) -> dict[str, str]:
    return distinct_slugs(service.name for service in plan.services)

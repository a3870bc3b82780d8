"""The network and the containers of one test."""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panther.bench.capture import Capture, PacketFilter
from panther.bench.cells import Spawn
from panther.bench.containers.container import ContainerProcess
from panther.bench.containers.home import ImageHome
from panther.bench.containers.room import NetworkRoom, is_in_network
from panther.bench.containers.spec import ContainerSpec, TestSpec
from panther.bench.containers.view import INTERFACE, ServersView
from panther.bench.engine.connection import explained
from panther.bench.environments.base import Process
from panther.bench.environments.service import Service
from panther.bench.execution.base import Spot
from panther.bench.execution.wrapping import Wrapping
from panther.bench.impairment.links import ServersLink, own_address
from panther.bench.impairment.quantities import Impairment
from panther.bench.impairment.setting import Impaired, impair
from panther.bench.netview import Socket
from panther.bench.threads import on_thread, to_its_end
from panther.errors import MachineError

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container
    from docker.models.networks import Network


__all__ = ["DockerPlace"]

#: What a container may keep of its output in the engine: the files in the results have it all.
_LOG_DRIVER = ("json-file", {"max-size": "16m", "max-file": "2"})


class DockerPlace:
    """Where the containers of one test run.

    Args:
        client: the engine.
        spec: the test.
        wanted: packets to capture; None: none.
        impairment: how bad its network is to be.
        directory: the test's; gets the files of what makes it so.
    """

    private = True
    keeps_daemons = False

    def __init__(
        self,
        client: DockerClient,
        spec: TestSpec,
        wanted: PacketFilter | None,
        impairment: Impairment,
        directory: Path,
    ) -> None:
        self._client = client
        self._spec = spec
        self._wanted = wanted
        self._impairment = impairment
        self._directory = directory
        self._rooms: dict[int, NetworkRoom] = {}
        self._network: Network | None = None
        self._name = f"panther-{uuid.uuid4().hex[:12]}"
        self._numbers = itertools.count(1)
        self._processes: list[ContainerProcess] = []
        self.net = ServersView()
        self.captures: list[Capture] = []
        self.impaired: Impaired | None = None

    async def open(self) -> None:
        """Make the network.

        Raises:
            MachineError: the engine refuses, or answers no longer.
        """
        await to_its_end(self._open())

    async def run(self, service: Service, argv: Sequence[str]) -> ContainerProcess:
        """Start the container of a service.

        Args:
            service: the service.
            argv: what it runs, which its specification has as it is at the first start.

        Raises:
            MachineError: the engine refuses, or answers no longer; its network cannot be made worse.
        """
        spec = replace(self._spec.containers[service.name], argv=tuple(argv))
        wrapping = service.wrapping if service.plan.wrappers else None
        if wrapping is not None:
            wrapping.spot = replace(wrapping.spot, home=self._home(service, spec))
        process = await to_its_end(self._start(spec, service.site.log_dir, wrapping))
        if spec.health is not None and process.pid:
            self.net.add(process.pid)
            await self._enter(process.pid, spec.health.port)
        return process

    async def _enter(self, pid: int, port: int) -> None:
        """Capture the packets of a server that has been started, and make its network worse."""
        if (wanted := self._wanted) is not None:
            with contextlib.suppress(OSError):  # this user may not, or it has ended: the wire is not observed
                self.captures.append(self._room(pid).do(lambda: Capture(wanted, leaving=INTERFACE)))
        if self._impairment:
            try:
                await self._make_worse(pid, port)
            except (MachineError, OSError) as error:
                if not is_in_network(pid):
                    return  # it has ended, which is seen where it is waited for
                if isinstance(error, MachineError):
                    raise
                raise MachineError(f"the network of a container cannot be made worse: {error}") from None

    async def _make_worse(self, pid: int, port: int) -> None:
        room = self._room(pid)
        link = ServersLink(INTERFACE, room.do(lambda: own_address(INTERFACE)))
        files = self._directory / (f"relay-{port}" if len(self._spec.servers) > 1 else "relay")
        worse = await impair(room.spawn, self._impairment, [port], files, link)
        self.impaired = worse if self.impaired is None else self.impaired.with_others(worse)

    def _room(self, pid: int) -> NetworkRoom:
        if pid not in self._rooms:
            self._rooms[pid] = NetworkRoom(pid)
        return self._rooms[pid]

    def _home(self, service: Service, spec: ContainerSpec) -> ImageHome:
        outside, inside = service.site.log_dir, service.inside.log_dir
        return ImageHome(self._client, spec.image, spec.user, self._spec.labels, outside, inside)

    def beside(self, process: Process) -> tuple[Spawn, int]:
        """Return what starts a program of this machine in a container's network."""

        def spawn(argv: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
            return self._room(process.pid).spawn(argv, **options)

        return spawn, process.program

    def spot(self, spot: Spot) -> Spot:
        """Return a spot with the interface that packets pass."""
        if self.impaired is not None:
            return replace(spot, interface=self.impaired.interface)
        return replace(spot, interface=INTERFACE, twice=False)

    def survivors(self) -> list[int]:
        """Return the first processes of the containers that run."""
        return [process.pid for process in self._processes if not process.exited.done()]

    def ports_of(self, process: Process) -> set[int]:
        """Return the UDP ports that are bound in a container."""
        view = ServersView()
        view.add(process.pid)
        with contextlib.suppress(OSError):  # it has ended
            return {socket.local_port for socket in view.serving("udp")}
        return set()

    def owns(self, socket: Socket) -> bool:
        """Return True: nobody else is in the containers."""
        return True

    def kill(self) -> None:
        """Kill what makes the network worse; :meth:`leave` removes containers that run."""
        if self.impaired is not None:
            self.impaired.kill()

    async def leave(self) -> None:
        """Remove the containers and the network.

        Raises:
            MachineError: the engine answers no longer, or did so while the test ran.
        """
        for room in self._rooms.values():
            room.leave()
        await to_its_end(on_thread(self._remove))
        for process in self._processes:
            await process.wait(timeout=10)
            if process.lost is not None:
                raise process.lost

    async def _open(self) -> None:
        self._network = await on_thread(self._make_network)

    async def _start(
        self, spec: ContainerSpec, log_directory: Path, wrapping: Wrapping | None
    ) -> ContainerProcess:
        process = ContainerProcess(await on_thread(self._create, spec), log_directory, wrapping)
        self._processes.append(process)
        await process.start()
        return process

    def _make_network(self) -> Network:
        with explained("the network of a test cannot be made"):
            return self._client.networks.create(
                self._name,
                driver="bridge",
                internal=self._spec.internal,
                labels=dict(self._spec.labels),
                check_duplicate=True,
            )

    def _create(self, spec: ContainerSpec) -> Container:
        from docker.types import LogConfig

        aliases = self._client.api.create_endpoint_config(aliases=[spec.name])
        with explained(f"container '{spec.name}' cannot be made"):
            return self._client.containers.create(
                spec.image,
                command=[],
                entrypoint=list(spec.argv),
                name=f"{self._name}-{spec.name}-{next(self._numbers)}",
                hostname=spec.name,
                environment=dict(spec.environment),
                working_dir=spec.working_directory,
                user=spec.user,
                volumes=_volumes(spec.binds),
                ports=_ports(spec),
                network=self._name,
                networking_config={self._name: aliases},
                labels=dict(self._spec.labels),
                cap_add=list(spec.capabilities),
                security_opt=["seccomp=unconfined"] if spec.every_system_call else [],
                init=True,
                log_config=LogConfig(type=_LOG_DRIVER[0], config=_LOG_DRIVER[1]),
            )

    def _remove(self) -> None:
        with explained("the containers of a test cannot be removed"):
            for container in self._client.containers.list(all=True, filters={"network": self._name}):
                _remove_quietly(container)
            for process in self._processes:
                process.remove()
            if self._network is not None:
                self._network.remove()


def _remove_quietly(container: Container) -> None:
    from docker.errors import NotFound

    with contextlib.suppress(NotFound):
        container.remove(force=True, v=True)


def _volumes(binds: Mapping[Path, tuple[str, bool]]) -> dict[str, dict[str, str]]:
    return {
        str(source): {"bind": target, "mode": "ro" if read_only else "rw"}
        for source, (target, read_only) in binds.items()
    }


def _ports(spec: ContainerSpec) -> dict[str, tuple[str, int]]:
    """Return the published ports as the SDK wants them; without a transport both are meant."""
    ports = {}
    for mapping in spec.published:
        numbers, _, transport = mapping.partition("/")
        host, _, inside = numbers.partition(":")
        for each in [transport] if transport else ["tcp", "udp"]:
            ports[f"{inside}/{each}"] = ("127.0.0.1", int(host))
    return ports

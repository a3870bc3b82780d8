"""The network and the containers of one test."""

from __future__ import annotations

import contextlib
import itertools
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from panther.bench.capture import Capture, PacketFilter
from panther.bench.containers.container import ContainerProcess
from panther.bench.containers.engine import explained
from panther.bench.containers.spec import ContainerSpec, TestSpec
from panther.bench.containers.view import ServersView, capture_in
from panther.bench.environments.service import Service
from panther.bench.impairment.setting import Impaired
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
    """

    private = True

    def __init__(self, client: DockerClient, spec: TestSpec, wanted: PacketFilter | None) -> None:
        self._client = client
        self._spec = spec
        self._wanted = wanted
        self._network: Network | None = None
        self._name = f"panther-{uuid.uuid4().hex[:12]}"
        self._numbers = itertools.count(1)
        self._processes: list[ContainerProcess] = []
        self.net = ServersView()
        self.capture: Capture | None = None
        self.impaired: Impaired | None = None

    async def open(self) -> None:
        """Make the network.

        Raises:
            MachineError: the engine refuses, or answers no longer.
        """
        await to_its_end(self._open())

    async def run(self, service: Service) -> ContainerProcess:
        """Start the container of a service.

        Raises:
            MachineError: the engine refuses, or answers no longer.
        """
        spec = self._spec.containers[service.name]
        process = await to_its_end(self._start(spec, service.site.log_dir))
        if spec.health is not None and process.pid:
            self.net.add(process.pid)
            if self.capture is None and self._wanted is not None:
                self.capture = capture_in(process.pid, self._wanted)
        return process

    def spawn(self, argv: Sequence[str], **options: object) -> NoReturn:
        """Refuse: in this place there are containers only."""
        raise MachineError(f"'{argv[0]}' cannot be started beside containers")

    def survivors(self) -> list[int]:
        """Return the first processes of the containers that run."""
        return [process.pid for process in self._processes if not process.exited.done()]

    def owns(self, socket: Socket) -> bool:
        """Return True: nobody else is in the containers."""
        return True

    def kill(self) -> None:
        """Do nothing: :meth:`leave` removes containers that run, and waits for nobody."""

    async def leave(self) -> None:
        """Remove the containers and the network.

        Raises:
            MachineError: the engine answers no longer, or did so while the test ran.
        """
        await to_its_end(on_thread(self._remove))
        for process in self._processes:
            await process.wait(timeout=10)
            if process.lost is not None:
                raise process.lost

    async def _open(self) -> None:
        self._network = await on_thread(self._make_network)

    async def _start(self, spec: ContainerSpec, log_directory: Path) -> ContainerProcess:
        process = ContainerProcess(await on_thread(self._create, spec), log_directory)
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

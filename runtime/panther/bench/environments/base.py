"""What a network environment offers a test: a place for its services, and processes that can be watched."""

from __future__ import annotations

import asyncio
import resource
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from panther.bench.backstage import Backstage
from panther.bench.capture import Capture
from panther.bench.cells import Spawn
from panther.bench.certificates import CertificateAuthority
from panther.bench.execution.base import Spot
from panther.bench.impairment.setting import Impaired
from panther.bench.netview import Counters, Socket, Transport
from panther.core.events import EventBus

if TYPE_CHECKING:
    from panther.bench.environments.service import Service
    from panther.bench.plan import TestPlan

__all__ = ["Environment", "Place", "Process", "RunContext", "View"]


class Process(Protocol):
    """A process of this machine, or a container."""

    started: float
    ended: float | None
    stopped_by: signal.Signals | None
    usage: resource.struct_rusage | None
    """What it cost; None: it is not known, or not yet."""

    exited: asyncio.Future[int]

    @property
    def container(self) -> str:
        """The container whose first process it is, by its engine's ID; empty: it is one of this machine."""

    @property
    def notes(self) -> list[str]:
        """What is to be said of it, as sentences: that its log was cut."""

    @property
    def pid(self) -> int:
        """The process ID, as the runner sees it."""

    @property
    def program(self) -> int:
        """The process ID of the program, or of what is put around it; in a container an init started it."""

    @property
    def returncode(self) -> int | None:
        """Exit status, or the negative number of a signal; None while it runs."""

    @property
    def seconds(self) -> float:
        """Seconds that it has run."""

    async def wait(self, timeout: float) -> bool:
        """Wait for the end; return whether it came within ``timeout`` seconds."""

    async def stop(self, hurry: Callable[[], bool]) -> None:
        """Stop it: SIGINT, SIGTERM, SIGKILL, each after a grace."""

    def reap(self) -> None:
        """Wait for a process that has been killed."""


class View(Protocol):
    """What the kernel says of the sockets and the traffic of a place."""

    def serving(self, transport: Transport) -> list[Socket]:
        """Return the sockets that a client could reach."""

    def connections_of(self, port: int) -> int:
        """Return how many TCP connections to ``port`` there are, or were in the last minute."""

    def counters(self) -> Counters:
        """Return the counters as they are now."""


class Place(Protocol):
    """Where the services of one test run."""

    @property
    def net(self) -> View:
        """Its sockets and counters."""

    @property
    def captures(self) -> Sequence[Capture]:
        """Packets that pass, wherever they do; none: nothing can be captured."""

    @property
    def private(self) -> bool:
        """Whether ports, sockets and counters are the test's alone."""

    @property
    def keeps_daemons(self) -> bool:
        """Whether what a service has started goes on when its first process has ended."""

    @property
    def impaired(self) -> Impaired | None:
        """What makes its network worse; None: nothing."""

    def spot(self, spot: Spot) -> Spot:
        """Return a spot with the network that services of this place have."""

    def beside(self, process: Process) -> tuple[Spawn, int]:
        """Return what starts a program beside a service, and the service's process ID as that one sees it."""

    def survivors(self) -> list[int]:
        """Return the process IDs of what runs in it."""

    def ports_of(self, process: Process) -> set[int]:
        """Return the UDP ports that a service has bound now; none where that cannot be seen."""

    def owns(self, socket: Socket) -> bool:
        """Tell whether a socket that ``net`` shows belongs to a service of the test."""

    def kill(self) -> None:
        """Kill every service at once; it may be called again."""

    async def leave(self) -> None:
        """Leave nothing behind. Services have been killed."""


@dataclass
class RunContext:
    """What the tests of a run share."""

    certificates: CertificateAuthority
    payload_bytes: int
    backstage: Backstage
    on_phase: Callable[[str, str], None] = lambda test, phase: None
    """Called with a test's label and what it does now."""

    blocking: Callable[[], AbstractContextManager[None]] = nullcontext
    """What blocks the loop is done within this context, so that a signal ends it."""

    test_timeout: float | None = None
    """Seconds that a test may take as a whole; None: its services' own timeouts decide."""

    in_a_hurry: bool = False
    """The user has asked twice to stop: nobody gets a grace any more."""

    places: list[Place] = field(default_factory=list)
    """The places that are open."""


class Environment(Protocol):
    """A kind of place, for a whole run."""

    @property
    def parallel(self) -> bool:
        """Whether tests can run side by side in it."""

    @property
    def keeps_payload(self) -> bool:
        """Whether what was served stays where a test has passed, for a person who runs it again."""

    def describe(self) -> str:
        """Return the line that stands in the results."""

    def check(self, plan: TestPlan) -> None:
        """Build every command of a test as a trial, and look for what it needs; nothing is started.

        Raises:
            PantherError: a command cannot be built, or something is not there.
        """

    def imagine(self, plan: TestPlan) -> Mapping[str, Service]:
        """Return the services that a test would have, with their commands; nothing is made."""

    def further_lines(self, plan: TestPlan) -> list[str]:
        """Return what else a person may want to know of a test that is not run, line by line."""

    def ports(self, plan: TestPlan) -> Mapping[str, int]:
        """Return the port of each server."""

    async def prepare(self, plan: TestPlan) -> None:
        """Make what the test's services need and other tests may share, such as images."""

    def make_services(
        self, plan: TestPlan, directory: Path, context: RunContext, ports: Mapping[str, int], bus: EventBus
    ) -> Mapping[str, Service]:
        """Make the directories, the payload and the services of a test, by their names.

        Raises:
            PantherError: a parameter cannot be used.
            OSError: something cannot be written.
        """

    async def open(
        self, plan: TestPlan, directory: Path, services: Mapping[str, Service], ports: Mapping[str, int]
    ) -> Place:
        """Make a place for one test."""

    def finish(self) -> None:
        """Wait until nothing of any place is left."""

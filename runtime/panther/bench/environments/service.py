"""One service of a test, wherever it runs: its command, its process, and how it ended."""

from __future__ import annotations

import signal
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from panther.bench.environments.base import Place, Process
from panther.bench.evidence import Evidence
from panther.bench.execution.base import Spot
from panther.bench.execution.planning import tool_path
from panther.bench.execution.wrapping import ServiceProfile, Wrapping
from panther.bench.interop_contract import CONTRACT_FEATURE, NOT_SUPPORTED
from panther.bench.plan import ServicePlan
from panther.bench.process import describe_end, log_tail
from panther.bench.protocols.base import Site
from panther.bench.results import COMMAND_FILE, ServiceResult, on_disk, write_json
from panther.bench.testers import tester_parameters
from panther.core.events import EventBus, ServiceErrorEvent, ServiceStartedEvent, ServiceStoppedEvent
from panther.errors import MachineError
from panther.plugins.services.base.command import Command
from panther.plugins.services.base.integrity import check_manager

__all__ = ["Service"]

_CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL)
_KIBIBYTE = 1024


class Service(ABC):
    """A service while its test runs.

    Args:
        plan: what it is.
        site: where it finds and leaves things, as the runner sees them.
        host: the name or address that clients reach the server by.
        port: the server's port: its own, or that of the server it talks to.
        bus: where its events go.
        inside: its site as the service sees it; None: as the runner does.

    Raises:
        PantherError: its command cannot be built.
    """

    #: The address that servers are told to bind.
    bind_address: ClassVar[str]

    def __init__(
        self,
        plan: ServicePlan,
        site: Site,
        *,
        host: str,
        port: int,
        bus: EventBus,
        inside: Site | None = None,
    ) -> None:
        self.plan = plan
        self.site = site
        self.inside = site if inside is None else inside
        self.port = port
        self.process: Process | None = None
        self.restarts = 0
        self.ready_after: float | None = None
        self._bus = bus
        self._manager = plan.make_manager(bus)
        overrides = self._overrides(host)
        self.parameters: Mapping[str, Any] = self._manager.resolve_parameters(plan.role, **overrides)
        self._overridden = overrides
        self.command = Command(())
        self.details: dict[str, Any] = {}
        spot = Spot(plan.name, site.log_dir, key_logs=(site.keylog_file,), ports=(port,))
        self.wrapping = Wrapping(plan.wrappers, spot, site.log_dir.parent, self.inside.log_dir)
        self.profiles: list[ServiceProfile] = []

    @property
    def name(self) -> str:
        """The service's name in the experiment."""
        return self.plan.name

    @property
    def is_running(self) -> bool:
        """Whether its process has been started and has not ended."""
        return self.process is not None and not self.process.exited.done()

    @property
    def prepares_itself(self) -> bool:
        """Whether its plugin does something before it starts, which may make its program."""
        return self._manager.has_preparation()

    @property
    def obeys_contract(self) -> bool:
        """Whether its program expects the directories of the public interop contract."""
        return bool(self._manager.get_supported_features().get(CONTRACT_FEATURE))

    def build(self) -> None:
        """Build its command; see the class for what may be raised."""
        check_manager(self._manager, self.plan.plugin.manager_class)  # a plugin's preparation has run
        self.command = self._manager.build_command(self.plan.role, **self._overridden)
        self.details = self._manager.get_implementation_details()

    def prepare(self) -> None:
        """Let the plugin prepare, then build the command; what the plugin raises passes through."""
        self._manager.prepare()
        self.build()

    @property
    @abstractmethod
    def working_directory(self) -> Path | None:
        """Where it starts; None: where its image says."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """Return its environment variables."""

    @abstractmethod
    def check(self) -> None:
        """Look for what a service whose command is built needs; raises MachineError."""

    def _check_volume_sources(self) -> None:
        for volume in self.plan.volumes:
            if not volume.source.exists():
                raise MachineError(
                    f"the volume of service '{self.name}' has no source: '{volume.source}' does not exist",
                    cure="make it, or name another one",
                )

    @abstractmethod
    async def _launch(self, place: Place) -> Process:
        """Start its process; raises MachineError, or OSError where its files cannot be written."""

    async def start(self, place: Place) -> Process:
        """Start its process, or start it again.

        Raises:
            MachineError: the program cannot be started, or the service's files cannot be written.
        """
        if self.process is not None:
            self.restarts += 1
        with on_disk(self.site.log_dir):
            try:
                process = self.process = await self._launch(place)
            finally:
                self._write_command()  # now: the process does its own work meanwhile
            if self.plan.wrappers and process.program:
                await self._attach(process, place)
        self._bus.publish(
            ServiceStartedEvent(
                service_name=self.name,
                pid=process.pid,
                argv=self.command.argv,
                wrapped=bool(self.plan.wrappers) or self.obeys_contract,
                container=process.container,
            )
        )
        return process

    async def _attach(self, process: Process, place: Place) -> None:
        """Start what its execution environments run beside it; raises OSError."""
        self.wrapping.spot = place.spot(self.wrapping.spot)
        environment = self._environment_beside()
        environment["PATH"] = tool_path(environment.get("PATH"))
        spawn, seen = place.beside(process)
        await self.wrapping.attach(process.program, spawn, environment, pid_beside=seen)

    def _environment_beside(self) -> dict[str, str]:
        """Return the environment variables of what its execution environments run beside it."""
        return self.environment()

    def report_error(self, sentence: str) -> None:
        """Publish that something about the service went wrong."""
        self._bus.publish(ServiceErrorEvent(service_name=self.name, error=sentence))

    def report_stop(self) -> None:
        """Publish how its process ended."""
        if self.process is not None and self.process.returncode is not None:
            self._bus.publish(
                ServiceStoppedEvent.from_returncode(self.process.returncode, service_name=self.name)
            )

    def server_end(self) -> Evidence:
        """Say how a server ended; that it was stopped when its clients had finished is as it should be."""
        assert self.process is not None
        status = self.process.returncode or 0
        end = describe_end(status)
        if self.process.stopped_by is None:
            whole = status == 0
            return Evidence("server", whole, f"server '{self.name}' {end} before it was stopped")
        if -status in _CRASHES:
            return Evidence("server", None, f"server '{self.name}' {end} when it was stopped")
        if self.process.stopped_by is signal.SIGKILL:
            ignored = f"server '{self.name}' ignored SIGINT and SIGTERM and had to be killed"
            return Evidence("server", None, ignored)
        stopped = f"server '{self.name}' ended when it was sent {self.process.stopped_by.name}"
        return Evidence("server", True, stopped)

    def client_end(self) -> Evidence:
        """Say how a client ended that was not stopped by the bench."""
        assert self.process is not None
        status = self.process.returncode or 0
        refused = status == NOT_SUPPORTED and self.obeys_contract
        note = " (by convention: it does not support this)" if refused else ""
        if status and self.plan.may_run_on:
            return Evidence("client", None, f"client '{self.name}' {describe_end(status)}")
        return Evidence("client", status == 0, f"client '{self.name}' {describe_end(status)}{note}")

    def tail(self) -> str:
        """Return the last lines of its log."""
        return log_tail(self.site.log_dir)

    def result(self, *, with_log: bool) -> ServiceResult:
        """Return what became of it."""
        process, info = self.process, self.plan.plugin
        result = ServiceResult(
            name=self.name,
            role=self.plan.role,
            implementation=info.name,
            implementation_version=info.version,
            protocol=self.plan.protocol,
            port=self.port,
            argv=self.command.argv,
            restarts=self.restarts,
            ready_after_seconds=self.ready_after,
            log_tail=self.tail() if with_log else "",
            details=self.details,
            profiles=self.profiles,
        )
        if process is not None and process.returncode is not None:
            result.exit_status = process.returncode
            result.end = describe_end(process.returncode)
            result.seconds = round(process.seconds, 6)
            if process.usage is not None:
                result.cpu_seconds = round(process.usage.ru_utime + process.usage.ru_stime, 6)
                result.peak_memory_bytes = process.usage.ru_maxrss * _KIBIBYTE
        return result

    def _overrides(self, host: str) -> dict[str, object]:
        case, payload, site = self.plan.case, self.inside.payload, self.inside
        address = {"host": host, "port": self.port, "bind_address": self.bind_address}
        root = str(self._manager.resolve_parameters(self.plan.role, **address)["url"])
        return {
            **self.plan.parameters,
            **case.version_parameters(self.plan.version),
            **address,
            "url": root + case.path(payload) if root else "",
            "www_dir": payload.path.parent,
            "document_root": payload.path.parent,
            "download_dir": site.download_dir,
            "log_dir": site.log_dir,
            **case.parameters(site),
            **(tester_parameters(site) if self.plan.is_tester else {}),
        }

    def _additions(self) -> dict[str, str]:
        return {"SSLKEYLOGFILE": str(self.inside.keylog_file), "QLOGDIR": str(self.inside.qlog_dir)}

    def own_environment(self) -> dict[str, str]:
        """Return the variables of the bench, then the plugin's, then the experiment's."""
        return {**self._additions(), **self.command.environment, **self.plan.environment}

    def _write_command(self) -> None:
        write_json(
            self.site.log_dir / COMMAND_FILE,
            {
                "argv": self.command.argv,
                "environment": self.own_environment(),
                "working_directory": self.working_directory,
                "restarts": self.restarts,
            },
        )

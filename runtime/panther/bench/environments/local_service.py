"""A service of a test that is a process of this machine."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from panther.bench.environments.base import Place
from panther.bench.environments.local_place import LocalPlace
from panther.bench.environments.service import Service
from panther.bench.execution.planning import check_tools
from panther.bench.interop_contract import at_contract_places
from panther.bench.process import ServiceProcess, find_program, service_environment
from panther.errors import MachineError
from panther.plugins.roots import enclosing_root, plugin_roots

__all__ = ["BIND_ADDRESS", "LocalService", "Surroundings", "find_surroundings"]

BIND_ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class Surroundings:
    """What a service finds of the place that the runner was started in."""

    home: Path
    """The root that the runner was started in or below, else its working directory."""

    import_path: tuple[Path, ...]
    """Where Python programs import plugins from."""


def find_surroundings() -> Surroundings:
    """Look for the surroundings on the disk; they are the same for all services of a run."""
    return Surroundings(enclosing_root(Path()) or Path.cwd(), tuple(plugin_roots()))


class LocalService(Service):
    """A service as a process; further arguments, and errors, as those of its base class.

    Args:
        surroundings: those of the runner.
    """

    bind_address: ClassVar[str] = BIND_ADDRESS

    def __init__(self, surroundings: Surroundings, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._surroundings = surroundings
        self._environment: dict[str, str] = {}

    def build(self) -> None:
        """Build its command, and with it its environment variables; see the base class."""
        super().build()
        self._environment = service_environment(self.own_environment(), self._surroundings.import_path)

    @property
    def working_directory(self) -> Path:
        """Where it starts: what its command says, else the root that the runner was started in or below."""
        return self.command.working_directory or self._surroundings.home

    def environment(self) -> dict[str, str]:
        """Return its environment variables."""
        return dict(self._environment)

    def check(self) -> None:
        """Find its program and the sources of its volumes.

        Raises:
            MachineError: one is not there.
        """
        path = self._environment.get("PATH")
        find_program(
            self.command.argv[0],
            service=self.name,
            plugin=self.plan.plugin.name,
            directory=self.working_directory,
            path=os.defpath if path is None else path,
            install=self.plan.plugin.manager_class.install_command,
        )
        check_tools(self.name, self.plan.wrappers, path)
        self._check_volume_sources()
        for volume in self.plan.volumes:
            if not Path(volume.target).exists():
                raise MachineError(
                    f"the volume of service '{self.name}' has no target: '{volume.target}' does not exist",
                    cure=f"mkdir -p {shlex.quote(volume.target)}, or run it in containers, which need none",
                )

    async def _launch(self, place: Place) -> ServiceProcess:
        assert isinstance(place, LocalPlace)  # its environment opens no other
        command = self.wrapping.wrap(self.command, private=place.private)
        # The tools stand where the program stands: inside the places of the contract.
        argv = at_contract_places(command.argv, self.site) if self.obeys_contract else command.argv
        return ServiceProcess(
            place.spawn,
            argv,
            environment=self.environment(),
            working_directory=self.working_directory,
            log_directory=self.site.log_dir,
            volumes=self.plan.volumes,
            wrapping=self.wrapping if self.plan.wrappers else None,
        )

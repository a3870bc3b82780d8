"""The image that a service's program is in: what reads a profiler's product runs in a container of it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING

from panther.bench.engine.connection import explained
from panther.bench.execution.home import SECONDS_TO_READ, names_python, output_or_error
from panther.bench.threads import stoppable
from panther.errors import MachineError
from panther.plugins.services.base.command import Command

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

__all__ = ["ImageHome"]

#: Prints the file of a program, links followed, and the first bytes of it. The program's name is no part of
#: the text: the shell gets it as a word of its own.
_FIND = 'file=$(command -v -- "$1") && readlink -f -- "$file" && head -c 256 -- "$file"'


@dataclass(frozen=True)
class ImageHome:
    """An image, and the directory of products that its containers see.

    Args:
        client: the engine.
        image: the image, with the tools in it.
        user: whom containers run as: number of user and group.
        labels: those of everything that the run makes.
        outside: the directory of the service's products on this machine.
        inside: the same in a container.
    """

    client: DockerClient
    image: str
    user: str
    labels: Mapping[str, str]
    outside: Path
    inside: Path
    _programs: dict[str, tuple[PurePosixPath, bytes] | None] = field(default_factory=dict)
    """What was found of a program: each look starts a container."""

    def output_of(self, argv: Sequence[object]) -> str:
        """Run a program; see :class:`panther.bench.execution.home.Home`."""
        words = [str(word) for word in argv]
        return output_or_error(words[0], *self._run(words))

    def program_of(self, command: Command) -> PurePosixPath | None:
        """Return the file that a command starts."""
        found = self._found(command)
        return found[0] if found else None

    def is_python(self, command: Command) -> bool:
        """Tell whether a command starts a Python program."""
        found = self._found(command)
        return found is not None and names_python(*found)

    def seen(self, product: Path) -> PurePath:
        """Return the path of a product in a container."""
        return self.inside / product.relative_to(self.outside)

    def _found(self, command: Command) -> tuple[PurePosixPath, bytes] | None:
        name = command.argv[0]
        if "/" in name and command.working_directory is not None:
            name = str(command.working_directory / name)
        if name not in self._programs:
            self._programs[name] = self._look_for(name)
        return self._programs[name]

    def _look_for(self, name: str) -> tuple[PurePosixPath, bytes] | None:
        status, output, _ = self._run(["sh", "-c", _FIND, "sh", name])
        file, _, head = output.partition(b"\n")
        if status:
            return None
        return PurePosixPath(file.decode("utf-8", "replace")), head.partition(b"\n")[0]

    def _run(self, words: Sequence[str]) -> tuple[int, bytes, bytes]:
        """Run a program to its end; return its exit status, and what it printed to each of its outputs."""
        try:
            with explained(f"'{words[0]}' cannot be run in the image '{self.image}'"):
                return self._run_container(words)
        except MachineError as error:
            raise ValueError(error.message) from None

    def _run_container(self, words: Sequence[str]) -> tuple[int, bytes, bytes]:
        container = self.client.containers.create(
            self.image,
            command=[],
            entrypoint=list(words),
            environment={"LC_ALL": "C.UTF-8", "HOME": "/tmp"},  # noqa: S108 — the container's own
            user=self.user,
            volumes={str(self.outside): {"bind": str(self.inside), "mode": "rw"}},
            network_mode="none",
            labels=dict(self.labels),
            init=True,
        )
        late = threading.Timer(SECONDS_TO_READ, _kill, [container])
        try:
            container.start()
            late.start()
            with stoppable(lambda number: _kill(container)):
                status = int(container.wait(timeout=2 * SECONDS_TO_READ)["StatusCode"])
            if not late.is_alive():
                raise ValueError(f"'{words[0]}' took more than {SECONDS_TO_READ} s")
            output = container.logs(stdout=True, stderr=False)
            return status, output, container.logs(stdout=False, stderr=True)
        finally:
            late.cancel()
            container.remove(force=True, v=True)


def _kill(container: Container) -> None:
    from docker.errors import APIError

    with contextlib.suppress(APIError):  # it has just ended
        container.kill()

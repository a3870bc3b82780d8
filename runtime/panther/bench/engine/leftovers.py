"""Removing what runs have left in an engine: containers and networks, by their labels."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from panther.bench.engine.connection import explained
from panther.bench.engine.labels import RUN_LABEL
from panther.bench.marks import runner_lives

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container
    from docker.models.networks import Network

__all__ = ["Leftover", "leftovers", "remove_run"]

#: The engine refuses to remove what is being removed (409), and a network whose containers still are (403).
_IS_BEING_REMOVED = (403, 409)
#: Seconds that somebody else has to remove it, and between two looks.
_PATIENCE, _LOOK_AGAIN = 30.0, 0.1


@dataclass(frozen=True)
class Leftover:
    """A container or a network of a run."""

    kind: str
    name: str
    run: str
    what: Container | Network

    def remove(self) -> None:
        """Remove it, also where somebody else is about to; raises MachineError."""
        from docker.errors import APIError, NotFound

        deadline = time.monotonic() + _PATIENCE
        with explained(f"the {self.kind} '{self.name}' cannot be removed"), contextlib.suppress(NotFound):
            while True:
                try:
                    self._remove()
                except APIError as error:
                    if error.status_code not in _IS_BEING_REMOVED or time.monotonic() > deadline:
                        raise
                    time.sleep(_LOOK_AGAIN)
                else:
                    return

    def _remove(self) -> None:
        if self.kind == "container":
            self.what.remove(force=True, v=True)  # type: ignore[call-arg]
        else:
            self.what.remove()


def leftovers(client: DockerClient, *, of_the_living: bool = False) -> Iterator[Leftover]:
    """Yield what dead runs have left: containers first, without which networks can be removed.

    Args:
        client: the engine.
        of_the_living: also what belongs to a run whose runner is alive.

    Raises:
        MachineError: the engine answers no longer.
    """
    for each in _all(client, RUN_LABEL):
        if of_the_living or not runner_lives(each.run):
            yield each


def remove_run(client: DockerClient, run: str) -> None:
    """Remove what one run has left; raises MachineError."""
    for each in _all(client, f"{RUN_LABEL}={run}"):
        each.remove()


def _all(client: DockerClient, label: str) -> list[Leftover]:
    with explained("what runs have left cannot be listed"):
        containers = client.containers.list(all=True, filters={"label": label}, ignore_removed=True)
        networks = client.networks.list(filters={"label": label})
        return [
            *(Leftover("container", str(each.name), each.labels[RUN_LABEL], each) for each in containers),
            *(
                Leftover("network", str(each.name), each.attrs["Labels"][RUN_LABEL], each)
                for each in networks
            ),
        ]

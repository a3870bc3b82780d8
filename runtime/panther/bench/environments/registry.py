"""The network environments of a run, each made when a test asks for it."""

from __future__ import annotations

from collections.abc import Iterable

from panther.bench.environments.base import Environment
from panther.bench.environments.localhost import Localhost
from panther.bench.isolation import IsolationMode, choose_isolation

__all__ = ["make_environments"]


def make_environments(names: Iterable[str], isolation: IsolationMode) -> dict[str, Environment]:
    """Return the environments of these names. Call it while the process has one thread.

    Args:
        names: of network environments; those that an experiment may name.
        isolation: how processes of this machine are kept apart.

    Raises:
        MachineError: the machine lacks what one of them needs.
    """
    return {name: _make(name, isolation) for name in dict.fromkeys(names)}


def _make(name: str, isolation: IsolationMode) -> Environment:
    if name == "docker_compose":
        from panther.bench.containers.environment import DockerCompose

        return DockerCompose()
    return Localhost(choose_isolation(isolation))

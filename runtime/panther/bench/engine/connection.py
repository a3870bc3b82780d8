"""The Docker engine, by its SDK: what goes wrong is said in words."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther.bench.missing import missing_package
from panther.errors import MachineError

if TYPE_CHECKING:
    from docker import DockerClient

__all__ = ["connect", "connected", "explained"]

#: Seconds that the engine has for an answer.
_PATIENCE = 120
_CURE_OF_RIGHTS = "join the group 'docker' (usermod -aG docker YOU, then log in again), or run as root"
_CURE = "start it (systemctl start docker), or say where it is: DOCKER_HOST"


def connect(*, way_round: str = "") -> DockerClient:
    """Return a connection to the engine that DOCKER_HOST names, or to this machine's.

    Args:
        way_round: what does without an engine, as a clause for the cure.

    Raises:
        MachineError: the SDK is not installed, or no engine answers.
    """
    try:
        import docker
    except ModuleNotFoundError as error:
        raise missing_package(error) or error from None
    from docker.errors import DockerException

    try:
        client = docker.from_env(timeout=_PATIENCE)
        client.ping()
    except DockerException as error:
        problem = _innermost(error)
        cure = _CURE_OF_RIGHTS if problem == os.strerror(errno.EACCES) else _CURE
        cures = "; ".join(filter(None, (cure, way_round)))
        raise MachineError(f"no Docker engine answers: {problem}", cure=cures) from None
    return client


@contextlib.contextmanager
def connected(what: str) -> Iterator[DockerClient]:
    """Yield a connection, and close it.

    Args:
        what: what could not be done where the engine refuses, such as ``the image cannot be run``.

    Raises:
        MachineError: no engine answers, or it cannot do what it is asked.
    """
    with contextlib.closing(connect()) as client, explained(what):
        yield client


@contextlib.contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn what the SDK raises into a MachineError.

    Args:
        what: what could not be done, such as ``container 'server' cannot be started``.
    """
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError

    try:
        yield
    except APIError as error:
        raise MachineError(f"{what}: {error.explanation or error}") from None
    except (DockerException, RequestException, HTTPError, OSError) as error:
        raise MachineError(
            f"{what}: the Docker engine answers no longer ({_innermost(error)})",
            cure="when it runs again, 'panther-gen clean' removes what is left in it",
        ) from None


def _innermost(error: BaseException) -> str:
    """Return the sentence at the bottom of what wraps it: ``No such file or directory``."""
    seen = {id(error)}
    while True:
        inner = error.__cause__ or error.__context__
        if inner is None or id(inner) in seen:
            break
        seen.add(id(inner))
        error = inner
    return getattr(error, "strerror", None) or str(error) or type(error).__name__

"""The program that builds images: the first client on ``PATH`` that speaks to BuildKit.

Docker's SDK for Python builds through the engine's old builder only, which has neither cache mounts nor
secrets. Clients before 23 have BuildKit built in; later ones need the plugin buildx
(https://docs.docker.com/build/buildkit/). Without either the old builder is used.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from panther.errors import MachineError

__all__ = ["BuildClient", "find_client", "old_builder"]

#: The last client whose own build command can speak to BuildKit.
_LAST_WITH_BUILDKIT = 22
#: The first engine with mounts in its built-in frontend: no ``# syntax=`` line is needed.
_FIRST_WITH_MOUNTS = (20, 10)
_NUMBER = re.compile(r"\d+(\.\d+)*")
_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class BuildClient:
    """A program that builds images."""

    program: str
    """Path of a ``docker``."""

    build_words: tuple[str, ...]
    """What follows the program: ``build`` or ``buildx build``, with the options that it always gets."""

    has_buildkit: bool
    """Whether a Dockerfile's cache mounts and secrets work."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that it needs, beside the user's own."""
        return {**os.environ, "DOCKER_BUILDKIT": "1" if self.has_buildkit else "0"}


@cache
def find_client() -> BuildClient:
    """Return the first client on ``PATH`` that speaks to BuildKit, else the first client.

    Raises:
        MachineError: there is no client, or no engine answers.
    """
    programs = list(_programs("docker"))
    if not programs:
        raise MachineError(
            "images are built by the program 'docker', which is not on PATH",
            cure="install Docker (https://docs.docker.com/engine/install/)",
        )
    answers = {program: _versions(program) for program in programs}
    versions = {program: answer for program, answer in answers.items() if not isinstance(answer, str)}
    if not versions:
        program, problem = next(iter(answers.items()))
        raise MachineError(
            f"no Docker engine answers '{program}': {problem}",
            cure="start it (systemctl start docker), or say where it is: DOCKER_HOST",
        )
    for program, (client, engine) in versions.items():
        if engine >= _FIRST_WITH_MOUNTS:
            if _runs(program, "buildx", "version"):
                words = ("buildx", "build", "--load", "--progress=plain")
                return BuildClient(program, words, has_buildkit=True)
            if client[0] <= _LAST_WITH_BUILDKIT:
                return BuildClient(program, ("build", "--progress=plain"), has_buildkit=True)
    return old_builder(next(iter(versions)))


def old_builder(program: str) -> BuildClient:
    """Return what builds without BuildKit; a step that fails leaves no container behind."""
    return BuildClient(program, ("build", "--force-rm"), has_buildkit=False)


def _programs(name: str) -> Iterator[str]:
    seen = set()
    for directory in os.get_exec_path():
        path = Path(directory or ".", name)
        # Not Path.is_file(), which raises where a directory on PATH is not this user's to look into.
        if os.access(path, os.X_OK) and path.is_file() and path.resolve() not in seen:
            seen.add(path.resolve())
            yield str(path)


def _versions(program: str) -> tuple[tuple[int, ...], tuple[int, ...]] | str:
    """Return the versions of a client and its engine, or what is wrong with them."""
    try:
        done = _run(program, "version", "--format", "{{.Client.Version}} {{.Server.Version}}")
    except MachineError as error:
        return error.message
    words = done.stdout.split()
    numbers = [tuple(map(int, found[0].split("."))) for word in words if (found := _NUMBER.match(word))]
    if done.returncode or len(words) != len(numbers) or not numbers:
        return (done.stderr.strip().splitlines() or [f"it says '{done.stdout.strip()}'"])[-1]
    return numbers[0], numbers[-1]


def _runs(program: str, *words: str) -> bool:
    return _run(program, *words).returncode == 0


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            words, capture_output=True, text=True, errors="replace", check=False, timeout=_PATIENCE_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MachineError(f"'{words[0]}' does not run: {error}") from None

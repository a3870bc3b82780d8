"""Programs that a plugin compiles on this machine: once, into the user's cache directory.

A plugin calls :meth:`LocalBuild.ensure` in ``_do_prepare`` and returns :meth:`LocalBuild.program` from
``_get_program``. What was built is kept under a name that follows from commands and sources, so a change
of either builds anew; a build that fails leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import logging
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from panther.errors import BuildError, MachineError

__all__ = ["LocalBuild", "NotBuiltError", "only_looking"]

_TAIL = 15
_logger = logging.getLogger("panther.plugins")
_only_looking = ContextVar("_only_looking", default=False)


class NotBuiltError(MachineError):
    """What compiles a program is there, and it has not been compiled yet."""


@contextlib.contextmanager
def only_looking() -> Iterator[None]:
    """Have :meth:`LocalBuild.ensure` raise :class:`NotBuiltError` instead of building."""
    token = _only_looking.set(True)
    try:
        yield
    finally:
        _only_looking.reset(token)


@dataclass(frozen=True)
class LocalBuild:
    """What is compiled, from what, and how."""

    name: str
    """The plugin's name; it names the directory."""

    commands: Sequence[Sequence[str]]
    """What builds it, one after the other, each without a shell; ``{out}`` in a word is the directory that
    programs are written to."""

    sources: Sequence[Path]
    """Files and directories that it is built from."""

    install: str
    """The command that installs what is missing, for people, such as ``apt-get install gcc``."""

    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables beside those of the runner."""

    tools: Sequence[str] = ()
    """Programs that the commands start by themselves, and that have to be installed as well."""

    working_directory: Path | None = None
    """Where the commands run; None: in the directory that programs are written to."""

    @property
    def directory(self) -> Path:
        """Where the programs are, once they are built."""
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return cache / "panther-gen" / "built" / f"{self.name}-{self._key()}"

    def program(self, name: str) -> str:
        """Return the path of a program that is built, or will be."""
        return str(self.directory / name)

    def ensure(self) -> None:
        """Build, unless it has been done.

        Raises:
            MachineError: a compiler is missing.
            BuildError: the sources are missing, or a command fails.
            NotBuiltError: it has not been done, and somebody is only looking.
        """
        self._check()
        directory = self.directory
        if directory.is_dir():
            return
        if _only_looking.get():
            raise NotBuiltError(f"{self.name} is not built yet", cure="run it")
        directory.parent.mkdir(parents=True, exist_ok=True)
        with _locked(directory.with_suffix(".lock")):
            if directory.is_dir():  # somebody else was quicker
                return
            # A warning, so that it is seen where nobody has set logging up: else minutes pass in silence.
            _logger.warning("%s is being built: once, and it may take minutes", self.name)
            out = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
            try:
                for command in self.commands:
                    self._run([word.replace("{out}", str(out)) for word in command], out)
                out.rename(directory)
            finally:
                shutil.rmtree(out, ignore_errors=True)

    def _check(self) -> None:
        for program in (*(command[0] for command in self.commands), *self.tools):
            if shutil.which(program) is None:
                raise MachineError(
                    f"'{program}', which builds {self.name}, is not installed", cure=self.install
                )
        for source in self.sources:
            if not source.exists():
                raise BuildError(
                    f"'{source}', which {self.name} is built from, is not there", cure=self.install
                )

    def _run(self, command: Sequence[str], out: Path) -> None:
        process = subprocess.Popen(
            [*_tied(), *command],
            cwd=self.working_directory or out,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        with process:
            try:
                printed, _ = process.communicate()
            except BaseException:  # interrupted: what a compiler has started ends with it
                os.killpg(process.pid, signal.SIGKILL)
                raise
        if process.returncode != 0:
            tail = "\n".join(f"    | {line}" for line in printed.splitlines()[-_TAIL:])
            raise BuildError(
                f"{self.name} could not be built: '{command[0]}' failed\n{tail}", cure=self.install
            )

    def _key(self) -> str:
        commands = tuple(tuple(command) for command in self.commands)
        return _key_of(commands, tuple(sorted(self.environment.items())), tuple(self.sources))


def _tied() -> Sequence[str]:
    """Return the words before a program that the kernel ends with this process: setpriv(1) of util-linux."""
    return ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()


@functools.cache
def _key_of(
    commands: tuple[tuple[str, ...], ...], environment: tuple[tuple[str, str], ...], sources: tuple[Path, ...]
) -> str:
    """Return what a build is kept under. Sources are read once: a run ends with what it began with."""
    digest = hashlib.sha256(repr([*map(list, commands), list(environment)]).encode())
    for name, path in sorted(_files(sources)):
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _files(sources: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Yield every file with its name below its source: where a checkout lies changes nothing."""
    for source in sources:
        if source.is_dir():
            yield from ((str(path.relative_to(source)), path) for path in source.rglob("*") if path.is_file())
        elif source.is_file():
            yield source.name, source


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

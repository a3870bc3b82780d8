"""What a run has found out, and its directory on disk: one a run, one below it a test."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from panther.bench.evidence import Evidence, Outcome
from panther.bench.execution.wrapping import ServiceProfile
from panther.errors import MachineError

__all__ = [
    "COMMAND_FILE",
    "NetworkResult",
    "RunResult",
    "ServiceResult",
    "TestResult",
    "make_run_directory",
    "on_disk",
    "write_json",
    "write_whole",
]

#: How a service was started, in its directory.
COMMAND_FILE = "command.json"

_FAILED, _MACHINE, _SIGNALLED = 1, 4, 128


@dataclass
class ServiceResult:
    """What became of one service."""

    name: str
    role: str
    implementation: str
    implementation_version: str
    protocol: str
    port: int | None = None
    argv: tuple[str, ...] = ()
    restarts: int = 0
    exit_status: int | None = None
    """Exit status, or the negative number of the signal that ended it; None: it was not started."""

    end: str = ""
    """How it ended, as a phrase."""

    seconds: float | None = None
    ready_after_seconds: float | None = None
    cpu_seconds: float | None = None
    """CPU time of its process and of the children that it waited for, in user and system mode."""

    peak_memory_bytes: int | None = None
    log_tail: str = ""
    """The last lines of its log; kept where the test did not pass."""

    details: dict[str, Any] = field(default_factory=dict)
    profiles: list[ServiceProfile] = field(default_factory=list)
    """What its execution environments saw, in their order."""


@dataclass(frozen=True)
class NetworkResult:
    """How the network of a test was made worse."""

    delay_seconds: float
    """Of each packet, in each direction."""

    loss: float
    """Share of the packets, from 0 to 1."""

    rate_bits_per_second: float | None
    by: str
    """What did it, as a phrase."""

    counts: Mapping[str, Mapping[str, int]]
    """What a relay counted in each direction; empty where the kernel did it."""


@dataclass
class TestResult:
    """What became of one test."""

    __test__ = False  # for pytest, which would collect the class

    name: str
    directory: Path
    outcome: Outcome
    reason: str = ""
    """Why, as a sentence for a person."""

    repetition: int = 0
    """Which run of the same test this is, from 1; 0: it was run once."""

    seconds: float = 0.0
    phases: dict[str, float] = field(default_factory=dict)
    """Seconds of each phase, by its name."""

    network: NetworkResult | None = None
    """How the network was made worse; None: it was not."""

    evidence: list[Evidence] = field(default_factory=list)
    services: list[ServiceResult] = field(default_factory=list)
    observed: dict[str, Any] = field(default_factory=dict)
    """What observers found, by their names."""

    @property
    def label(self) -> str:
        """What a person is told of: the test's name, and the number of a repetition."""
        return f"{self.name} #{self.repetition}" if self.repetition else self.name


@dataclass
class RunResult:
    """What became of an experiment."""

    experiment: str
    directory: Path
    isolation: str
    started: datetime
    seconds: float = 0.0
    tests: list[TestResult] = field(default_factory=list)
    jobs: int = 1
    """How many tests ran side by side."""

    signal: int | None = None
    """The signal that ended the run early."""

    experiment_file: str = ""
    """Where the experiment was read from; empty: it was made."""

    command: tuple[str, ...] = ()
    """The words that the run was started with."""

    rerun: str = ""
    """The command line that runs it again, quoted for a POSIX shell."""

    programs: list[dict[str, Any]] = field(default_factory=list)
    """What was run, in which versions; see :mod:`panther.bench.programs`."""

    @property
    def passed(self) -> bool:
        """Whether every test passed."""
        return all(test.outcome is Outcome.PASSED for test in self.tests)

    @property
    def exit_code(self) -> int:
        """The exit status of the program: 0, 1 a test failed, 4 a test could not be run, 128 + signal."""
        if self.signal is not None:
            return _SIGNALLED + self.signal
        if any(test.outcome is Outcome.ERROR for test in self.tests):
            return _MACHINE
        return 0 if self.passed else _FAILED


def make_run_directory(results_directory: Path, experiment: str, started: datetime) -> Path:
    """Make the directory of a run, and the link ``latest`` to it.

    Raises:
        MachineError: it cannot be made.
    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", experiment).strip("-.")[:60] or "experiment"
    stamp = started.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    if os.path.lexists(results_directory) and not results_directory.is_dir():
        kind = "a symbolic link to nothing" if results_directory.is_symlink() else "a file"
        raise MachineError(
            f"results cannot be written to '{results_directory}': it is {kind}",
            cure="remove it, or give --results a directory",
        )
    with on_disk(results_directory):
        results_directory.mkdir(parents=True, exist_ok=True)
        for number in range(1, 1000):
            directory = results_directory / (f"{stamp}-{name}" + (f"-{number}" if number > 1 else ""))
            with contextlib.suppress(FileExistsError):
                directory.mkdir()
                _link_latest(results_directory, directory.name)
                return directory.absolute()
    raise MachineError(f"'{results_directory}' holds 999 runs of this second", cure="use another directory")


def write_json(path: Path, document: object) -> None:
    """Write JSON to a file, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    write_whole(path, [json.dumps(document, indent=2, default=str), "\n"])


def write_whole(path: Path, pieces: Iterable[str]) -> None:
    """Write text that comes in pieces to a file, whole or not at all; what is no text in UTF-8 as an escape.

    Raises:
        OSError: it cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(pieces)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def on_disk(directory: Path) -> Iterator[None]:
    """Turn a failure to write below ``directory`` into a MachineError with its cure."""
    try:
        yield
    except OSError as error:
        cures = {
            errno.ENOSPC: "free some space, or give --results a directory on another disk",
            errno.EDQUOT: "free some of the quota, or give --results a directory on another disk",
        }
        raise MachineError(
            f"results cannot be written to '{directory}': {error.strerror or error}",
            cure=cures.get(error.errno or 0, "give --results a directory that can be written"),
        ) from None


def _link_latest(results_directory: Path, name: str) -> None:
    # A link that is renamed into place is never missing, also when two runs start at once.
    link = results_directory / f".latest-{os.getpid()}"
    try:
        link.unlink(missing_ok=True)
        link.symlink_to(name)
        link.replace(results_directory / "latest")
    except OSError:  # a file system without links, or a directory called "latest": the name is printed anyway
        with contextlib.suppress(OSError):
            link.unlink(missing_ok=True)

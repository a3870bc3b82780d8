"""``clean``: what runs have left behind that were killed, found by their marks and removed."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from panther.bench.images.build import SCRATCH_PREFIX
from panther.bench.marks import CELL_VARIABLE, runner_lives
from panther.errors import MachineError

__all__ = ["clean"]


@dataclass(frozen=True)
class _Process:
    """A process of a test whose runner is gone."""

    pid: int
    name: str

    def remove(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def clean(*, dry_run: bool = False) -> int:
    """Remove what dead runs have left, and say what; what a living run uses stays.

    Args:
        dry_run: only say what would be removed.

    Returns:
        The exit status: 0; 4 where something could not be removed, or the engine not be asked.
    """
    verb = "would remove" if dry_run else "removed"
    found, status = 0, 0
    for process in _processes():
        found += 1
        if not dry_run:
            process.remove()
        print(f"{verb} process {process.pid} ({process.name})")
    for directory in _scratch():
        found += 1
        if not dry_run:
            shutil.rmtree(directory, ignore_errors=True)
        print(f"{verb} directory {directory}")
    # Network and process namespaces need no look: the kernel ends them with their last process.
    try:
        for kind, name in _in_engine(dry_run):
            found += 1
            print(f"{verb} {kind} {name}")
    except MachineError as error:
        print(f"containers were not looked at: {error.message}")
        if error.cure:
            print(f"  cure: {error.cure}")
        status = error.exit_code if _engine_is_expected() else 0
    if not found:
        print("no process is left of any run" if status else "nothing is left of any run")
    return status


def _processes() -> Iterator[_Process]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            environment = (entry / "environ").read_bytes()
            name = (entry / "comm").read_text("utf-8", "replace").strip()
        except OSError:  # it is somebody else's, or has ended
            continue
        mark = _mark_in(environment)
        if mark and not runner_lives(mark):
            yield _Process(int(entry.name), name)


def _scratch() -> Iterator[Path]:
    """Yield the directories of builds of images whose runner is gone."""
    for directory in sorted(Path(tempfile.gettempdir()).glob(f"{SCRATCH_PREFIX}*-*-*")):
        if not runner_lives(directory.name.removeprefix(SCRATCH_PREFIX)):
            yield directory


def _mark_in(environment: bytes) -> str:
    prefix = f"{CELL_VARIABLE}=".encode()
    marks = [item for item in environment.split(b"\0") if item.startswith(prefix)]
    return marks[0].removeprefix(prefix).decode("ascii", "replace") if marks else ""


def _in_engine(dry_run: bool) -> Iterator[tuple[str, str]]:
    from panther.bench.engine.connection import connected
    from panther.bench.engine.leftovers import leftovers

    with connected("what runs have left cannot be removed") as client:
        for leftover in list(leftovers(client)):
            if not dry_run:
                leftover.remove()
            yield leftover.kind, leftover.name


def _engine_is_expected() -> bool:
    """Tell whether there is an engine: a socket, or a place that the user names."""
    return bool(os.environ.get("DOCKER_HOST")) or Path("/var/run/docker.sock").exists()

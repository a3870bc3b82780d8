"""Run one command again and again, each time struck at another change that it makes to the file system.

Started by test_interruption.py: ``stopping_points.py BLOW STRIDE DIRECTORY ARGUMENT…``. A blow is
``SIGINT``, ``SIGTERM``, ``SIGKILL`` (sent to itself) or ``ENOSPC`` (raised in the place of the change); it
strikes at the first change, then STRIDE changes later, and so on. Each time a
fresh copy of DIRECTORY is the working directory; what happened is printed, one line of JSON each. It forks
instead of starting Python anew, because copier is imported once then. What was killed is started once
more, without a blow, and the status of that is reported as ``again``.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from panther_gen.__main__ import main

CHANGES = ("os.mkdir", "os.rename", "os.link", "os.rmdir", "os.remove", "shutil.rmtree", "open")


class Blow:
    """An audit hook that counts changes to files, and strikes at one of them."""

    def __init__(self, kind: str, at: int) -> None:
        self._kind, self._at, self._seen = kind, at, 0

    def __call__(self, event: str, details: tuple[object, ...]) -> None:
        if event not in CHANGES or not self._changes_a_file(event, details):
            return
        self._seen += 1
        if self._seen != self._at:
            return
        if self._kind == "ENOSPC":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(details[0]))
        os.kill(os.getpid(), getattr(signal, self._kind))

    def _changes_a_file(self, event: str, details: tuple[object, ...]) -> bool:
        if event == "open" and not (isinstance(details[2], int) and details[2] & (os.O_WRONLY | os.O_CREAT)):
            return False
        # A disk that is full does not keep anybody from removing files.
        return self._kind != "ENOSPC" or event in {"os.mkdir", "os.link", "open"}

    @property
    def struck(self) -> bool:
        return self._seen >= self._at


def one_run(kind: str, at: int, arguments: list[str], report: int) -> None:
    blow = Blow(kind, at)
    sys.addaudithook(blow)
    try:
        status = main(arguments)
    except SystemExit as ending:
        status = int(str(ending.code))
    os.write(report, json.dumps({"at": at, "status": status, "struck": blow.struck}).encode())
    os._exit(0)


def entries(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*"))


def run_struck(kind: str, at: int, source: Path, arguments: list[str]) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as place:
        work, scratch = Path(place, "work"), Path(place, "scratch")
        shutil.copytree(source, work)
        scratch.mkdir()
        outcome = start(kind, at, work, scratch, arguments)
        if not outcome:
            again = start("SIGINT", sys.maxsize, work, scratch, arguments)
            outcome = {"at": at, "status": -signal.SIGKILL, "struck": True, "again": again["status"]}
        return {**outcome, "work": entries(work), "scratch": entries(scratch)}


def start(kind: str, at: int, work: Path, scratch: Path, arguments: list[str]) -> dict[str, object]:
    """Run the command once in a child; return what it tells, nothing if it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.chdir(work)
        tempfile.tempdir = str(scratch)
        one_run(kind, at, arguments, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        outcome: dict[str, object] = json.loads(told.read() or b"{}")
    os.waitpid(child, 0)
    return outcome


if __name__ == "__main__":
    import panther_gen.generate.render  # noqa: F401 - once, before the first fork

    output = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    number, struck = 1, True
    while struck:
        outcome = run_struck(sys.argv[1], number, Path(sys.argv[3]), sys.argv[4:])
        number += int(sys.argv[2])
        os.write(output, json.dumps(outcome).encode() + b"\n")
        struck = bool(outcome.get("struck"))

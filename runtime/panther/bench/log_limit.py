"""A service's log on disk is kept to a size: of one that is flooded the beginning and the end remain."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["LOGS", "LOG_LIMIT_BYTES", "LOOK_AT_LOGS", "LogLimit"]

#: What a service writes to standard output and to standard error, in its directory.
LOGS = ("stdout.log", "stderr.log")

#: What is kept of one log, at most: half of it from the beginning. More than that is no log but a flood.
LOG_LIMIT_BYTES = 32 << 20
#: Seconds between two looks at a running service's logs: what it can write meanwhile is on disk for so long.
LOOK_AT_LOGS = 0.05


class LogLimit:
    """Keeps one log to its size while a service appends to it.

    The service writes to the file itself (O_APPEND), so that the runner costs it nothing. Cut off, the file
    grows on from where it ends: the end is kept, and what came between goes.

    Args:
        path: the log.
        limit: bytes that it may have.
    """

    def __init__(self, path: Path, limit: int = LOG_LIMIT_BYTES) -> None:
        self._path = path
        self._limit = limit
        self._dropped = 0

    def enforce(self) -> None:
        """Cut the log, if it has grown beyond its limit."""
        try:
            size = self._path.stat().st_size
        except OSError:
            return
        if size > self._limit:
            self._cut(size)

    def drop(self, number: int) -> None:
        """Count bytes that were never written."""
        self._dropped += number

    def note(self) -> str:
        """Return what was left out, as a sentence; "" if nothing was."""
        self.enforce()  # what a daemon wrote after its parent had ended
        if not self._dropped:
            return ""
        return (
            f"{self._path.parent.name} wrote more to {self._path.name} than is kept: about "
            f"{self._dropped / 2**20:,.0f} MiB after its first {self._limit / 2**21:,.0f} MiB were left out"
        )

    def _cut(self, size: int) -> None:
        half = self._limit // 2
        self._dropped += size - half
        with suppress(OSError):  # a full disk: the note is in the evidence as well
            os.truncate(self._path, half)
            with self._path.open("ab") as file:
                file.write(f"\n[panther: {self._dropped} bytes and more were left out here]\n".encode())

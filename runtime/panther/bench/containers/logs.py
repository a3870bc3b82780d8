"""The output of a container, streamed into files from which nothing holds it up."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from panther.bench.log_limit import LOG_LIMIT_BYTES, LOGS, LogLimit

__all__ = ["ContainerLogs"]

#: Seconds that what was written at the end has to arrive: much, where an engine is busy with other things.
_LAST_WORDS = 30.0
_LOOK_EVERY_BYTES = LOG_LIMIT_BYTES // 4


class _Log:
    """A file that gets what a container writes, and is kept to its size.

    What it cannot take is left out: a container whose output nobody reads stands still, and its engine, too.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._limit = LogLimit(path)
        self._file: BinaryIO | None = None
        self._since_look = 0
        self._problem = ""

    def open(self) -> None:
        with self._noting_problems():
            self._file = self._path.open("ab", buffering=0)

    def write(self, data: bytes) -> None:
        if self._file is None or self._problem:
            return
        with self._noting_problems():
            self._file.write(data)
        self._since_look += len(data)
        if self._since_look > _LOOK_EVERY_BYTES:
            self._since_look = 0
            self._limit.enforce()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def notes(self) -> list[str]:
        lost = f"{self._path.parent.name} wrote to {self._path.name} what could not be kept: {self._problem}"
        return [*filter(None, [self._limit.note()]), *([lost] if self._problem else [])]

    @contextlib.contextmanager
    def _noting_problems(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._problem = error.strerror or str(error)


class ContainerLogs:
    """Writes a container's output into files.

    Args:
        directory: gets ``stdout.log`` and ``stderr.log``.
    """

    def __init__(self, directory: Path) -> None:
        self._logs = [_Log(directory / name) for name in LOGS]
        self._thread: threading.Thread | None = None

    def stream(self, output: Any) -> None:
        """Begin; ``output`` yields pairs of what was written to standard output and to standard error."""
        self._thread = threading.Thread(target=self._copy, args=(output,), name="panther-logs", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Wait until all has arrived, for a while."""
        if self._thread is not None:
            self._thread.join(_LAST_WORDS)

    def notes(self) -> list[str]:
        """Return what is to be said of the files."""
        return [note for log in self._logs for note in log.notes()]

    def _copy(self, output: Iterator[tuple[bytes | None, bytes | None]]) -> None:
        for log in self._logs:
            log.open()
        # The engine may go away in the middle: the container's end tells.
        with contextlib.suppress(Exception):
            for pair in output:
                for log, data in zip(self._logs, pair, strict=True):
                    if data:
                        log.write(data)
        for log in self._logs:
            log.close()

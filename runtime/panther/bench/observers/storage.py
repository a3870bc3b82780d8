"""The observer ``storage``: writes events to ``events.jsonl``, of the run and of each test.

Each line is written by one system call, so that a runner that is killed leaves whole lines behind.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from panther.bench.observers.base import Observer, RunScope, TestScope
from panther.bench.results import on_disk
from panther.core.events import Event, ExperimentFinishedEvent, ExperimentStartedEvent, to_record

__all__ = ["EVENTS_FILE", "StorageObserver"]

EVENTS_FILE = "events.jsonl"


class StorageObserver(Observer):
    """Writes every event, one JSON object a line: into the run's file, those of a test into its own too."""

    def __init__(self) -> None:
        self._of_run: _EventFile | None = None

    @contextlib.contextmanager
    def watch_run(self, scope: RunScope) -> Iterator[None]:
        """Write the events of the run; see the base class."""
        with on_disk(scope.directory):
            file = self._of_run = _EventFile(scope.directory / EVENTS_FILE)

        def write(event: Event) -> None:
            file.write(_line(event, None, scope))

        # The events of tests come by watch_test, with the test's name.
        ends = [
            scope.bus.subscribe(kind, write) for kind in (ExperimentStartedEvent, ExperimentFinishedEvent)
        ]
        try:
            yield
        finally:
            for end in ends:
                end()
            file.close()
            if file.failure is not None:
                with on_disk(scope.directory):
                    raise file.failure

    @contextlib.contextmanager
    def watch_test(self, scope: TestScope) -> Iterator[None]:
        """Write the events of a test; see the base class."""
        try:
            file = _EventFile(scope.directory / EVENTS_FILE)
        except OSError as error:  # said when the run ends
            if self._of_run is not None:
                self._of_run.failure = self._of_run.failure or error
            yield
            return

        def write(event: Event) -> None:
            line = _line(event, scope.name, scope.run)
            file.write(line)
            if self._of_run is not None:
                self._of_run.write(line)

        end = scope.bus.subscribe(Event, write)
        try:
            yield
        finally:
            end()
            file.close()


class _EventFile:
    """A file that lines are appended to until one cannot be written; raises OSError if it cannot be made."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self.failure: OSError | None = None

    def write(self, line: bytes) -> None:
        if self.failure is not None:
            return  # after half a line, nothing more: the half stays the last one
        try:
            if self._file.write(line) != len(line):
                self._file.write(line[-1:])  # fails with the reason
                raise OSError("a line was cut short")
        except OSError as error:
            self.failure = error

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._file.close()


def _line(event: Event, test: str | None, scope: RunScope) -> bytes:
    return json.dumps(to_record(event, test=test, elapsed=scope.elapsed())).encode() + b"\n"

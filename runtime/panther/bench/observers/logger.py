"""The observer ``logger``: logs every event of a run, on standard error and in the run's ``run.log``.

Only events that are at least as severe as ``logging.level`` of the experiment file are shown: commands are
DEBUG, what went wrong with a service is WARNING, the rest is INFO.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Iterator

from panther.bench.observers.base import Observer, RunScope, TestScope
from panther.bench.results import on_disk
from panther.core.events import (
    CommandGenerationEvent,
    Event,
    ExperimentFinishedEvent,
    ExperimentStartedEvent,
    ServiceErrorEvent,
    to_record,
)

__all__ = ["LOG_FILE", "LoggerObserver", "log_to_standard_error"]

LOG_FILE = "run.log"

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_log = logging.getLogger("panther")


class LoggerObserver(Observer):
    """Logs events."""

    @contextlib.contextmanager
    def watch_run(self, scope: RunScope) -> Iterator[None]:
        """Log the events of the run, and open its log file; see the base class."""
        with on_disk(scope.directory):
            handler = _LogFile(scope.directory / LOG_FILE, encoding="utf-8", errors="backslashreplace")
        handler.setFormatter(logging.Formatter(_FORMAT))
        handler.handleError = lambda record: None  # type: ignore[method-assign]  # a full disk: storage says so
        _log.addHandler(handler)
        kinds = (ExperimentStartedEvent, ExperimentFinishedEvent)
        ends = [scope.bus.subscribe(kind, lambda event: _log_event(event, None)) for kind in kinds]
        try:
            yield
        finally:
            for end in ends:
                end()
            _log.removeHandler(handler)
            with contextlib.suppress(OSError):
                handler.close()

    @contextlib.contextmanager
    def watch_test(self, scope: TestScope) -> Iterator[None]:
        """Log the events of a test; see the base class."""
        end = scope.bus.subscribe(Event, lambda event: _log_event(event, scope.name))
        try:
            yield
        finally:
            end()


class _LogFile(logging.FileHandler):
    """Writes what is logged in one step of the event loop in one go; without a loop, each line."""

    _waits = False

    def flush(self) -> None:
        if self._waits:
            return
        try:
            asyncio.get_running_loop().call_soon(self._flush_now)
        except RuntimeError:  # there is no loop
            super().flush()
        else:
            self._waits = True

    def close(self) -> None:
        self._waits = True  # what is still to come has nothing left to do
        super().close()

    def _flush_now(self) -> None:
        if self._waits and self.stream is not None:
            with contextlib.suppress(OSError, ValueError):  # a full disk; it is closed
                super().flush()
        self._waits = False


def log_to_standard_error(level: str) -> None:
    """Show what the bench logs, from ``level`` on; a second call changes the level only."""
    if not any(isinstance(handler, _StandardError) for handler in _log.handlers):
        handler = _StandardError()
        handler.setFormatter(logging.Formatter(_FORMAT))
        _log.addHandler(handler)
    _log.setLevel(level)


class _StandardError(logging.Handler):
    """Writes to what is standard error now: a live progress line puts itself in its place."""

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError, ValueError):  # it is closed
            print(self.format(record), file=sys.stderr)


def _log_event(event: Event, test: str | None) -> None:
    level = _level_of(event)
    if not _log.isEnabledFor(level):
        return
    record = to_record(event, test=test)
    about = "".join(f" {name}={record[name]!r}" for name in ("test", "service") if record[name])
    fields = "".join(f" {name}={value!r}" for name, value in record["data"].items())
    message = f"{record['type']}{about}{fields}"
    # Not log(): it would search the stack for a place in the code, which nobody is shown.
    _log.handle(_log.makeRecord(_log.name, level, __file__, 0, message, (), None))


def _level_of(event: Event) -> int:
    if isinstance(event, CommandGenerationEvent):
        return logging.DEBUG
    return logging.WARNING if isinstance(event, ServiceErrorEvent) else logging.INFO

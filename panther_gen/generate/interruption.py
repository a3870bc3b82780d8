"""Being stopped at any moment, and leaving nothing behind.

A stop signal (Ctrl-C, SIGTERM, a closed terminal) becomes one exception and never a second, so that
clearing up is not itself cut short. Once landing begins, a stop comes too late and is let pass: what
the exit status says then agrees with what is on the disk.
"""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self, TypeVar

__all__ = ["Interruption", "in_scratch"]

_T = TypeVar("_T")
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """The stop signals of a command that writes files; for the main thread of a process that ends with it."""

    def __init__(self) -> None:
        self._spent = False

    def hold(self) -> None:
        """Let every stop signal pass from now on: what has begun is carried through."""
        self._spent = True

    def __enter__(self) -> Self:
        for number in _STOP_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
                signal.signal(number, self._stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # The process ends here, with a status that is settled: a late signal shall not change it.
        for number in _STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self._spent:
            return
        self._spent = True
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)


def in_scratch(directory: Path, work: Callable[[Path], _T]) -> _T:
    """Make ``directory``, do ``work`` in it, and remove it, whatever happens.

    Args:
        directory: a path that nobody else uses; its parent exists.
        work: called with the directory.

    Raises:
        OSError: the directory cannot be made.
    """
    try:
        try:
            directory.mkdir(mode=0o700)
            return work(directory)
        finally:
            shutil.rmtree(directory, ignore_errors=True)
    except BaseException:
        # The one exception that a stop signal makes may have struck within the removal above.
        shutil.rmtree(directory, ignore_errors=True)
        raise

"""A program that waits at its very beginning until what observes it is there.

A process of this machine is known as soon as it has been started. A container tells who it is a moment
later, and a short client has ended by then.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from panther.bench.execution.base import started_by
from panther.bench.execution.safe_points import is_stopped
from panther.plugins.services.base.command import Command

__all__ = ["behind_gate", "open_gate"]

#: The shell gets the program and its arguments as words of their own, and becomes it.
_GATE = ("sh", "-c", 'kill -STOP "$$"; exec "$@"', "sh")
_LOOK_AGAIN = 0.001
#: Seconds that a shell has to get to the gate, and to become the program; a script of that shell looks alike.
_MOST, _MOST_FOR_EXEC = 30.0, 0.5


def behind_gate(command: Command) -> Command:
    """Return a command that stops before its program begins; the process stays the same."""
    return started_by(command, *_GATE)


async def open_gate(pid: int) -> None:
    """Let a process go on that was started behind a gate, and wait until it is the program.

    Nothing happens if it has ended.
    """
    await _until(lambda: is_stopped(pid) or not _program_of(pid), _MOST)
    shell = _program_of(pid)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)
    await _until(lambda: _program_of(pid) != shell, _MOST_FOR_EXEC)


async def _until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(_LOOK_AGAIN)


def _program_of(pid: int) -> str:
    """Return the file that a process runs; the empty string where it has ended, or is not this user's."""
    try:
        return str(Path(f"/proc/{pid}/exe").readlink())
    except OSError:
        return ""

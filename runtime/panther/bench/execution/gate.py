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
from pathlib import Path

from panther.bench.execution.safe_points import is_stopped
from panther.plugins.services.base.command import Command

__all__ = ["behind_gate", "open_gate"]

#: The shell gets the program and its arguments as words of their own, and becomes it.
_GATE = ("sh", "-c", 'kill -STOP "$$"; exec "$@"', "sh")
_LOOK_AGAIN = 0.001
#: Seconds that a container's shell has to get to the gate.
_MOST = 5.0


def behind_gate(command: Command) -> Command:
    """Return a command that stops before its program begins; the process stays the same."""
    return Command((*_GATE, *command.argv), command.environment, command.working_directory)


async def open_gate(pid: int) -> None:
    """Let a process go on that was started behind a gate; nothing happens if it has ended."""
    deadline = time.monotonic() + _MOST
    while Path(f"/proc/{pid}").exists() and not is_stopped(pid) and time.monotonic() < deadline:
        await asyncio.sleep(_LOOK_AGAIN)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)

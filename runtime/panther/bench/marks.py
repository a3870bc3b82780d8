"""Marks by which what a run has left is told from what a living run uses: the runner's process.

A process ID alone is given out again; with the time that the process was started it is not (proc(5)).
"""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["CELL_VARIABLE", "own_mark", "runner_lives"]

#: In the environment of the processes of a test, where no namespace marks them.
CELL_VARIABLE = "PANTHER_CELL"

_START_FIELD = 22


def own_mark() -> str:
    """Return the mark of this process: its ID and when it was started, such as ``4711-123456``."""
    pid = os.getpid()
    return f"{pid}-{_started(pid)}"


def runner_lives(mark: str) -> bool:
    """Tell whether the process that a mark, or what begins with one, stands for is alive."""
    pid, _, rest = mark.partition("-")
    started = rest.partition("-")[0]
    return pid.isdecimal() and started != "" and _started(int(pid)) == started


def _started(pid: int) -> str:
    """Return when a process was started, in clock ticks since the machine's start; "" if it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    # The second field is the program's name in parentheses, and may hold both spaces and parentheses.
    state, *fields = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else fields[_START_FIELD - 4]

"""``strace``: every system call of a service, and a table of them."""

from __future__ import annotations

import re
from pathlib import Path

from panther.bench.execution.base import ExecutionEnvironment, Profile, Spot, Tool, started_by
from panther.plugins.services.base.command import Command

__all__ = ["Strace"]

_ROWS = 15
#: How a traced process ended; with -f every line begins with its process ID.
_END = re.compile(
    r"(?P<pid>\d+) .*\+\+\+ (?:exited with (?P<status>\d+)|killed by (?P<signal>SIG\w+)).*\+\+\+"
)
#: A line of the table that -C writes: share, seconds, microseconds a call, calls, errors if any, name.
_ROW = re.compile(
    r" *(?P<share>[0-9.]+) +(?P<seconds>[0-9.]+) +\d+ +(?P<calls>\d+) +(?P<errors>\d+)? *(?P<name>\w+)"
)


class Strace(ExecutionEnvironment):
    """strace itself blocks the signals that stop a service, and ends as the service ended."""

    name = "strace"
    about = "system calls, by strace"
    cost = 2.0
    tools = (Tool("strace", "strace"),)
    #: Nearly all calls would be those by which the heap profiler looks at each stack, a hundred times slower.
    excludes = frozenset({"gdb", "py-spy", "gperf_heap"})

    def wrap(self, command: Command, spot: Spot) -> Command:
        """Trace the program and its children: -C the calls and a table, -I4 no signal is strace's own."""
        return started_by(command, "strace", "-f", "-C", "-I4", "-o", _trace(spot), "--")

    def status(self, returncode: int, spot: Spot) -> int | None:
        """Return strace's status, which is the service's; None where the trace does not say how it ended."""
        return returncode if _has_ended(_trace(spot)) else None

    def read(self, command: Command, spot: Spot) -> Profile | None:
        """Return the system calls that took the most time."""
        trace = _trace(spot)
        if not trace.is_file() or not trace.stat().st_size:
            return None
        rows = _table(trace)
        if not rows:
            return Profile("the trace has no table: strace was killed", products=(trace,))
        calls = sum(int(row[3]) for row in rows)
        shown = tuple(rows[:_ROWS])
        headline = f"{calls} system calls, the most time in {rows[0][0]}"
        return Profile(
            headline, ("call", "% of time", "seconds", "calls", "errors"), shown, products=(trace,)
        )


def _trace(spot: Spot) -> Path:
    return spot.file("strace", ".txt")


def _has_ended(trace: Path) -> bool:
    """Tell whether the first process of a trace has ended."""
    try:
        with trace.open(encoding="utf-8", errors="replace") as file:
            first = file.readline().partition(" ")[0]
            return any((end := _END.match(line)) and end["pid"] == first for line in file)
    except OSError:
        return False


def _table(trace: Path) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    inside = False
    with trace.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith("% time"):
                inside, rows = True, []
            elif inside and (found := _ROW.fullmatch(line.rstrip())) and found["name"] != "total":
                rows.append(
                    (found["name"], found["share"], found["seconds"], found["calls"], found["errors"] or "0")
                )
    return rows

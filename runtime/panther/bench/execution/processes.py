"""What /proc says of the processes of a wrapped service: proc(5)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

from panther.bench.execution.safe_points import signal_while_waiting

__all__ = ["descendants", "pid_inside", "signal_those_that_catch"]

_LOOK_AGAIN = 0.001
#: The pause grows with the time waited: a look walks over all processes.
_PAUSE_SHARE = 0.02
#: Seconds that a handler may take to write what it has.
_HANDLED_WITHIN = 10.0


def pid_inside(pid: int) -> int:
    """Return a process ID as the process's own PID namespace has it."""
    words = _status(Path(f"/proc/{pid}")).get("NSpid", "").split()
    return int(words[-1]) if words else pid


def descendants(pid: int) -> list[int]:
    """Return the children of a process, their children, and so on; the process itself is not among them."""
    parents = {int(entry.name): _parent(entry) for entry in Path("/proc").iterdir() if entry.name.isdecimal()}
    found: list[int] = []
    generation = {pid}
    while generation := {child for child, parent in parents.items() if parent in generation}:
        found += sorted(generation)
    return found


async def signal_those_that_catch(number: int, pid: int, *, within: float, patience: float) -> None:
    """Send a signal to a process and its descendants, where they catch it, and wait until they have.

    A process that does not catch the signal would be killed by it.

    Args:
        number: the signal.
        pid: the process.
        within: seconds to wait for the first process that catches it; programs take time to be loaded.
        patience: seconds to wait until it can be interrupted.
    """
    begun = time.monotonic()
    while not (targets := [one for one in _tree(pid) if _has(one, number, "SigCgt")]):
        waited = time.monotonic() - begun
        if waited >= within or not Path(f"/proc/{pid}").exists():
            return
        await asyncio.sleep(max(_LOOK_AGAIN, waited * _PAUSE_SHARE))
    blocking = {one: _blocking(one, number) for one in targets}
    sent = await asyncio.gather(*(signal_while_waiting(number, one, patience=patience) for one in targets))
    busy = [one for one, whether in zip(targets, sent, strict=True) if whether]
    deadline = time.monotonic() + _HANDLED_WITHIN
    while any(_is_busy(one, number, blocking[one]) for one in busy) and time.monotonic() < deadline:
        await asyncio.sleep(_LOOK_AGAIN)


def _tree(pid: int) -> list[int]:
    return [pid, *descendants(pid)]


def _is_busy(pid: int, number: int, blocking: set[str]) -> bool:
    """Tell whether a signal waits, or its handler runs: the thread that runs it blocks it for as long.

    Args:
        pid: the process.
        number: the signal.
        blocking: its threads that have blocked the signal before.
    """
    return _has(pid, number, "ShdPnd") or not _blocking(pid, number) <= blocking


def _blocking(pid: int, number: int) -> set[str]:
    """Return the threads of a process that block a signal, or for which it waits."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return set()
    return {thread.name for thread in threads if _bit(_status(thread), number, "SigBlk", "SigPnd")}


def _has(pid: int, number: int, *fields: str) -> bool:
    return _bit(_status(Path(f"/proc/{pid}")), number, *fields)


def _bit(status: dict[str, str], number: int, *fields: str) -> bool:
    return any(int(status.get(field, "0"), 16) >> (number - 1) & 1 for field in fields)


def _status(entry: Path) -> dict[str, str]:
    try:
        return dict(_pairs((entry / "status").read_text(errors="replace")))
    except OSError:  # it has ended
        return {}


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, _, value = line.partition(":")
        yield name, value.strip()


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0

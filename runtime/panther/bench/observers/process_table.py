"""Which processes have been started by which: ``/proc``, read so that only new processes cost anything."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Collection

__all__ = ["ProcessTable"]


class ProcessTable:
    """The processes of this machine, with their parents and sessions as they were when first seen.

    Not every kernel lists children (``CONFIG_PROC_CHILDREN``), so the directory is listed; the parent of a
    process is read once. A process whose parent ended before it was seen is known by its session.

    Args:
        pause: seconds that a listing is good for; a process that lives shorter may never be seen.
    """

    def __init__(self, pause: float = 0.0) -> None:
        self._pause = pause
        self._looked = -math.inf
        self._newest = b""
        self._known: dict[int, tuple[int, int]] = {}

    def descendants(self, roots: Collection[int]) -> list[int]:
        """Return the processes that any of ``roots`` has started, directly or not."""
        self._look()
        family = set(roots)
        found = []
        # A child is usually listed after its parent; where numbers have wrapped, the next look finds it.
        for pid, (parent, session) in self._known.items():
            if pid not in family and (parent in family or session in family):
                family.add(pid)
                found.append(pid)
        return found

    def _look(self) -> None:
        """List processes again, unless that was done just now, or none has been started since."""
        if time.monotonic() - self._looked < self._pause:
            return
        newest = _newest()
        if newest != self._newest or not newest:
            self._refresh()
        self._newest, self._looked = newest, time.monotonic()

    def _refresh(self) -> None:
        listed = {int(name) for name in os.listdir("/proc") if name.isdecimal()}  # noqa: PTH208 — four times as fast
        for pid in self._known.keys() - listed:
            del self._known[pid]
        for pid in sorted(listed - self._known.keys()):
            self._known[pid] = _parent_and_session(pid)


def _newest() -> bytes:
    """Return the number of the process that was started last (proc_loadavg(5)); nothing: it is not told."""
    try:
        with open("/proc/loadavg", "rb") as file:  # noqa: PTH123 — see above
            return file.read().split()[-1]
    except (OSError, IndexError):
        return b""


def _parent_and_session(pid: int) -> tuple[int, int]:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 — see above
            words = file.read().rpartition(b")")[2].split()
        return int(words[1]), int(words[3])
    except (OSError, IndexError, ValueError):  # it has ended meanwhile
        return 0, 0

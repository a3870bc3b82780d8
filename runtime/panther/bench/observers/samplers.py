"""What a service uses at a moment, as the kernel counts it: a sampler for each kind of place that it runs in.

Read from ``/proc`` directly, because a sample must cost far less than the interval between two. psutil would
read each number through a file of its own, and walks the whole process table to find children.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Protocol, Self

from panther.bench.observers.process_table import ProcessTable

__all__ = ["Packets", "ProcessTreeSampler", "Sampler", "Usage", "packets_of"]

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
#: Bytes that are read at a time.
_AT_ONCE = 4096
#: Columns of proc_pid_stat(5) after the name: CPU times, of children too; threads; size, resident pages.
_TIMES = slice(11, 15)
_THREADS, _SIZE, _MEMORY = 17, 20, 21


@dataclass(frozen=True)
class Usage:
    """What was used so far (seconds, bytes that moved) or is used now (the rest); None: it cannot be seen."""

    cpu_seconds: float | None = None
    """CPU time since the service began, in user and system mode, of children that have ended too."""

    memory_bytes: int | None = None
    """Resident memory. Pages that processes share are counted for each process; in a container once."""

    read_bytes: int | None = None
    """Bytes read by system calls, from files, pipes and (by ``read``) sockets, cached or not."""

    written_bytes: int | None = None
    """Bytes written by system calls."""

    disk_read_bytes: int | None = None
    """Bytes that a storage device delivered."""

    disk_written_bytes: int | None = None
    """Bytes that are to go to a storage device."""

    processes: int | None = None
    threads: int | None = None

    def __add__(self, other: Self) -> Usage:
        """Return the sum; what one side does not know is as the other says."""
        names = (item.name for item in fields(self))
        return Usage(**{name: _sum(getattr(self, name), getattr(other, name)) for name in names})


@dataclass(frozen=True)
class Packets:
    """What the interfaces of a network namespace have carried so far."""

    received_packets: int
    received_bytes: int
    sent_packets: int
    sent_bytes: int


class Sampler(Protocol):
    """Measures one service, in the place that it runs in."""

    has_own_network: bool
    """The service has a network namespace to itself; else it shares one with others."""

    def sample(self) -> Usage | None:
        """Return what the service uses now; None: nothing of it is left."""

    def packets(self) -> Packets | None:
        """Return what the network namespace that the service is in has carried; None: it is gone."""

    def close(self) -> None:
        """Release what it holds; nothing is sampled any more."""


class ProcessTreeSampler:
    """Measures a process and everything that it has started.

    Args:
        pid: the process.
        table: shows which processes have been started since.
    """

    has_own_network = False

    def __init__(self, pid: int, table: ProcessTable) -> None:
        self._table = table
        self._members: dict[int, _ProcessFiles] = {}
        self._highest = Usage()
        self._add(pid)

    def sample(self) -> Usage | None:
        """Return the sum over the tree; see :class:`Sampler`."""
        for pid in self._table.descendants(self._members):
            self._add(pid)
        found = {pid: files.usage() for pid, files in self._members.items()}
        for pid in [pid for pid, usage in found.items() if usage is None]:
            self._members.pop(pid).close()
        if not self._members:
            return None
        usages = [usage for usage in found.values() if usage is not None]
        return self._never_less(usages[0] if len(usages) == 1 else _total(usages))

    def packets(self) -> Packets | None:
        """Return the counters of its namespace; see :class:`Sampler`."""
        return next((found for pid in self._members if (found := packets_of(pid)) is not None), None)

    def close(self) -> None:
        """Close the files that it reads from."""
        while self._members:
            self._members.popitem()[1].close()

    def _add(self, pid: int) -> None:
        files = _ProcessFiles(pid)
        if files.are_open:
            self._members[pid] = files

    def _never_less(self, usage: Usage) -> Usage:
        """Keep counters from falling: what an orphan used is no longer shown once it has ended."""
        counters = ("cpu_seconds", "read_bytes", "written_bytes", "disk_read_bytes", "disk_written_bytes")
        values = {item.name: getattr(usage, item.name) for item in fields(usage)}
        for name in counters:
            known = [value for value in (values[name], getattr(self._highest, name)) if value is not None]
            values[name] = max(known, default=None)
        self._highest = Usage(**values)
        return self._highest


def packets_of(pid: int) -> Packets | None:
    """Return what the interfaces of a process's network namespace have carried; None: it has ended."""
    descriptor = _open(f"/proc/{pid}/net/dev")
    if descriptor is None:
        return None
    try:
        text = b"".join(iter(lambda: os.read(descriptor, _AT_ONCE), b""))
    except OSError:
        return None
    finally:
        os.close(descriptor)
    rows = [line.partition(b":")[2].split() for line in text.splitlines()[2:]]
    return Packets(*(sum(int(row[column]) for row in rows if len(row) > column) for column in (1, 0, 9, 8)))


class _ProcessFiles:
    """Two files of one process, kept open: a sample costs a third, and no other process is taken for it.

    Args:
        pid: the process; it may have ended.
    """

    def __init__(self, pid: int) -> None:
        self._stat = _open(f"/proc/{pid}/stat")
        self._io = _open(f"/proc/{pid}/io") if self._stat is not None else None

    @property
    def are_open(self) -> bool:
        return self._stat is not None

    def usage(self) -> Usage | None:
        """Return what the process uses; None: it has ended."""
        # The name, which comes first, may hold spaces and parentheses.
        stat = _read(self._stat).rpartition(b")")[2].split()
        if len(stat) <= _MEMORY or stat[_SIZE] == b"0":  # it has given back its memory: it is ending
            return None
        words = _read(self._io).split()
        moved = dict(zip(words[::2], map(int, words[1::2]), strict=False))  # proc_pid_io(5)
        return Usage(
            cpu_seconds=sum(map(int, stat[_TIMES])) / _TICKS,
            memory_bytes=int(stat[_MEMORY]) * _PAGE,
            read_bytes=moved.get(b"rchar:"),
            written_bytes=moved.get(b"wchar:"),
            disk_read_bytes=moved.get(b"read_bytes:"),
            disk_written_bytes=moved.get(b"write_bytes:"),
            processes=1,
            threads=int(stat[_THREADS]),
        )

    def close(self) -> None:
        for descriptor in (self._stat, self._io):
            if descriptor is not None:
                os.close(descriptor)


def _open(path: str) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # the process has ended, or belongs to another user
        return None


def _read(descriptor: int | None) -> bytes:
    try:
        return b"" if descriptor is None else os.pread(descriptor, _AT_ONCE, 0)
    except OSError:  # the process has ended
        return b""


def _total(usages: Iterable[Usage]) -> Usage:
    total = Usage()
    for usage in usages:
        total += usage
    return total


def _sum(one: Any, other: Any) -> Any:
    return other if one is None else one if other is None else one + other

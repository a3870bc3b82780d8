"""What a container uses: its control group, in version 1 or 2, and its own network interfaces.

Read from the host's ``/sys/fs/cgroup`` by the container's first process. Docker's own statistics are the
same numbers behind an HTTP request of 5 milliseconds; where the engine is not on this machine, its processes
are not either, and nothing is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from panther.bench.observers.samplers import Packets, Usage, packets_of

__all__ = ["ContainerSampler"]

_ROOT = Path("/sys/fs/cgroup")
_MICRO, _NANO = 1_000_000, 1_000_000_000


class ContainerSampler:
    """Measures a container.

    Args:
        pid: its first process, as the host numbers it (``State.Pid`` of ``docker inspect``).
    """

    has_own_network = True

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._groups = _groups_of(pid)

    def sample(self) -> Usage | None:
        """Return what the control group has counted; None once no process is left in it."""
        pids = self._lines("pids", "cgroup.procs")
        if not pids:
            return None
        read, written = self._disk()
        return Usage(
            cpu_seconds=self._cpu_seconds(),
            memory_bytes=self._memory_bytes(),
            disk_read_bytes=read,
            disk_written_bytes=written,
            processes=len(pids),
            threads=self._number("pids", "pids.current"),
        )

    def packets(self) -> Packets | None:
        """Return what the container's interfaces have carried."""
        return packets_of(self._pid)

    def close(self) -> None:
        """Do nothing: it holds nothing."""

    def _cpu_seconds(self) -> float | None:
        nanoseconds = self._number("cpuacct", "cpuacct.usage")
        if nanoseconds is not None:
            return nanoseconds / _NANO
        microseconds = self._table("cpu", "cpu.stat").get("usage_usec")
        return None if microseconds is None else microseconds / _MICRO

    def _memory_bytes(self) -> int | None:
        """Return what is used, without the part of the page cache that the kernel would give up first."""
        used = self._number("memory", "memory.current")
        if used is None:
            used = self._number("memory", "memory.usage_in_bytes")
        if used is None:
            return None
        table = self._table("memory", "memory.stat")
        return used - table.get("total_inactive_file", table.get("inactive_file", 0))

    def _disk(self) -> tuple[int | None, int | None]:
        """Return the bytes read from and written to devices; None where the kernel does not count them."""
        lines = self._lines("io", "io.stat")
        if lines:
            words = [word.partition("=") for line in lines for word in line.split()[1:]]
            totals = [
                sum(int(value) for name, _, value in words if name == key) for key in ("rbytes", "wbytes")
            ]
            return totals[0], totals[1]
        rows = [line.split() for line in self._lines("blkio", "blkio.throttle.io_service_bytes")]
        if not rows:
            return None, None
        read, written = (
            sum(int(row[2]) for row in rows if len(row) == 3 and row[1] == kind) for kind in ("Read", "Write")
        )
        return read, written

    def _table(self, controller: str, name: str) -> Mapping[str, int]:
        rows = (line.split() for line in self._lines(controller, name))
        return {row[0]: int(row[1]) for row in rows if len(row) == 2}

    def _number(self, controller: str, name: str) -> int | None:
        lines = self._lines(controller, name)
        return int(lines[0]) if lines and lines[0].isdecimal() else None

    def _lines(self, controller: str, name: str) -> list[str]:
        for key in (controller, ""):  # a controller of version 1, else the one tree of version 2
            group = self._groups.get(key)
            if group is not None:
                try:
                    return (group / name).read_text().splitlines()
                except OSError:  # not in this version, or the container is gone
                    continue
        return []


def _groups_of(pid: int) -> dict[str, Path]:
    """Return the directories of a process's control groups, by controller; version 2 has the name ""."""
    return dict(_read_groups(pid))


def _read_groups(pid: int) -> Iterator[tuple[str, Path]]:
    try:
        lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
    except OSError:  # it has ended
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        inner = path.lstrip("/")
        if not controllers:
            unified = _ROOT / "unified"
            yield "", (unified if unified.is_dir() else _ROOT) / inner
        for controller in controllers.split(","):
            if controller and "=" not in controller:
                yield controller, _ROOT / controller / inner

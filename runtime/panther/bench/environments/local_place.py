"""The place of one test on this machine: a cell, and what the services in it are told of their network."""

from __future__ import annotations

from dataclasses import replace

from panther.bench.capture import Capture
from panther.bench.cells import Cell, Spawn, open_files
from panther.bench.environments.base import Process
from panther.bench.execution.base import Spot
from panther.bench.execution.processes import descendants, pid_inside
from panther.bench.impairment.setting import Impaired
from panther.bench.isolation import Isolation
from panther.bench.netview import NetView, Socket

__all__ = ["LocalPlace"]


class LocalPlace:
    """A cell, where processes of this machine run.

    Args:
        cell: the cell, which is open.
        isolation: what closes it.
    """

    keeps_daemons = True

    def __init__(self, cell: Cell, isolation: Isolation) -> None:
        self.impaired: Impaired | None = None
        self._cell = cell
        self._isolation = isolation
        self.net: NetView = cell.net
        self.captures: list[Capture] = [] if cell.capture is None else [cell.capture]
        self.private: bool = cell.private
        self.spawn: Spawn = cell.spawn

    def spot(self, spot: Spot) -> Spot:
        """Return a spot with the interface that packets pass."""
        return replace(spot, interface="lo" if self.impaired is None else self.impaired.interface)

    def beside(self, process: Process) -> tuple[Spawn, int]:
        """Return what starts a process in the cell, and the process ID as the cell has it."""
        return self.spawn, pid_inside(process.program)

    def survivors(self) -> list[int]:
        """Return the process IDs of what runs in the cell."""
        return self._cell.survivors()

    def ports_of(self, process: Process) -> set[int]:
        """Return the UDP ports that a process and what it has started have bound."""
        files = set().union(*map(open_files, [process.pid, *descendants(process.pid)]))
        return {
            socket.local_port for socket in self.net.serving("udp") if f"socket:[{socket.inode}]" in files
        }

    def owns(self, socket: Socket) -> bool:
        """Tell whether a socket belongs to a process of the cell."""
        return self._cell.owns(socket)

    def kill(self) -> None:
        """Kill every process of the cell."""
        if self.impaired is not None:
            self.impaired.kill()
        self._cell.kill()

    async def leave(self) -> None:
        """Close the cell; the kernel ends what it holds, and :meth:`Localhost.finish` waits for that."""
        self._isolation.close_cell(self._cell)

"""What the kernel says of the traffic with servers in containers.

A container on this machine has a network namespace that its first process shows (proc(5)). Only the
servers' are looked at: a client's is gone when it has ended.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from panther.bench.netview import Counters, NetView, Socket, Transport

__all__ = ["INTERFACE", "ServersView"]

#: The engine's own resolver listens here in every container: no socket of the service.
_RESOLVER = "127.0.0.11"

#: What the engine calls a container's only interface but the loopback one.
INTERFACE = "eth0"


class ServersView:
    """The network namespaces of a test's servers, as one."""

    def __init__(self) -> None:
        self._views: list[NetView] = []
        self._last: list[Counters] = []

    def add(self, pid: int) -> None:
        """Look at the namespace of this process, too."""
        self._views.append(NetView(Path(f"/proc/{pid}/net"), private=True, interfaces=(INTERFACE,)))
        self._last.append(Counters())

    def serving(self, transport: Transport) -> list[Socket]:
        """Return the sockets that a client could reach."""
        return [
            socket
            for view in self._views
            for socket in view.serving(transport)
            if socket.local_address != _RESOLVER
        ]

    def connections_of(self, port: int) -> int:
        """Return how many TCP connections to ``port`` there are, or were in the last minute."""
        return sum(view.connections_of(port) for view in self._views)

    def counters(self) -> Counters:
        """Return the counters of all servers; of one that has ended, as they were last."""
        for index, view in enumerate(self._views):
            now = view.counters()
            if now != Counters():
                self._last[index] = now
        total = sum(self._last, Counters())
        # Those that a server has sent were received by a client, whose own counters are not looked at.
        return replace(total, udp_datagrams=total.udp_datagrams + total.udp_sent)

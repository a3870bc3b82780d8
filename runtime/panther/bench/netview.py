"""What the kernel says about the sockets of a network namespace: the files of ``/proc/<pid>/net``.

The formats are those of proc(5); the counters are the ones of RFC 4022 (TCP) and RFC 4113 (UDP).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, Self

__all__ = ["Counters", "NetView", "Socket", "Transport"]

Transport = Literal["udp", "tcp"]

_TCP_LISTEN = 0x0A
#: Bytes that are read at a time.
_AT_ONCE = 1 << 14
#: What carries the packets of a test: the loopback interface, or a relay's device.
_INTERFACES = ("lo:", "panther0:")


@dataclass(frozen=True)
class Socket:
    """One line of ``/proc/net/udp`` or ``/proc/net/tcp``."""

    transport: Transport
    local_port: int
    remote_port: int
    state: int
    inode: int
    local_address: str = ""
    """Its IPv4 address; empty: it has one of IPv6."""

    @property
    def serves(self) -> bool:
        """Tell whether a client could reach the socket: a TCP socket that listens, or any UDP socket."""
        return self.state == _TCP_LISTEN if self.transport == "tcp" else self.local_port != 0


@dataclass(frozen=True)
class Counters:
    """Counters of a network namespace since it was made; a difference of two is what happened between."""

    udp_datagrams: int = 0
    """UDP datagrams that programs have received."""

    udp_sent: int = 0
    """UDP datagrams that programs have sent."""

    udp_refused: int = 0
    """UDP datagrams to a port that nobody had bound."""

    tcp_accepted: int = 0
    """TCP connections that a server has accepted."""

    tcp_refused: int = 0
    """TCP connections that were refused or reset."""

    loopback_bytes: int = 0
    """Bytes that the loopback interface has carried, headers included; in a container, the others."""

    def __add__(self, other: Self) -> Counters:
        """Return what two namespaces have counted together."""
        return Counters(*(getattr(self, item.name) + getattr(other, item.name) for item in fields(self)))

    def __sub__(self, other: Self) -> Counters:
        """Return what was counted since ``other``."""
        return Counters(*(getattr(self, item.name) - getattr(other, item.name) for item in fields(self)))


class NetView:
    """Reads the network files of one process.

    Args:
        directory: ``/proc/<pid>/net`` of a process in the namespace.
        private: nothing but the test's own sockets is in the namespace.
        interfaces: what the names of the interfaces begin with whose bytes are counted.
    """

    def __init__(self, directory: Path, *, private: bool, interfaces: tuple[str, ...] = _INTERFACES) -> None:
        self._interfaces = interfaces
        self._directory = directory
        self._private = private

    def sockets(self, transport: Transport) -> list[Socket]:
        """Return the sockets of one transport, over IPv4 and IPv6."""
        if transport == "tcp" and self._private and not self._any_tcp():
            return []
        lines = (line for name in (transport, f"{transport}6") for line in self._lines(name)[1:])
        return [_parse(transport, line) for line in lines]

    def serving(self, transport: Transport) -> list[Socket]:
        """Return the sockets that a client could reach."""
        return [socket for socket in self.sockets(transport) if socket.serves]

    def connections_of(self, port: int) -> int:
        """Return how many TCP connections to ``port`` there are, or were in the last minute (TIME_WAIT)."""
        tcp = [socket for socket in self.sockets("tcp") if socket.state != _TCP_LISTEN]
        at_server = sum(socket.local_port == port for socket in tcp)
        return max(at_server, sum(socket.remote_port == port for socket in tcp))

    def counters(self) -> Counters:
        """Return the namespace's counters as they are now."""
        counted = dict(self._counted())
        return Counters(
            udp_datagrams=counted.get("Udp.InDatagrams", 0) + counted.get("Udp6InDatagrams", 0),
            udp_sent=counted.get("Udp.OutDatagrams", 0) + counted.get("Udp6OutDatagrams", 0),
            udp_refused=counted.get("Udp.NoPorts", 0) + counted.get("Udp6NoPorts", 0),
            tcp_accepted=counted.get("Tcp.PassiveOpens", 0),
            tcp_refused=counted.get("Tcp.AttemptFails", 0) + counted.get("Tcp.EstabResets", 0),
            loopback_bytes=self._loopback_bytes(),
        )

    def _any_tcp(self) -> bool:
        # Reading /proc/net/tcp walks a table of the whole machine for milliseconds; this count is instant.
        lines = [*self._lines("sockstat"), *self._lines("sockstat6")]
        return any(line.split()[2] != "0" for line in lines if line.startswith(("TCP: inuse", "TCP6: inuse")))

    def _counted(self) -> Iterator[tuple[str, int]]:
        """Yield the counters of TCP and UDP; the files hold ten times as many."""
        lines = [line for line in self._lines("snmp") if line.startswith(("Tcp:", "Udp:"))]
        for names, values in zip(lines[::2], lines[1::2], strict=False):
            table, *columns = names.split()
            counts = map(int, values.split()[1:])
            yield from zip((f"{table[:-1]}.{name}" for name in columns), counts, strict=False)
        for line in self._lines("snmp6"):
            if line.startswith("Udp6"):
                name, value = line.split()
                yield name, int(value)

    def _loopback_bytes(self) -> int:
        return sum(
            int(line.split()[1]) for line in self._lines("dev") if line.strip().startswith(self._interfaces)
        )

    def _lines(self, name: str) -> list[str]:
        try:
            return _read(f"{self._directory}/{name}").decode("utf-8", "replace").splitlines()
        except FileNotFoundError:  # a kernel without IPv6
            return []


def _read(path: str) -> bytes:
    """Return what a file of ``/proc`` holds; they are read too often for file objects."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return b"".join(iter(lambda: os.read(descriptor, _AT_ONCE), b""))
    finally:
        os.close(descriptor)


def _parse(transport: Transport, line: str) -> Socket:
    words = line.split()
    return Socket(
        transport,
        local_port=int(words[1].rpartition(":")[2], 16),
        remote_port=int(words[2].rpartition(":")[2], 16),
        state=int(words[3], 16),
        inode=int(words[9]),
        local_address=_ipv4(words[1].partition(":")[0]),
    )


def _ipv4(text: str) -> str:
    """Return an address that the kernel writes as a number in the machine's own byte order."""
    if len(text) != len("0100007F"):
        return ""
    return ".".join(map(str, int(text, 16).to_bytes(4, sys.byteorder)))

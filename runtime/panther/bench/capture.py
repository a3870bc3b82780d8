"""Packets between the programs of a test's network namespace: packet(7), with a filter of bpf(4) kind.

Only the first bytes of packets to or from the ports of interest reach the runner, so that a capture
costs nothing while a payload passes. Linux delivers every loopback packet twice, as outgoing and as
incoming; the outgoing copies are left out.
"""

from __future__ import annotations

import ctypes
import socket
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from panther.bench.netview import Transport

__all__ = ["Capture", "Packet", "PacketFilter"]

_ETH_P_ALL, _ETH_P_IP = 0x0003, 0x0800
_IPV4 = 4
_SO_ATTACH_FILTER = 26
_SOL_PACKET = 263
_PACKET_IGNORE_OUTGOING = 23
_PROTOCOL_NUMBERS: dict[Transport, int] = {"tcp": 6, "udp": 17}

# Instructions of the classic packet filter.
_LOAD_BYTE, _LOAD_BYTE_INDEXED, _LOAD_HALF_INDEXED, _LOAD_HEADER_LENGTH = 0x30, 0x50, 0x48, 0xB1
_JUMP_EQUAL, _JUMP_IF_ANY_BIT, _RETURN = 0x15, 0x45, 0x06
_UDP_HEADER_LENGTH = 8


@dataclass(frozen=True)
class PacketFilter:
    """Which packets are captured."""

    transport: Transport
    ports: tuple[int, ...]
    to_server_only: bool = False
    """Leave out what a server sends: for a download, that is nearly everything."""

    first_bits: int = 0
    """Leave out UDP datagrams whose first byte has none of these bits; 0: leave out none."""

    snap_length: int = 1024
    """Bytes of each packet that are looked at; request lines and MINIP messages are shorter."""

    def program(self) -> list[tuple[int, int, int, int]]:
        """Return the filter's instructions: (code, jump if true, jump if false, constant)."""
        offsets = (2,) if self.to_server_only else (2, 0)  # of the destination and the source port
        checks = [(offset, port) for offset in offsets for port in self.ports]
        body: list[tuple[int, int, int, int]] = []
        for position, (offset, port) in enumerate(checks):
            to_accept = 2 * (len(checks) - position - 1) + 1
            body += [(_LOAD_HALF_INDEXED, 0, 0, offset), (_JUMP_EQUAL, to_accept, 0, port)]
        return [
            (_LOAD_BYTE, 0, 0, 9),  # the protocol field of the IPv4 header
            (_JUMP_EQUAL, 0, len(body) + 1, _PROTOCOL_NUMBERS[self.transport]),
            (_LOAD_HEADER_LENGTH, 0, 0, 0),
            *body,
            (_RETURN, 0, 0, 0),
            *self._check_of_first_byte(),
            (_RETURN, 0, 0, self.snap_length),
        ]

    def _check_of_first_byte(self) -> list[tuple[int, int, int, int]]:
        if not self.first_bits:
            return []
        return [
            (_LOAD_BYTE_INDEXED, 0, 0, _UDP_HEADER_LENGTH),
            (_JUMP_IF_ANY_BIT, 1, 0, self.first_bits),
            (_RETURN, 0, 0, 0),
        ]


@dataclass(frozen=True)
class Packet:
    """A UDP datagram or a TCP segment; the payload may be cut off."""

    transport: Transport
    source_port: int
    destination_port: int
    payload: bytes


class Capture:
    """A packet socket in the network namespace of the thread that makes it.

    Args:
        wanted: which packets.
        leaving: an interface, and then what arrives at it and leaves by it is captured; None: what arrives at
            any interface, which on the loopback interface is what leaves as well.

    Raises:
        OSError: the kernel does not allow it.
    """

    def __init__(self, wanted: PacketFilter, *, leaving: str | None = None) -> None:
        self._filter = wanted
        # With protocol 0 nothing arrives before the filter is there. A socket that is bound to no interface
        # has its protocol from the beginning: it is made before anything runs in its namespace.
        protocol = socket.htons(_ETH_P_IP) if leaving is None else 0
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, protocol)
        try:
            _attach(self._socket, wanted.program())
            if leaving is None:
                self._socket.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
            else:  # outgoing packets are only shown to who wants every protocol
                self._socket.bind((leaving, _ETH_P_ALL))
        except BaseException:
            self._socket.close()
            raise

    def fileno(self) -> int:
        """Return the socket's file descriptor; readable when packets have arrived."""
        return self._socket.fileno()

    def packets(self) -> Iterator[Packet]:
        """Yield what has arrived and was not yielded before."""
        while True:
            try:
                data = self._socket.recv(self._filter.snap_length)
            except OSError:  # nothing has arrived; or an interface has gone, which is told once (ENETDOWN)
                return
            packet = _parse(self._filter.transport, data)
            if packet is not None:
                yield packet

    def close(self) -> None:
        """Close this process's descriptor of the socket."""
        self._socket.close()


def _attach(target: socket.socket, program: Sequence[tuple[int, int, int, int]]) -> None:
    instructions = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    target.setsockopt(
        socket.SOL_SOCKET,
        _SO_ATTACH_FILTER,
        struct.pack("HP", len(program), ctypes.addressof(instructions)),
    )


def _parse(transport: Transport, data: bytes) -> Packet | None:
    header = (data[0] & 0x0F) * 4 if data else 0
    if len(data) < header + 8 or data[0] >> 4 != _IPV4:
        return None
    source, destination = struct.unpack_from("!HH", data, header)
    if transport == "udp":
        payload = data[header + 8 :]
    else:
        payload = data[header + (data[header + 12] >> 4) * 4 :] if len(data) > header + 12 else b""
    return Packet(transport, source, destination, payload)

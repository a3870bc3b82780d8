"""MINIP, a ping-pong protocol over UDP: pongs are counted, because a client need not exit.

A message is a packed struct of 14 bytes: a type (1 ping, 2 pong), four letters, a second type (3), and the
milliseconds since the sender's start.
"""

from __future__ import annotations

import asyncio
import struct
from typing import ClassVar

from panther.bench.capture import Packet, PacketFilter
from panther.bench.evidence import Evidence
from panther.bench.netview import Transport
from panther.bench.protocols.base import Exchange, ProtocolCase, Wire
from panther.bench.tcp_transport import NOT_ON_THE_WIRE

__all__ = ["CASE", "MinipCase", "MinipWire"]

_MESSAGE = struct.Struct("<B4sBQ")
_PING, _PONG, _SECOND_TYPE = (1, b"ping"), (2, b"pong"), 3
_PROBE_SECONDS = 5.0


class MinipWire(Wire):
    """Counts well-formed messages.

    Args:
        ports: those of the servers.
    """

    def __init__(self, ports: tuple[int, ...]) -> None:
        self._ports = ports
        self.pings = 0
        self.pongs = 0
        self.malformed = 0

    def feed(self, packet: Packet) -> None:
        """Count one datagram: pings go to a server, pongs come from one."""
        kind = _kind(packet.payload)
        if kind == _PING and packet.destination_port in self._ports:
            self.pings += 1
        elif kind == _PONG and packet.source_port in self._ports:
            self.pongs += 1
        else:
            self.malformed += 1


class MinipCase(ProtocolCase):
    """The server answers each ping with a pong."""

    name: ClassVar[str] = "minip"
    transports: ClassVar[tuple[Transport, ...]] = ("udp",)
    client_may_run_on: ClassVar[bool] = True
    probes: ClassVar[bool] = True

    def packet_filter(self, ports: tuple[int, ...]) -> PacketFilter:
        """Return a filter for both directions."""
        return PacketFilter("udp", ports)

    def new_wire(self, ports: tuple[int, ...]) -> MinipWire:
        """Return what pings and pongs are counted with."""
        return MinipWire(ports)

    def is_complete(self, exchange: Exchange) -> bool:
        """Tell whether as many pongs came as pings were asked for."""
        return _pongs(exchange) >= _wanted(exchange)

    async def probe(self, port: int) -> Evidence:
        """Send one ping and wait for its pong."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bytes] = loop.create_future()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Probe(answer), remote_addr=("127.0.0.1", port)
        )
        try:
            transport.sendto(_MESSAGE.pack(*_PING, _SECOND_TYPE, 0))
            message = await asyncio.wait_for(answer, _PROBE_SECONDS)
        except (TimeoutError, OSError):
            return Evidence("probe", False, "the server did not answer a ping of the bench")
        finally:
            transport.close()
        right = _kind(message) == _PONG
        answered = "a pong" if right else f"{message[: _MESSAGE.size]!r}, which is no pong"
        return Evidence("probe", right, f"the server answered a ping of the bench with {answered}")

    def judge(self, exchange: Exchange) -> list[Evidence]:
        """Compare the numbers of pongs and pings."""
        wire, wanted = exchange.wire, _wanted(exchange)
        pongs = _pongs(exchange)
        if not isinstance(wire, MinipWire):
            detail = f"{pongs} lines of the client's log tell of a pong, {wanted} were asked for"
            if pongs >= wanted:
                detail += f"; {NOT_ON_THE_WIRE}"
            return [Evidence("pongs", pongs >= wanted, detail)]
        detail = f"{pongs} pongs to {wire.pings} pings"
        if wire.malformed:
            detail += f", and {wire.malformed} datagrams that are neither"
        answered = pongs >= wanted or (exchange.exit_status is not None and pongs >= wire.pings >= 1)
        return [Evidence("pongs", answered and not wire.malformed, detail)]


class _Probe(asyncio.DatagramProtocol):
    def __init__(self, answer: asyncio.Future[bytes]) -> None:
        self._answer = answer

    def datagram_received(self, data: bytes, addr: object) -> None:
        if not self._answer.done():
            self._answer.set_result(data)

    def error_received(self, exc: Exception) -> None:
        if not self._answer.done():
            self._answer.set_exception(exc)


def _kind(message: bytes) -> tuple[int, bytes]:
    if len(message) != _MESSAGE.size:
        return 0, b""
    first, letters, second, _ = _MESSAGE.unpack(message)
    return (first, letters) if second == _SECOND_TYPE else (0, b"")


def _wanted(exchange: Exchange) -> int:
    return int(exchange.parameters.get("count", 1))


def _pongs(exchange: Exchange) -> int:
    if isinstance(exchange.wire, MinipWire):
        return exchange.wire.pongs
    logs = [exchange.site.log_dir / name for name in ("stdout.log", "stderr.log")]
    text = "\n".join(log.read_text("utf-8", "replace") for log in logs if log.is_file())
    return sum("pong" in line.lower() for line in text.splitlines())


CASE = MinipCase()

"""MINIP, a ping-pong protocol over UDP: pongs are counted, because a client need not exit.

A message is a packed struct of 14 bytes: a type (1 ping, 2 pong), four letters, a second type (3), and the
milliseconds since the sender's start.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass
class _Talk:
    """What went between a client's and a server's port."""

    pings: int = 0
    pongs: int = 0
    malformed: int = 0


class MinipWire(Wire):
    """Counts well-formed messages.

    Args:
        ports: those of the servers.
    """

    def __init__(self, ports: tuple[int, ...]) -> None:
        self._ports = ports
        self._talks: dict[tuple[int, int], _Talk] = {}

    def feed(self, packet: Packet) -> None:
        """Count one datagram: pings go to a server, pongs come from one."""
        to_server = packet.destination_port in self._ports
        ends = (packet.source_port, packet.destination_port)
        talk = self._talks.setdefault(ends[::-1] if to_server else ends, _Talk())
        kind = _kind(packet.payload)
        if kind == _PING and to_server:
            talk.pings += 1
        elif kind == _PONG and not to_server:
            talk.pongs += 1
        else:
            talk.malformed += 1

    def talks(self, port: int) -> dict[int, _Talk]:
        """Return what went between a server's port and each port of clients."""
        return {client: talk for (server, client), talk in self._talks.items() if server == port}


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
        if isinstance(exchange.wire, MinipWire):
            own_ports_are_known = exchange.client_ports or exchange.clients == 1
            pongs = sum(talk.pongs for talk in _own_talks(exchange.wire, exchange))
            return bool(own_ports_are_known) and pongs >= _wanted(exchange)
        return _pongs_in_log(exchange) >= _wanted(exchange)

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
        if isinstance(exchange.wire, MinipWire):
            return [_judge_talks(_own_talks(exchange.wire, exchange), exchange)]
        pongs, wanted = _pongs_in_log(exchange), _wanted(exchange)
        detail = f"{pongs} lines of the client's log tell of a pong, {wanted} were asked for"
        if pongs >= wanted:
            detail += f"; {NOT_ON_THE_WIRE}"
        return [Evidence("pongs", pongs >= wanted, detail)]


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


def _own_talks(wire: MinipWire, exchange: Exchange) -> list[_Talk]:
    """Return the client's talks; where its ports were not seen, those of all clients of its server."""
    talks = wire.talks(exchange.port)
    if exchange.client_ports:
        return [talk for port, talk in talks.items() if port in exchange.client_ports]
    return [*talks.values()]


def _judge_talks(talks: Sequence[_Talk], exchange: Exchange) -> Evidence:
    pings, pongs = sum(talk.pings for talk in talks), sum(talk.pongs for talk in talks)
    detail = f"{pongs} pongs to {pings} pings"
    speakers = 1 if exchange.client_ports else exchange.clients
    if speakers > 1:
        detail += f" of {speakers} clients"
    malformed = sum(talk.malformed for talk in talks)
    if malformed:
        detail += f", and {malformed} datagrams that are neither"
    answered = pongs >= _wanted(exchange) or (exchange.exit_status is not None and pongs >= pings >= 1)
    # Each client has a port of its own at least: a silent one does not live on the pongs of another.
    spoke = speakers == 1 or sum(talk.pongs > 0 for talk in talks) >= speakers
    return Evidence("pongs", answered and spoke and not malformed, detail)


def _wanted(exchange: Exchange) -> int:
    return int(exchange.parameters.get("count", 1))


def _pongs_in_log(exchange: Exchange) -> int:
    logs = [exchange.site.log_dir / name for name in ("stdout.log", "stderr.log")]
    text = "\n".join(log.read_text("utf-8", "replace") for log in logs if log.is_file())
    return sum("pong" in line.lower() for line in text.splitlines())


CASE = MinipCase()

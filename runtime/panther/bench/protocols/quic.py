"""QUIC (RFC 9000): a random payload is fetched over HTTP/3, and the bytes travelled in UDP datagrams.

The QUIC version and the application protocol are read from the first packets of connections.
"""

from __future__ import annotations

from typing import ClassVar

from panther.bench.capture import Packet, PacketFilter
from panther.bench.evidence import Evidence
from panther.bench.netview import Transport
from panther.bench.payload import PAYLOAD_NAME, Payload, compare
from panther.bench.protocols.base import Exchange, ProtocolCase, Site, Wire
from panther.bench.tcp_transport import connections_seen, tcp_connections

__all__ = ["CASE", "QUICCase", "QUICWire"]

#: More does not fit into one UDP datagram: RFC 9000, section 18.2, max_udp_payload_size.
_LARGEST_DATAGRAM = 65527
#: Connections begin with few packets; an onlooker does not need more, and keeps at most 16 MiB.
_MOST_FLOWS = _MOST_DATAGRAMS = 64
_SNAP_LENGTH = 4096
_LONG_HEADER = 0x80


class QUICWire(Wire):
    """The first datagrams with long headers of each flow between a client's and a server's port.

    They are read when a client has finished: nothing is computed while a payload passes.

    Args:
        ports: those of the servers.
    """

    def __init__(self, ports: tuple[int, ...]) -> None:
        self._ports = ports
        self._flows: dict[tuple[int, int], list[tuple[bool, bytes]]] = {}

    def feed(self, packet: Packet) -> None:
        """Keep a datagram."""
        from_server = packet.destination_port not in self._ports
        ends = (packet.source_port, packet.destination_port)
        flow = ends if from_server else ends[::-1]
        if flow not in self._flows and len(self._flows) >= _MOST_FLOWS:
            return
        kept = self._flows.setdefault(flow, [])
        if len(kept) < _MOST_DATAGRAMS:
            kept.append((from_server, packet.payload))

    def flows(self, port: int) -> list[list[tuple[bool, bytes]]]:
        """Return the flows of the server on a port: for each datagram, whether it sent it, and what it is."""
        return [kept for (server, _), kept in self._flows.items() if server == port]


class QUICCase(ProtocolCase):
    """The client's file equals the server's, UDP carried it, in the protocols that were asked for."""

    name: ClassVar[str] = "quic"
    transports: ClassVar[tuple[Transport, ...]] = ("udp",)
    uses_certificates: ClassVar[bool] = True

    def packet_filter(self, ports: tuple[int, ...]) -> PacketFilter:
        """Return a filter for the packets that begin connections: those with a long header."""
        return PacketFilter("udp", ports, first_bits=_LONG_HEADER, snap_length=_SNAP_LENGTH)

    def new_wire(self, ports: tuple[int, ...]) -> QUICWire:
        """Return what versions and application protocols are read from."""
        return QUICWire(ports)

    def parameters(self, site: Site) -> dict[str, object]:
        """Add where qlog files and TLS secrets go."""
        return {**super().parameters(site), "qlog_dir": site.qlog_dir, "keylog_file": site.keylog_file}

    def path(self, payload: Payload) -> str:
        """Return the payload's name."""
        return payload.path.name

    def judge(self, exchange: Exchange) -> list[Evidence]:
        """Compare the payload; a client that took it over TCP has fallen back to an older HTTP."""
        from panther.bench.quic.verdict import negotiated_in, unknown_version

        transport = _transport(exchange)
        received = exchange.site.download_dir / PAYLOAD_NAME
        arrived = bool(transport.passed) and received.is_file() and received.stat().st_size > 0
        flows = exchange.wire.flows(exchange.port) if isinstance(exchange.wire, QUICWire) else None
        negotiated = negotiated_in(exchange, flows, arrived=arrived)
        how = negotiated.way if transport.passed else "arrived"
        payload = compare(exchange.site.payload, received, how=how)
        return [payload, transport, negotiated.evidence, *unknown_version(exchange)]


def _transport(exchange: Exchange) -> Evidence:
    datagrams = exchange.counters.udp_datagrams
    connections = connections_seen(exchange)
    seen = f"{datagrams} UDP datagrams, {tcp_connections(connections)}"
    least = -(-exchange.site.payload.size // _LARGEST_DATAGRAM)
    if connections or datagrams < least:
        return Evidence("transport", False, f"the payload did not travel over QUIC: {seen}")
    scope = "" if exchange.private else " (counted on the whole machine)"
    return Evidence("transport", True, f"{seen}{scope}")


CASE = QUICCase()

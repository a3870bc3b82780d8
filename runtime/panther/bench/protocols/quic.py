"""QUIC (RFC 9000): a random payload is fetched over HTTP/3, and the bytes travelled in UDP datagrams."""

from __future__ import annotations

from typing import ClassVar

from panther.bench.evidence import Evidence
from panther.bench.netview import Transport
from panther.bench.payload import PAYLOAD_NAME, Payload, compare
from panther.bench.protocols.base import Exchange, ProtocolCase, Site

__all__ = ["CASE", "QUICCase"]

#: More does not fit into one UDP datagram: RFC 9000, section 18.2, max_udp_payload_size.
_LARGEST_DATAGRAM = 65527


class QUICCase(ProtocolCase):
    """The client's file equals the server's, and UDP carried it."""

    name: ClassVar[str] = "quic"
    transports: ClassVar[tuple[Transport, ...]] = ("udp",)
    uses_certificates: ClassVar[bool] = True

    def parameters(self, site: Site) -> dict[str, object]:
        """Add where qlog files and TLS secrets go."""
        return {**super().parameters(site), "qlog_dir": site.qlog_dir, "keylog_file": site.keylog_file}

    def path(self, payload: Payload) -> str:
        """Return the payload's name."""
        return payload.path.name

    def judge(self, exchange: Exchange) -> list[Evidence]:
        """Compare the payload; a client that took it over TCP has fallen back to an older HTTP."""
        transport = _transport(exchange)
        how = "over QUIC" if transport.passed else "arrived"
        return [compare(exchange.site.payload, exchange.site.download_dir / PAYLOAD_NAME, how=how), transport]


def _transport(exchange: Exchange) -> Evidence:
    datagrams = exchange.counters.udp_datagrams
    connections = exchange.counters.tcp_accepted if exchange.private else exchange.connections
    seen = f"{datagrams} UDP datagrams, {connections} TCP connections"
    least = -(-exchange.site.payload.size // _LARGEST_DATAGRAM)
    if connections or datagrams < least:
        return Evidence("transport", False, f"the payload did not travel over QUIC: {seen}")
    scope = "" if exchange.private else " (counted on the whole machine)"
    return Evidence("transport", True, f"{seen}{scope}")


CASE = QUICCase()

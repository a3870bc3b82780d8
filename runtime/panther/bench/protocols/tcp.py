"""A protocol of one's own over TCP (RFC 9293): a client sends a random payload and writes what comes back."""

from __future__ import annotations

from typing import ClassVar

from panther.bench.evidence import Evidence
from panther.bench.netview import Transport
from panther.bench.payload import PAYLOAD_NAME, compare
from panther.bench.protocols.base import Exchange, ProtocolCase, Site
from panther.bench.tcp_transport import tcp_transport

__all__ = ["CASE", "TCPCase"]


class TCPCase(ProtocolCase):
    """The payload comes back as it was sent, over TCP."""

    name: ClassVar[str] = "tcp"
    transports: ClassVar[tuple[Transport, ...]] = ("tcp",)

    def parameters(self, site: Site) -> dict[str, object]:
        """Add the file that a client sends."""
        return {**super().parameters(site), "payload_file": site.payload.path}

    def judge(self, exchange: Exchange) -> list[Evidence]:
        """Compare the payload with what came back, and count connections."""
        transport = tcp_transport(exchange)
        how = "there and back over TCP" if transport.passed else "there and back"
        received = exchange.site.download_dir / PAYLOAD_NAME
        return [compare(exchange.site.payload, received, how=how), transport]


CASE = TCPCase()

"""A protocol that the bench does not know: what comes back is compared where a client writes it.

A client that writes nothing is judged by its exit status and by traffic with the server, and the
evidence says so.
"""

from __future__ import annotations

from typing import ClassVar

from panther.bench.evidence import Evidence
from panther.bench.netview import Transport
from panther.bench.payload import PAYLOAD_NAME, compare, thousands
from panther.bench.protocols.base import Exchange, ProtocolCase, Site

__all__ = ["CASE", "CustomCase"]


class CustomCase(ProtocolCase):
    """Something travelled between client and server and, if it was written, came back as it was sent."""

    name: ClassVar[str] = "custom"
    transports: ClassVar[tuple[Transport, ...]] = ("tcp", "udp")

    def parameters(self, site: Site) -> dict[str, object]:
        """Add the file that a client sends."""
        return {**super().parameters(site), "payload_file": site.payload.path}

    def judge(self, exchange: Exchange) -> list[Evidence]:
        """Judge by the payload where there is one, and by traffic."""
        received = exchange.site.download_dir / PAYLOAD_NAME
        if received.is_file() or received.is_symlink():
            return [compare(exchange.site.payload, received, how="there and back"), _traffic(exchange)]
        note = "the client wrote nothing into its download directory: judged by exit status and traffic"
        return [Evidence("payload", None, note), _traffic(exchange)]


def _traffic(exchange: Exchange) -> Evidence:
    if not exchange.private:
        return Evidence("traffic", None, "not observed: without a namespace it is not the test's alone")
    carried = exchange.counters.loopback_bytes
    seen = f"{thousands(carried)} bytes on the wire" if carried else "nothing was sent"
    return Evidence("traffic", carried > 0, seen)


CASE = CustomCase()

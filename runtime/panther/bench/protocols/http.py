"""HTTP over TCP (RFC 9110): a random payload is fetched, and the version is the one seen on the wire.

Clients downgrade silently, so the version that a client says it speaks proves nothing. In cleartext it
is visible: HTTP/2 begins with a preface (RFC 9113, section 3.4), HTTP/1.1 with a request line (RFC 9112,
section 3). In TLS it is not, and then it is not claimed.
"""

from __future__ import annotations

import re
from typing import ClassVar

from panther.bench.capture import Packet, PacketFilter
from panther.bench.evidence import Evidence
from panther.bench.netview import Transport
from panther.bench.payload import PAYLOAD_NAME, Payload, compare
from panther.bench.protocols.base import Exchange, ProtocolCase, Wire
from panther.bench.tcp_transport import tcp_transport

__all__ = ["CASE", "HTTPCase", "HTTPWire", "asked_version"]

_PREFACE = b"PRI * HTTP/2.0\r\n"
_REQUEST_LINE = re.compile(rb"^[A-Z]+ \S+ (HTTP/\d(?:\.\d)?)\r?\n")
_TLS_HANDSHAKE = b"\x16\x03"
_FIRST_BYTES = 4096
_MOST_CONNECTIONS = 64
_VERSION_NAMES = {
    "1.0": "HTTP/1.0", "rfc1945": "HTTP/1.0",
    "1": "HTTP/1.1", "1.1": "HTTP/1.1", "h1": "HTTP/1.1", "rfc9112": "HTTP/1.1", "rfc7230": "HTTP/1.1",
    "2": "HTTP/2", "2.0": "HTTP/2", "h2": "HTTP/2", "h2c": "HTTP/2", "rfc9113": "HTTP/2", "rfc7540": "HTTP/2",
    "3": "HTTP/3", "3.0": "HTTP/3", "h3": "HTTP/3", "rfc9114": "HTTP/3",
}  # fmt: skip


class HTTPWire(Wire):
    """The first bytes that clients have sent on each connection."""

    def __init__(self) -> None:
        self._begun: dict[int, bytearray] = {}

    def feed(self, packet: Packet) -> None:
        """Keep the beginning of what a client sends."""
        if packet.source_port not in self._begun and len(self._begun) >= _MOST_CONNECTIONS:
            return
        begun = self._begun.setdefault(packet.source_port, bytearray())
        begun += packet.payload[: _FIRST_BYTES - len(begun)]

    def versions(self) -> set[str]:
        """Return the versions that were spoken; "TLS" for what cannot be read."""
        return set(filter(None, map(_version_of, map(bytes, self._begun.values()))))


class HTTPCase(ProtocolCase):
    """The client's file equals the server's, over TCP, in the version that was asked for."""

    name: ClassVar[str] = "http"
    transports: ClassVar[tuple[Transport, ...]] = ("tcp",)
    uses_certificates: ClassVar[bool] = True

    def packet_filter(self, ports: tuple[int, ...]) -> PacketFilter:
        """Return a filter for what clients send."""
        return PacketFilter("tcp", ports, to_server_only=True)

    def new_wire(self, ports: tuple[int, ...]) -> HTTPWire:
        """Return what the version is read from."""
        return HTTPWire()

    def version_parameters(self, version: str) -> dict[str, object]:
        """Switch HTTP/2 on where it is asked for."""
        return {"enable_h2": True} if asked_version(version) == "HTTP/2" else {}

    def path(self, payload: Payload) -> str:
        """Return the payload's name."""
        return payload.path.name

    def judge(self, exchange: Exchange) -> list[Evidence]:
        """Compare the payload, count connections, compare the version."""
        spoken = exchange.wire.versions() if isinstance(exchange.wire, HTTPWire) else set()
        transport = tcp_transport(exchange)
        how = "over TCP" if transport.passed else "arrived"
        if spoken and "TLS" not in spoken:
            how = f"over {' and '.join(sorted(spoken))}"
        received = exchange.site.download_dir / PAYLOAD_NAME
        return [
            compare(exchange.site.payload, received, how=how),
            transport,
            _version(spoken, exchange.version),
        ]


def asked_version(version: str) -> str:
    """Return the HTTP version that an experiment means, such as ``HTTP/2``; "" if it means none."""
    return _VERSION_NAMES.get(version.strip().lower().removeprefix("http/"), "")


def _version_of(begun: bytes) -> str:
    if begun.startswith(_TLS_HANDSHAKE):
        return "TLS"
    if _PREFACE in begun:  # also after an upgrade from HTTP/1.1
        return "HTTP/2"
    line = _REQUEST_LINE.match(begun)
    return line[1].decode() if line else ""


def _version(spoken: set[str], asked: str) -> Evidence:
    wanted = asked_version(asked)
    seen = " and ".join(sorted(spoken - {"TLS"}))
    if asked and not wanted:
        return Evidence("version", None, f"'{asked}' is no HTTP version that can be checked")
    if seen and wanted:
        if spoken == {wanted}:
            return Evidence("version", True, f"{wanted} was spoken, as asked")
        fallen = f"{wanted} was asked for, the client fell back: {seen} was spoken"
        return Evidence("version", False, fallen)
    if seen:
        return Evidence("version", True, f"{seen} was spoken")
    why = "the connection is encrypted" if "TLS" in spoken else "no request was captured"
    claim = (
        f"{wanted} was asked for and could not be observed" if wanted else "the version could not be observed"
    )
    return Evidence("version", None, f"{claim}: {why}")


CASE = HTTPCase()

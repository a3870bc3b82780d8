"""Connections, put together from the packets of flows between clients and a server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from panther.bench.quic.hello import ClientHello, chosen_protocol, is_resumed, read_client_hello
from panther.bench.quic.keylog import KeyLog
from panther.bench.quic.packets import LongPacket, long_packets, offered_versions
from panther.bench.quic.protection import PacketKeys, client_initial_keys, server_initial_keys, traffic_keys
from panther.bench.quic.stream import CryptoStream
from panther.bench.quic.versions import Kind, Version, known_version

__all__ = ["Connection", "Datagram", "connections_in"]

#: Sets of Initial keys that are tried: a connection has one, another after a Retry, and the same again when
#: its version was refused; the server's own connection ID stands among them.
_MOST_KEYS = 8


@dataclass(frozen=True)
class Datagram:
    """The payload of a UDP datagram that begins with a long header."""

    from_server: bool
    payload: bytes


@dataclass
class Connection:
    """What was captured of one connection; packets in the order of their capture."""

    from_client: list[LongPacket] = field(default_factory=list)
    from_server: list[LongPacket] = field(default_factory=list)

    @property
    def version(self) -> int | None:
        """The version that the server speaks; None: it has not answered, or with a refusal only.

        The last packet tells: a server may begin in the client's version (RFC 9368, section 2.3).
        """
        spoken = [
            packet.version
            for packet in self.from_server
            if packet.kind not in {Kind.VERSION_NEGOTIATION, Kind.RETRY}
        ]
        return spoken[-1] if spoken else None

    @property
    def first_version(self) -> int | None:
        """The version that the client began with."""
        return self.from_client[0].version if self.from_client else None

    @property
    def refused_for(self) -> list[int]:
        """The versions that the server lists in a refusal."""
        return [
            version
            for packet in self.from_server
            if packet.kind is Kind.VERSION_NEGOTIATION
            for version in offered_versions(packet)
        ]

    @property
    def is_established(self) -> bool:
        """Whether both sides have sent Handshake packets: the server has accepted what the client offered."""
        return all(
            any(packet.kind is Kind.HANDSHAKE for packet in packets)
            for packets in (self.from_client, self.from_server)
        )

    @property
    def has_retry(self) -> bool:
        """Whether the server has asked the client to prove its address (RFC 9000, section 8.1.2)."""
        return any(packet.kind is Kind.RETRY for packet in self.from_server)

    @cached_property
    def is_resumed(self) -> bool | None:
        """Whether the server goes on with an earlier TLS session; None: its answer could not be read."""
        streams = self._streams(self.from_server, server_initial_keys)
        return next((answer for stream in streams if (answer := is_resumed(stream)) is not None), None)

    @cached_property
    def hellos(self) -> list[ClientHello]:
        """What the client has asked for: once again after its version was refused; empty: unreadable."""
        return list(filter(None, map(read_client_hello, self._client_streams())))

    def chosen(self, secrets: KeyLog) -> str | None:
        """Return the application protocol that the server has chosen.

        Args:
            secrets: what key logs hold.

        Returns:
            Its name; empty if it chose none; None: it could not be read.
        """
        packets = [packet for packet in self.from_server if packet.kind is Kind.HANDSHAKE]
        logged = [secrets[hello.random] for hello in self.hellos if hello.random in secrets]
        streams = (_stream_of(packets, keys) for secret in logged for keys in _keys_for(packets, secret))
        found = (chosen_protocol(stream) for stream in streams)
        return next((protocol for protocol in found if protocol is not None), None)

    def _client_streams(self) -> Iterator[bytes]:
        return self._streams(self.from_client, client_initial_keys)

    def _streams(
        self, side: Sequence[LongPacket], keys: Callable[[Version, bytes], PacketKeys]
    ) -> Iterator[bytes]:
        """Yield what each set of Initial keys reveals: a Retry and another version begin a new one."""
        asked = [packet for packet in self.from_client if packet.kind is Kind.INITIAL]
        begun = dict.fromkeys((packet.version, packet.destination_id) for packet in asked)
        for number, connection_id in islice(begun, _MOST_KEYS):
            version = known_version(number)
            if version is not None:
                # Also packets to other connection IDs: keys stay when the server has chosen its own.
                initials = [
                    packet for packet in side if packet.kind is Kind.INITIAL and packet.version == number
                ]
                yield _stream_of(initials, keys(version, connection_id))


def connections_in(flow: Iterable[Datagram]) -> list[Connection]:
    """Sort the packets of one flow, which has one client's and one server's port, into connections.

    A client may use its port for several; it names each by its own connection ID.
    """
    found: dict[bytes, Connection] = {}
    for datagram in flow:
        for packet in long_packets(datagram.payload):
            own = packet.destination_id if datagram.from_server else packet.source_id
            connection = found.setdefault(own, Connection())
            (connection.from_server if datagram.from_server else connection.from_client).append(packet)
    return [connection for connection in found.values() if connection.from_client]


def _keys_for(packets: Sequence[LongPacket], secret: bytes) -> Iterator[PacketKeys]:
    for number in dict.fromkeys(packet.version for packet in packets):
        version = known_version(number)
        if version is not None:
            yield from traffic_keys(version, secret)


def _stream_of(packets: Iterable[LongPacket], keys: PacketKeys) -> bytes:
    """Return the stream in those packets that keys open."""
    stream, expected = CryptoStream(), 0
    for packet in packets:
        opened = keys.open(packet, expected)
        if opened is not None:
            number, frames = opened
            expected = max(expected, number + 1)
            stream.add(frames)
    return stream.read()

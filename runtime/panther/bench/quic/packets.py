"""Packets with a long header (RFC 9000, section 17.2), as far as they can be read without keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from panther.bench.quic.reader import Reader, TruncatedError
from panther.bench.quic.versions import Kind, known_version

__all__ = ["LongPacket", "long_packets", "offered_versions"]

_LONG_HEADER = 0x80
#: Of one datagram: so many do not come together by themselves.
_MOST_PACKETS = 16


@dataclass(frozen=True)
class LongPacket:
    """One packet of a datagram."""

    version: int
    kind: Kind
    destination_id: bytes
    source_id: bytes
    number_at: int
    """Where its packet number begins; for kinds that have none, where its header ends."""

    data: bytes
    """All of it, header and protected payload."""


def long_packets(datagram: bytes) -> Iterator[LongPacket]:
    """Yield the packets of a datagram, until one that has no long header or is not whole.

    Args:
        datagram: the payload of a UDP datagram; of several with segmentation offload, where the kernel
            shows a sender's datagrams in one piece.
    """
    for _ in range(_MOST_PACKETS):
        if not (datagram and datagram[0] & _LONG_HEADER):
            return
        try:
            packet = _read(datagram)
        except TruncatedError:
            return
        yield packet
        datagram = datagram[len(packet.data) :]


def offered_versions(packet: LongPacket) -> list[int]:
    """Return the versions that a Version Negotiation packet lists (RFC 9000, section 17.2.1).

    Those that exist only so that clients learn to ignore them (section 15) are left out.
    """
    reader = Reader(packet.data[packet.number_at :])
    listed = [reader.number(4) for _ in range(reader.left // 4)]
    return [version for version in listed if version & 0x0F0F0F0F != 0x0A0A0A0A]


def _read(data: bytes) -> LongPacket:
    reader = Reader(data)
    first, version = reader.number(1), reader.number(4)
    destination_id, source_id = reader.vector(1), reader.vector(1)
    kind = _kind(first, version)
    end = len(data)  # of packets that say nothing of their length
    if kind is Kind.INITIAL:
        reader.take(reader.varint())  # the token
    if kind in {Kind.INITIAL, Kind.ZERO_RTT, Kind.HANDSHAKE}:
        length = reader.varint()
        end = reader.at + length
        if length > reader.left:
            raise TruncatedError(f"the packet has {length} bytes, {reader.left} are left")
    return LongPacket(version, kind, destination_id, source_id, reader.at, data[:end])


def _kind(first: int, version: int) -> Kind:
    if version == 0:
        return Kind.VERSION_NEGOTIATION
    known = known_version(version)
    return known.kinds[first >> 4 & 3] if known else Kind.UNKNOWN

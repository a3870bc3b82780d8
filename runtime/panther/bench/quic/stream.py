"""The bytes of TLS that CRYPTO frames carry, in any order and more than once (RFC 9000, section 19.6)."""

from __future__ import annotations

from collections.abc import Iterator

from panther.bench.quic.reader import Reader, TruncatedError

__all__ = ["CryptoStream"]

_PADDING = b"\x00"
_PING, _CRYPTO = 0x01, 0x06
_ACK, _ACK_WITH_ECN = 0x02, 0x03


class CryptoStream:
    """The stream of one side at one level."""

    def __init__(self) -> None:
        self._pieces: dict[int, bytes] = {}

    def add(self, frames: bytes) -> None:
        """Take the CRYPTO frames from a packet's decrypted payload."""
        for offset, piece in _crypto_frames(frames):
            if len(piece) > len(self._pieces.get(offset, b"")):
                self._pieces[offset] = piece

    def read(self) -> bytes:
        """Return the stream from its beginning to the first gap."""
        whole = bytearray()
        for offset, piece in sorted(self._pieces.items()):
            if offset > len(whole):
                break
            whole += piece[len(whole) - offset :]
        return bytes(whole)


def _crypto_frames(frames: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield offset and data of CRYPTO frames, until a frame of another kind than a handshake has."""
    reader = Reader(frames)
    try:
        while reader.left:
            reader.skip(_PADDING)
            kind = reader.varint()
            if kind == _CRYPTO:
                offset = reader.varint()
                yield offset, reader.take(reader.varint())
            elif kind in {_ACK, _ACK_WITH_ECN}:
                _skip_ack(reader, counts=3 if kind == _ACK_WITH_ECN else 0)
            elif kind != _PING:
                return  # CONNECTION_CLOSE: nothing that matters follows
    except TruncatedError:
        return


def _skip_ack(reader: Reader, counts: int) -> None:
    """Skip what follows the type of an ACK frame (RFC 9000, section 19.3)."""
    reader.varint()
    reader.varint()
    ranges = reader.varint()
    numbers = 1 + 2 * ranges + counts
    while numbers and reader.left:  # however many ranges the frame claims to have
        reader.varint()
        numbers -= 1

"""Packet protection (RFC 9001, section 5): keys from secrets, and what packets hold.

Initial packets are protected against accidents only: their secrets follow from the connection ID that the
client chose first. Those of Handshake packets follow from a secret of TLS.
"""

from __future__ import annotations

import hmac
import struct
from dataclasses import dataclass

from panther.bench.quic.packets import LongPacket
from panther.bench.quic.versions import Version

__all__ = ["PacketKeys", "client_initial_keys", "server_initial_keys", "traffic_keys"]

_SAMPLE_LENGTH = 16
_NONCE_LENGTH = 12
_LONGEST_NUMBER = 4
_SHA256_LENGTH, _SHA384_LENGTH = 32, 48
#: Of what a long header's first byte protects: RFC 9001, section 5.4.1.
_PROTECTED_BITS = 0x0F


@dataclass(frozen=True)
class PacketKeys:
    """The keys of one direction at one level."""

    key: bytes
    iv: bytes
    header_key: bytes
    is_chacha: bool = False
    """AEAD_CHACHA20_POLY1305; else AES in GCM."""

    def open(self, packet: LongPacket, expected: int = 0) -> tuple[int, bytes] | None:
        """Decrypt a packet.

        Args:
            packet: an Initial or Handshake packet.
            expected: the packet number after the largest one seen.

        Returns:
            Its number and its frames; None: the keys are not the packet's, or it was damaged.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

        data, number_at = packet.data, packet.number_at
        sample = data[number_at + _LONGEST_NUMBER :][:_SAMPLE_LENGTH]
        if len(sample) < _SAMPLE_LENGTH:
            return None
        mask = self._mask(sample)
        first = data[0] ^ mask[0] & _PROTECTED_BITS
        number_end = number_at + (first & 3) + 1
        hidden = bytes(byte ^ over for byte, over in zip(data[number_at:number_end], mask[1:], strict=False))
        number = _whole_number(hidden, expected)
        header = bytes([first]) + data[1:number_at] + hidden
        cipher = (ChaCha20Poly1305 if self.is_chacha else AESGCM)(self.key)
        try:
            return number, cipher.decrypt(self._nonce(number), data[number_end:], header)
        except InvalidTag:
            return None

    def _mask(self, sample: bytes) -> bytes:
        """Return what hides a header: RFC 9001, sections 5.4.3 and 5.4.4."""
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        if self.is_chacha:
            stream = Cipher(algorithms.ChaCha20(self.header_key, sample), None).encryptor()
            return stream.update(bytes(5))
        block = Cipher(algorithms.AES(self.header_key), modes.ECB()).encryptor()  # noqa: S305 — as specified
        return block.update(sample)

    def _nonce(self, number: int) -> bytes:
        whole = int.from_bytes(self.iv, "big") ^ number
        return whole.to_bytes(_NONCE_LENGTH, "big")


def client_initial_keys(version: Version, connection_id: bytes) -> PacketKeys:
    """Return the keys of a client's Initial packets (RFC 9001, section 5.2).

    Args:
        version: the packets' version.
        connection_id: the Destination Connection ID of the client's first packet; after a Retry, of the
            first packet that answers it.
    """
    return _initial_keys(version, connection_id, "client in")


def server_initial_keys(version: Version, connection_id: bytes) -> PacketKeys:
    """Return the keys of the server's Initial packets; arguments as those of the client's."""
    return _initial_keys(version, connection_id, "server in")


def traffic_keys(version: Version, secret: bytes) -> list[PacketKeys]:
    """Return the keys that may follow from a secret of TLS 1.3: one for each cipher suite of its length."""
    if len(secret) == _SHA384_LENGTH:
        return [_keys(version, secret, 32, "sha384")]
    if len(secret) == _SHA256_LENGTH:
        return [_keys(version, secret, 16, "sha256"), _keys(version, secret, 32, "sha256", is_chacha=True)]
    return []


def _initial_keys(version: Version, connection_id: bytes, label: str) -> PacketKeys:
    common = hmac.digest(version.salt, connection_id, "sha256")
    return _keys(version, _expand(common, label, _SHA256_LENGTH, "sha256"), 16, "sha256")


def _keys(
    version: Version, secret: bytes, key_length: int, digest: str, *, is_chacha: bool = False
) -> PacketKeys:
    return PacketKeys(
        key=_expand(secret, f"{version.label} key", key_length, digest),
        iv=_expand(secret, f"{version.label} iv", _NONCE_LENGTH, digest),
        header_key=_expand(secret, f"{version.label} hp", key_length, digest),
        is_chacha=is_chacha,
    )


def _expand(secret: bytes, label: str, length: int, digest: str) -> bytes:
    """HKDF-Expand-Label with an empty context (RFC 8446, section 7.1), for at most one block of the hash."""
    name = b"tls13 " + label.encode()
    info = struct.pack("!HB", length, len(name)) + name + b"\x00"
    return hmac.digest(secret, info + b"\x01", digest)[:length]


def _whole_number(hidden: bytes, expected: int) -> int:
    """Return a packet number of which the last bytes are known (RFC 9000, section A.3)."""
    window = 1 << 8 * len(hidden)
    number = expected & ~(window - 1) | int.from_bytes(hidden, "big")
    if number + window // 2 <= expected:
        return number + window
    return number - window if number > expected + window // 2 and number >= window else number

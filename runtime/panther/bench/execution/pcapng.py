"""From a pcap file and TLS secrets to one pcapng file that a reader can decrypt.

Formats: draft-ietf-opsawg-pcap (what tcpdump writes), draft-ietf-opsawg-pcapng (sections 4.1 to 4.3 and
4.7, the Decryption Secrets Block), RFC 9850 (the secrets).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from panther.bench.quic.keylog import key_log_files

__all__ = ["CapturedPacket", "PcapReader", "read_secrets", "write_pcapng"]

_MICROSECONDS, _NANOSECONDS = 0xA1B2C3D4, 0xA1B23C4D
_SECTION, _INTERFACE, _PACKET, _SECRETS = 0x0A0D0D0A, 1, 6, 0x0A
_BYTE_ORDER, _TLS_KEY_LOG = 0x1A2B3C4D, 0x544C534B
_IF_TSRESOL = 9
_MOST_SECRETS = 1 << 20


@dataclass(frozen=True)
class CapturedPacket:
    """A packet of a capture."""

    seconds: int
    fraction: int
    """In the file's own resolution."""

    length: int
    """On the wire; the data may be shorter."""

    data: bytes


class PcapReader:
    """Reads a pcap file; a packet that is cut off at its end is left out.

    Raises:
        ValueError: it is no pcap file; the text is a phrase.
    """

    def __init__(self, file: BinaryIO) -> None:
        header = file.read(24)
        if len(header) < 24:
            raise ValueError("the capture is cut off")
        for order in "<>":
            magic, _, _, _, _, self.snap_length, self.link_type = struct.unpack(f"{order}IHHiIII", header)
            if magic in (_MICROSECONDS, _NANOSECONDS):
                self._record, self.nanoseconds = struct.Struct(f"{order}IIII"), magic == _NANOSECONDS
                self._file = file
                return
        raise ValueError("the capture is no pcap file")

    def __iter__(self) -> Iterator[CapturedPacket]:
        """Yield the packets."""
        while len(header := self._file.read(16)) == 16:
            seconds, fraction, captured, length = self._record.unpack(header)
            data = self._file.read(captured)
            if len(data) < captured:
                return
            yield CapturedPacket(seconds, fraction, length, data)


def read_secrets(key_logs: Iterable[Path]) -> list[bytes]:
    """Return the lines of some key logs, each once."""
    lines: dict[bytes, None] = {}
    for path in key_log_files(key_logs):
        try:
            with path.open("rb") as file:
                found = file.read(_MOST_SECRETS).splitlines()
        except OSError:  # the program wrote none
            continue
        lines.update(dict.fromkeys(line for line in found if len(line.split()) == 3))
    return list(lines)


def write_pcapng(reader: PcapReader, secrets: Iterable[bytes], file: BinaryIO) -> Iterator[CapturedPacket]:
    """Write the packets of a capture behind its secrets; yields each packet that was written."""
    file.write(_block(_SECTION, struct.pack("<IHHq", _BYTE_ORDER, 1, 0, -1)))
    lines = b"".join(line + b"\n" for line in secrets)
    if lines:
        file.write(_block(_SECRETS, struct.pack("<II", _TLS_KEY_LOG, len(lines)) + lines))
    digits = 9 if reader.nanoseconds else 6
    options = struct.pack("<HHB3xHH", _IF_TSRESOL, 1, digits, 0, 0)
    file.write(_block(_INTERFACE, struct.pack("<HHI", reader.link_type, 0, reader.snap_length) + options))
    for packet in reader:
        when = packet.seconds * 10**digits + packet.fraction
        header = struct.pack("<IIIII", 0, when >> 32, when & 0xFFFFFFFF, len(packet.data), packet.length)
        file.write(_block(_PACKET, header + packet.data))
        yield packet


def _block(kind: int, body: bytes) -> bytes:
    padded = body + bytes(-len(body) % 4)
    length = len(padded) + 12
    return struct.pack("<II", kind, length) + padded + struct.pack("<I", length)

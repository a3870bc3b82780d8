"""Secrets that programs have written to the file that SSLKEYLOGFILE names (RFC 9850)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["KeyLog", "key_log_files", "read_key_logs"]

_SERVER_HANDSHAKE = b"SERVER_HANDSHAKE_TRAFFIC_SECRET"
_MOST_BYTES = 1 << 20

KeyLog = dict[bytes, bytes]
"""The secrets of servers' Handshake packets, by the random of the ClientHello."""


def key_log_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield key logs; of one that is a directory, the files in it: some programs write one a connection."""
    for path in paths:
        yield from sorted(path.iterdir()) if path.is_dir() else [path]


def read_key_logs(files: Iterable[Path]) -> KeyLog:
    """Read what there is of some key logs: their first MiB, and no line that is not whole or not understood.

    A server may be writing its own while it is stopped.
    """
    secrets: KeyLog = {}
    for file in key_log_files(files):
        try:
            with file.open("rb") as log:
                lines = log.read(_MOST_BYTES).split(b"\n")[:-1]
        except OSError:  # it was never written
            continue
        secrets.update(found for line in lines if (found := _server_secret(line)) is not None)
    return secrets


def _server_secret(line: bytes) -> tuple[bytes, bytes] | None:
    words = line.split()
    if len(words) != 3 or words[0] != _SERVER_HANDSHAKE:
        return None
    try:
        return bytes.fromhex(words[1].decode("ascii")), bytes.fromhex(words[2].decode("ascii"))
    except ValueError:
        return None

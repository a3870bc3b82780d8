"""The random payload of a test, and whether a client has received it.

It is made anew for every test, so that nothing a client has from elsewhere can pass for it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from panther.bench.evidence import Evidence

__all__ = [
    "DEFAULT_PAYLOAD_BYTES",
    "PAYLOAD_NAME",
    "Content",
    "Payload",
    "compare",
    "make_payload",
    "random_content",
    "thousands",
    "write_payload",
]

DEFAULT_PAYLOAD_BYTES = 1 << 20
PAYLOAD_NAME = "payload.bin"

_CHUNK = 1 << 20
_KEY_BYTES, _BLOCK_BYTES = 32, 16


@dataclass(frozen=True)
class Payload:
    """A file of random bytes."""

    path: Path
    size: int
    sha256: str


@dataclass(frozen=True)
class Content:
    """Random bytes that are in no file yet."""

    data: bytes
    sha256: str


def random_content(size: int) -> Content:
    """Return ``size`` random bytes; for sizes that memory has room for."""
    data = b"".join(_random_chunks(size))
    return Content(data, hashlib.sha256(data).hexdigest())


def write_payload(path: Path, content: Content) -> Payload:
    """Write bytes to ``path``; raises what :func:`make_payload` raises."""
    _write(path, [content.data])
    return Payload(path, len(content.data), content.sha256)


def make_payload(path: Path, size: int = DEFAULT_PAYLOAD_BYTES) -> Payload:
    """Write ``size`` random bytes to ``path``, of which few are in memory at once.

    Raises:
        OSError: the file cannot be written.
    """
    digest = hashlib.sha256()

    def chunks() -> Iterator[bytes]:
        for chunk in _random_chunks(size):
            digest.update(chunk)
            yield chunk

    _write(path, chunks())
    return Payload(path, size, digest.hexdigest())


def compare(payload: Payload, received: Path, *, how: str) -> Evidence:
    """Say whether the file ``received`` holds the payload.

    Args:
        payload: what was served.
        received: where the client was to write it.
        how: the way it took, as a phrase after the number of bytes, such as ``over HTTP/3``.
    """
    wanted = f"{thousands(payload.size)} bytes"
    if received.is_symlink():
        link = f"a symbolic link in the place of '{received.name}', to '{received.readlink()}'"
        return Evidence("payload", False, f"the client left {link}")
    if not received.is_file():
        others = sorted(entry.name for entry in received.parent.iterdir()) if received.parent.is_dir() else []
        instead = f"; it wrote {', '.join(others[:3])}" if others else ""
        missing = f"the client wrote no '{received.name}' into its download directory{instead}"
        return Evidence("payload", False, missing)
    size = received.stat().st_size
    if size != payload.size:
        return Evidence("payload", False, f"the client received {thousands(size)} bytes of {wanted}")
    with received.open("rb") as file:
        same = hashlib.file_digest(file, "sha256").hexdigest() == payload.sha256
    if not same:
        corrupted = f"the {wanted} that the client received are corrupted: their SHA-256 differs"
        return Evidence("payload", False, corrupted)
    return Evidence("payload", True, f"{wanted} {how}, SHA-256 equal")


def _random_chunks(size: int) -> Iterator[bytes]:
    # The key stream of a random key: as unforeseeable as the kernel's own numbers, and twenty times as quick.
    cipher = Cipher(algorithms.AES(os.urandom(_KEY_BYTES)), modes.CTR(bytes(_BLOCK_BYTES))).encryptor()
    zeros = bytes(min(_CHUNK, size))
    for start in range(0, size, _CHUNK):
        yield cipher.update(zeros[: min(_CHUNK, size - start)])


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    try:
        with path.open("wb") as file:
            file.writelines(chunks)
    except OSError:
        path.unlink(missing_ok=True)  # on a full disk, room for the results
        raise


def thousands(number: int) -> str:
    """Write a number in groups of three digits, as in 1 048 576."""
    return f"{number:,}".replace(",", " ")

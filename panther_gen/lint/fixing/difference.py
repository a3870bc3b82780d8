"""What fixes would change, as a unified diff of bytes."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping

__all__ = ["unified_diff"]

_NO_NEWLINE = b"\\ No newline at end of file\n"


def unified_diff(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> bytes:
    """Return the diff of the files that differ, sorted by path; ``patch -p0`` applies it.

    Args:
        before: contents by path.
        after: the new contents of the same paths.
    """
    parts: list[bytes] = []
    for path in sorted(after):
        name = os.fsencode(path)
        old, new = _lines(before[path]), _lines(after[path])
        lines = difflib.diff_bytes(difflib.unified_diff, old, new, name, name, lineterm=b"\n")
        parts += [line if line.endswith(b"\n") else line + b"\n" + _NO_NEWLINE for line in lines]
    return b"".join(parts)


def _lines(content: bytes) -> list[bytes]:
    """Return the lines with their ends; only a line feed ends a line of a diff."""
    lines = [line + b"\n" for line in content.split(b"\n")]
    last = lines.pop().removesuffix(b"\n")
    return [*lines, last] if last else lines

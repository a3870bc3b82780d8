"""Text of services, plugins and users, made fit to be looked at: nothing invisible, nothing endless.

HTML itself is escaped by the template.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from panther.bench.visible import visible

__all__ = ["LogTail", "printable", "read_tail", "size_text"]

_LONGEST_LINE = 2000
_TAIL_BYTES = 65_536
#: Colours and cursor movements of terminals (ECMA-48); a page has no use for them.
_TERMINAL = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\-_])")


@dataclass(frozen=True)
class LogTail:
    """The last lines of a log."""

    name: str
    text: str
    bytes: int
    """Of the whole log."""

    is_cut: bool
    """There is more than the text shows."""


def printable(text: str) -> str:
    """Return text in which every character can be seen, and no line is endless."""
    return "\n".join(map(_short, visible(_TERMINAL.sub("", text)).split("\n")))


def read_tail(file: Path, lines: int) -> LogTail | None:
    """Return the last lines of a log, whatever bytes it holds; None: there is none, or it is empty.

    Only its end is read, however long it is. A link is not followed.
    """
    try:
        if file.is_symlink() or not file.is_file():
            return None
        size = file.stat().st_size
        with file.open("rb") as log:
            log.seek(max(0, size - _TAIL_BYTES))
            data = log.read(_TAIL_BYTES)
    except OSError:
        return None
    if not data.strip():
        return None
    found = data.decode("utf-8", "backslashreplace").replace("\r\n", "\n").rstrip().split("\n")
    cut = size > _TAIL_BYTES or len(found) > lines
    return LogTail(file.name, printable("\n".join(found[-lines:])), size, cut)


def size_text(size: float) -> str:
    """Write a number of bytes as people do: ``1.5 MiB``."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if abs(size) < 1024 or unit == "GiB":
            break
        size /= 1024
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} … ({len(line):,} characters)"

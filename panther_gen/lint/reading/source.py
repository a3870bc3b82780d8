"""A Python file as text: decoded as Python decodes it, or the reason why it cannot be.

Lines and columns do not depend on how lines end, so ends of lines become line feeds here and nowhere else.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

__all__ = ["LateLines", "Lines", "Source", "UnreadableError", "decode", "decode_exactly", "read_source"]

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile("\r\n?")
# PEP 263: a coding line is a comment in the first or second line.
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)
_SECOND_LINE_COUNTS = re.compile(rb"^[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n)")


class UnreadableError(Exception):
    """A file cannot be checked.

    Attributes:
        message: why, as it stands in the finding.
        line: the line that says so, counted from 1.
        column: the column in code points, counted from 1; 0 if it is the whole line.
        cure: what to do about it; empty if there is none.
    """

    def __init__(self, message: str, line: int = 1, column: int = 0, *, cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.cure = cure


class Lines(Protocol):
    """What a finding shows of a file."""

    def line(self, number: int) -> str:
        """Return a line, counted from 1, without its end; empty if it is not known."""

    def lines_with(self, pattern: re.Pattern[str]) -> list[int]:
        """Return the numbers of the known lines in which ``pattern`` is found."""


@dataclass(slots=True)
class Source:
    """The text of a file, its lines ending in line feeds."""

    text: str
    _lines: list[str] = field(default_factory=list)

    def line(self, number: int) -> str:
        """Return a line, counted from 1, without its end; empty if there is no such line."""
        if not self._lines:
            self._lines = self.text.split("\n")
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    def lines_with(self, pattern: re.Pattern[str]) -> list[int]:
        """Return the numbers of the lines in which ``pattern`` is found."""
        return [self.text.count("\n", 0, match.start()) + 1 for match in pattern.finditer(self.text)]


class LateLines:
    """The lines of a file that is only read when one of them is asked for; none if it cannot be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._source: Source | None = None

    def line(self, number: int) -> str:
        """Return a line, counted from 1, without its end; empty if there is no such line."""
        return self._read().line(number)

    def lines_with(self, pattern: re.Pattern[str]) -> list[int]:
        """Return the numbers of the lines in which ``pattern`` is found."""
        return self._read().lines_with(pattern)

    def _read(self) -> Source:
        if self._source is None:
            try:
                self._source = read_source(self._path)
            except UnreadableError:
                self._source = Source("")
        return self._source


def read_source(path: Path) -> Source:
    """Return the text of a Python file.

    Raises:
        UnreadableError: it cannot be opened, holds NUL bytes, or is not in the encoding that it declares.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reading a named pipe would wait for ever
            raise UnreadableError("it is no regular file")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"the file cannot be read: {error.strerror or error}") from None
    return Source(decode(content))


def decode(content: bytes) -> str:
    """Return the text of ``content``, its lines ending in line feeds.

    Raises:
        UnreadableError: it holds NUL bytes, or is not in the encoding that it declares.
    """
    text, _ = decode_exactly(content)
    return _LINE_END.sub("\n", text) if "\r" in text else text


def decode_exactly(content: bytes) -> tuple[str, str]:
    """Return the text of ``content`` with its own ends of lines, without a byte order mark, and its encoding.

    Raises:
        UnreadableError: it holds NUL bytes, or is not in the encoding that it declares.
    """
    nul = content.find(b"\0")
    if nul >= 0:
        line = content.count(b"\n", 0, nul) + 1
        raise UnreadableError("the file contains NUL bytes, it is no Python source", line)
    marked, content = content.startswith(_BOM), content.removeprefix(_BOM)
    encoding = _declared_encoding(content) or "utf-8"
    if marked and not encoding.lower().replace("_", "-").startswith(("utf-8", "utf8")):
        raise UnreadableError(f"the file declares the encoding '{encoding}', but begins with UTF-8's mark")
    if content.startswith(_BOM):
        raise UnreadableError("the file begins with the mark of UTF-8 twice")
    try:
        return content.decode(encoding), encoding
    except LookupError:
        raise UnreadableError(f"the file declares the unknown encoding '{encoding}'") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise UnreadableError(
            f"byte 0x{byte:02x} is not {encoding}",
            line,
            cure="save it as UTF-8, or declare its encoding in the first line: # -*- coding: latin-1 -*-",
        ) from None


def _declared_encoding(content: bytes) -> str:
    first = _CODING.match(content)
    if first is None and (end := _SECOND_LINE_COUNTS.match(content)):
        first = _CODING.match(content[end.end() :][:400])
    return first[1].decode("ascii") if first else ""

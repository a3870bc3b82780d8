"""Places in a text: the linter counts code points from 1, the protocol counts code units from 0.

Which units is agreed on when the editor connects: UTF-16 unless it prefers another. Lines end where the
protocol lets them end, which is also where the linter does: at ``\\n``, ``\\r\\n`` and ``\\r``, not at the
form feeds and Unicode separators that ``str.splitlines`` knows.
"""

from __future__ import annotations

import re

from lsprotocol import types

from panther_gen.lint.model import Span

__all__ = ["Positions", "units"]

_LINE_END = re.compile("\r\n|\r|\n")
_BOM = "\ufeff"
_WIDTHS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def units(text: str, encoding: str) -> int:
    """Return how many code units of an encoding a text takes; a lone surrogate counts as what it is."""
    codec, width = _WIDTHS[encoding]
    return len(text) if text.isascii() else len(text.encode(codec, "surrogatepass")) // width


class Positions:
    """Turns places of one text into positions of the protocol, and back.

    Args:
        text: as the editor has it.
        encoding: ``utf-8``, ``utf-16`` or ``utf-32``.
    """

    def __init__(self, text: str, encoding: str) -> None:
        self.lines = _LINE_END.split(text)
        self._encoding = encoding
        # The linter does not count a byte order mark, the editor does.
        self._mark = text.startswith(_BOM)

    def line(self, number: int) -> str:
        """Return a line, counted from 1, as the linter sees it: without end and byte order mark."""
        if not 0 < number <= len(self.lines):
            return ""
        return self.lines[number - 1][self._offset(number) :]

    def position(self, line: int, column: int) -> types.Position:
        """Return the position of a line and a column; what lies behind the text is its end."""
        if line > len(self.lines):
            return self.end
        before = self.lines[line - 1][: column - 1 + self._offset(line)]
        return types.Position(line - 1, units(before, self._encoding))

    @property
    def end(self) -> types.Position:
        """The end of the text."""
        return types.Position(len(self.lines) - 1, units(self.lines[-1], self._encoding))

    def range(self, span: Span) -> types.Range:
        """Return the range of a span; of a span that knows its line alone, the text of that line."""
        if not span.column:
            line = self.line(span.line)
            start, stop = len(line) - len(line.lstrip()), len(line.rstrip())
            span = Span(span.line, min(start, stop) + 1, span.line, stop + 1)
        return types.Range(
            self.position(span.line, span.column),
            self.position(span.end_line or span.line, span.end_column or span.column),
        )

    def place(self, position: types.Position) -> tuple[int, int]:
        """Return line and column of a position; within a character it is the place before that."""
        if position.line >= len(self.lines):
            return len(self.lines), len(self.line(len(self.lines))) + 1
        line = self.lines[position.line]
        column, taken = 0, 0
        while column < len(line):
            taken += units(line[column], self._encoding)
            if taken > position.character:
                break
            column += 1
        return position.line + 1, max(column - self._offset(position.line + 1), 0) + 1

    def _offset(self, line: int) -> int:
        return 1 if line == 1 and self._mark else 0

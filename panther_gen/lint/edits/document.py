"""A file as fixes change it: by spans, with every other byte kept.

Findings count lines of a text that ends them in line feeds; a file may end them as it likes. A document
knows both: ``text`` is what the rules saw, and an edit is made in the file's own bytes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from panther_gen.lint.model import Edit, Span
from panther_gen.lint.reading.source import UnreadableError, decode_exactly

if TYPE_CHECKING:
    from panther_gen.lint.edits.syntax import Syntax

__all__ = ["Document", "UnfixableError"]

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile("\r\n?|\n")


class UnfixableError(Exception):
    """A file cannot be changed without the danger of changing more than was meant; says why."""


class Document:
    """The content of a file.

    Args:
        path: the file, as findings print it.
        content: its bytes.

    Raises:
        UnfixableError: it cannot be decoded, or would not be encoded to the same bytes again.
    """

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.content = content
        try:
            self._raw, self._encoding = decode_exactly(content)
        except UnreadableError as error:
            raise UnfixableError(error.message) from None
        self._mark = _BOM if content.startswith(_BOM) else b""
        if self._encoded(self._raw) != content:
            raise UnfixableError(f"its bytes are not what '{self._encoding}' makes of its text")
        ends = list(_LINE_END.finditer(self._raw))
        self._starts = [0, *(end.end() for end in ends)]
        self._stops = [*(end.start() for end in ends), len(self._raw)]
        self._newline = ends[0][0] if ends else "\n"

    @cached_property
    def text(self) -> str:
        """The text, its lines ending in line feeds: what spans count in."""
        return _LINE_END.sub("\n", self._raw) if "\r" in self._raw else self._raw

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return self.text.split("\n")

    @cached_property
    def syntax(self) -> Syntax:
        """The file's syntax tree.

        Raises:
            UnfixableError: it cannot be parsed, or the tree does not give the source back.
        """
        from panther_gen.lint.edits.syntax import Syntax

        return Syntax(self.text)

    @property
    def end(self) -> tuple[int, int]:
        """Line and column of the end of the file."""
        return len(self.lines), len(self.lines[-1]) + 1

    def part(self, span: Span) -> str:
        """Return what stands in a span."""
        lines = self.lines[span.line - 1 : span.end_line]
        lines[-1] = lines[-1][: span.end_column - 1]
        lines[0] = lines[0][span.column - 1 :]
        return "\n".join(lines)

    def replace(self, span: Span, text: str) -> Edit:
        """Return the edit that puts ``text`` in the place of a span."""
        return Edit(self.path, span, text)

    def insert(self, line: int, column: int, text: str) -> Edit:
        """Return the edit that puts ``text`` before a character."""
        return Edit(self.path, Span(line, column, line, column), text)

    def insert_lines(self, line: int, lines: Iterable[str]) -> Edit:
        """Return the edit that puts whole lines before line ``line``, or behind the last line."""
        text = "".join(f"{one}\n" for one in lines)
        last, column = self.end
        if line <= last and (line < last or column > 1):
            return self.insert(line, 1, text)
        if column == 1:  # the file ends in an end of line, or is empty
            return self.insert(last, 1, text)
        return self.insert(last, column, "\n" + text.removesuffix("\n"))

    def delete_lines(self, first: int, last: int) -> Edit:
        """Return the edit that takes out whole lines."""
        if last < len(self.lines):
            return self.replace(Span(first, 1, last + 1, 1), "")
        start = (
            Span(first - 1, len(self.lines[first - 2]) + 1, *self.end) if first > 1 else Span(1, 1, *self.end)
        )
        return self.replace(start, "")

    def change_to(self, text: str) -> Edit:
        """Return the smallest single edit that makes ``text`` of this text."""
        old = self.text
        limit = min(len(old), len(text))
        start = next((n for n in range(limit) if old[n] != text[n]), limit)
        rest = limit - start
        tail = next((n for n in range(rest) if old[-1 - n] != text[-1 - n]), rest)
        span = Span(*self._place(start), *self._place(len(old) - tail))
        return self.replace(span, text[start : len(text) - tail])

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """Return the content with edits made; they are of this file, and do not overlap.

        Raises:
            UnfixableError: the file's encoding cannot say what they put in.
        """
        parts: list[str] = []
        end = 0
        for edit in sorted(edits, key=lambda one: one.span):
            start, stop = self._offsets(edit.span)
            parts += [self._raw[end:start], edit.text.replace("\n", self._newline)]
            end = stop
        return self._encoded("".join([*parts, self._raw[end:]]))

    def _encoded(self, text: str) -> bytes:
        try:
            return self._mark + text.encode(self._encoding)
        except UnicodeEncodeError as error:
            what = error.object[error.start : error.end]
            raise UnfixableError(f"its encoding '{self._encoding}' has no {what!a}") from None

    def _offsets(self, span: Span) -> tuple[int, int]:
        start = self._starts[span.line - 1] + span.column - 1
        stop = self._starts[span.end_line - 1] + span.end_column - 1
        if stop < start or start > self._stops[span.line - 1] or stop > self._stops[span.end_line - 1]:
            raise UnfixableError(f"it has no line {span.line} of that length")
        return start, stop

    @cached_property
    def _text_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._text_starts, offset)
        return line, offset - self._text_starts[line - 1] + 1

"""Reads the fenced blocks of a Markdown text, also those that stand inside a block of Markdown.

The guide nests fences of the same length: its template of a README is a block that holds blocks. By
CommonMark the first bare fence would end the outer one. A reader of the guide sees it otherwise: a
fence with a language opens a block, a bare one closes the innermost that is open.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

__all__ = ["Block", "headings", "read_blocks"]

_FENCE = re.compile(r"```(\w*)\s*")
_HEADING = re.compile(r"(#{1,6}) +(.+?)\s*")


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    line: int
    """Line of the opening fence, from 1."""

    language: str
    """The word after the opening fence."""

    path: tuple[str, ...]
    """The headings that it stands under, outermost first; those of an enclosing block come last."""

    text: str
    """What stands between the fences."""

    @property
    def heading(self) -> str:
        """Return the innermost heading."""
        return self.path[-1] if self.path else ""

    @property
    def digest(self) -> str:
        """Return the first eight hexadecimal digits of the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:8]


@dataclass
class _Open:
    """A block whose closing fence has not come yet, or the document itself."""

    line: int
    language: str
    outer_path: tuple[str, ...]
    lines: list[str] = field(default_factory=list)
    headings: dict[int, str] = field(default_factory=dict)

    @property
    def path(self) -> tuple[str, ...]:
        return (*self.outer_path, *self.headings.values())

    def note_heading(self, level: int, title: str) -> None:
        self.headings = {above: text for above, text in self.headings.items() if above < level} | {
            level: title
        }

    def closed(self) -> Block:
        return Block(self.line, self.language, self.outer_path, "".join(f"{line}\n" for line in self.lines))


def read_blocks(text: str) -> list[Block]:
    """Return the fenced blocks of ``text`` in the order of their opening fences.

    Raises:
        ValueError: the fences do not match: one closes nothing, stays open, or opens where no block can be.
    """
    containers = [_Open(0, "markdown", ())]
    blocks = []
    for number, line in enumerate(text.splitlines(), start=1):
        fence = _FENCE.fullmatch(line)
        if fence and not fence[1]:
            if len(containers) == 1:
                raise ValueError(f"line {number}: the fence closes nothing")
            blocks.append(containers.pop().closed())
        elif fence and containers[-1].language != "markdown":
            raise ValueError(f"line {number}: a block opens inside the one of line {containers[-1].line}")
        elif not fence and containers[-1].language == "markdown" and (heading := _HEADING.fullmatch(line)):
            containers[-1].note_heading(len(heading[1]), heading[2])
        for container in containers[1:]:
            container.lines.append(line)
        if fence and fence[1]:
            containers.append(_Open(number, fence[1], containers[-1].path))
    if len(containers) > 1:
        raise ValueError(f"line {containers[-1].line}: the block is never closed")
    return sorted(blocks, key=lambda block: block.line)


def headings(text: str) -> list[str]:
    """Return the headings of a Markdown text with their hashes, those inside its blocks left out."""
    found, depth = [], 0
    for line in text.splitlines():
        fence = _FENCE.fullmatch(line)
        if fence:
            depth += 1 if fence[1] else -1
        elif not depth and _HEADING.fullmatch(line):
            found.append(line.rstrip())
    return found

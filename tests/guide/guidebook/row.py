"""One row of the table: a block of the guide, what must stand around it, and what comes of it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guidebook.markdown import Block
    from guidebook.workshop import Workshop

__all__ = ["Case", "Outcome", "Row"]


@dataclass(frozen=True)
class Row:
    """What is expected of one block.

    A row belongs to the block with its heading and digest. The line is where a reader finds it.
    """

    line: int
    language: str
    heading: str
    digest: str
    outcome: Outcome
    before: str = ""
    """Text that stands before the block in its file."""

    indent: int = 0
    """Columns that the block is moved to the right by, where it is a part of something."""

    after: str = ""
    """Text that stands after the block in its file."""

    @property
    def id(self) -> str:
        """Return the name of the row's test case."""
        return f"line-{self.line}-{re.sub(r'[^a-z0-9]+', '-', self.heading.lower()).strip('-')}"

    def placed(self, block: Block) -> str:
        """Return the file that the block is a part of."""
        return f"{self.before}{textwrap.indent(block.text, ' ' * self.indent)}{self.after}"


@dataclass
class Case:
    """A row, its block, and a place to work in."""

    row: Row
    block: Block
    workshop: Workshop

    @property
    def placed(self) -> str:
        """Return the file that the block is a part of."""
        return self.row.placed(self.block)

    @cached_property
    def module(self) -> ModuleType:
        """Return that file, imported as a Python module."""
        return self.workshop.module(self.placed)


#: Checks that a block does what its row says; asserts, returns nothing.
Outcome = Callable[[Case], None]

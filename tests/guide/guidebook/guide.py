"""The guide's blocks and the table's rows, brought together."""

from __future__ import annotations

from collections.abc import Sequence

from guidebook.markdown import Block, read_blocks
from guidebook.row import Row

__all__ = ["Guide"]


class Guide:
    """The guide.

    Args:
        text: its Markdown.
        table: the rows for its blocks.
    """

    def __init__(self, text: str, table: Sequence[Row]) -> None:
        self.blocks = read_blocks(text)
        self._rows = {row.line: row for row in table}

    def block(self, row: Row) -> Block:
        """Return the block that ``row`` is about, wherever it stands now.

        Raises:
            LookupError: there is none; the message says what has changed.
        """
        named = [
            block for block in self.blocks if (block.language, block.heading) == (row.language, row.heading)
        ]
        for block in named:
            if block.digest == row.digest:
                return block
        found = ", ".join(f"{block.digest} in line {block.line}" for block in named) or "none"
        raise LookupError(
            f"the {row.language} block {row.digest} under '{row.heading}' (line {row.line}) is gone; "
            f"found there: {found}. If it has changed, read it, then change its row"
        )

    def placed(self, line: int) -> str:
        """Return the file that the block is a part of whose row says ``line``."""
        row = self._rows[line]
        return row.placed(self.block(row))

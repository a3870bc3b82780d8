"""Every block of the guide does what its row in the table says."""

from __future__ import annotations

import pytest
from guidebook.guide import Guide
from guidebook.row import Case, Row
from guidebook.table import TABLE
from guidebook.workshop import Workshop


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.id)
def test_a_block_does_what_its_row_says(row: Row, guide: Guide, workshop: Workshop):
    row.outcome(Case(row, guide.block(row), workshop))


def test_every_block_has_its_row_and_every_row_its_block(guide: Guide):
    blocks = [(block.line, block.language, block.heading, block.digest) for block in guide.blocks]
    rows = [(row.line, row.language, row.heading, row.digest) for row in TABLE]
    assert rows == blocks

"""The table's checkers do find fault: a block that is changed does not do what its row says any more."""

from __future__ import annotations

import dataclasses

import pytest
from guidebook.guide import Guide
from guidebook.row import Case, Row
from guidebook.table import TABLE
from guidebook.workshop import Workshop

#: Line of a row, a text in its block, what takes the place of every occurrence, and what the fault says.
CHANGES = [
    (19, "BaseTCPServiceManager ", "PythonHTTPServiceManager ", "BaseHTTPServiceManager"),
    (
        37,
        "BaseMinipServiceManager",
        "BaseMinipServiceManager as Other",
        "Extra items in the left set:\\n +'Other'",
    ),
    (94, "8080", '"many"', "got 'many'"),
    (132, "@dataclass\n", "", "has fields but no @dataclass"),
    (167, "--listen", "-l", "your_binary -l 0.0.0.0:8080"),
    (248, '"rfc9000"', '"rfc9114"', "{'rfc9114': True}"),
    (291, '["http"]', '["quic"]', "registers for quic"),
    (336, "your_package.server", "your_package", "-m your_package'"),
    (370, "feature2", "feature3", "feature1,feature2"),
    (388, "--from=builder", "--from=build", "'build'"),
    (436, "zero_rtt", "no_such_parameter", "no_such_parameter"),
    (472, "_do_prepare", "_do_repair", "_do_repair"),
    (493, "True/False", "True", "DID NOT RAISE"),
    (534, 'target: "server"', 'target: "sarver"', "did you mean 'server'"),
    (562, "performance_mode", "performance_mod", "did you mean 'performance_mode'"),
    (603, 'test: "quic', 'tset: "quic', "did you mean 'test'"),
    (664, "debug_level: 2", "debug_level: loud", "debug_level"),
    (687, "# Implementation details", "pass", "DID NOT RAISE"),
    (706, '"9090" in', '"9091" in', "test_implementation_specific_args"),
    (856, "generate_run_command", "generate_command", "DID NOT RAISE"),
    (865, "custom_setup", "setup", "'setup' != 'custom_setup'"),
    (896, "# ", "", "unterminated string"),
    (966, "<!--", "", "on your additions"),
]


@pytest.mark.parametrize(
    ("line", "old", "new", "said"), CHANGES, ids=[f"line-{line}" for line, *_ in CHANGES]
)
def test_a_changed_block_fails_its_row(
    line: int, old: str, new: str, said: str, guide: Guide, workshop: Workshop
):
    (row,) = (row for row in TABLE if row.line == line)
    block = guide.block(row)
    assert old in block.text
    changed = dataclasses.replace(block, text=block.text.replace(old, new))
    with pytest.raises((Exception, pytest.fail.Exception), match=said):
        row.outcome(Case(row, changed, workshop))


def test_a_block_that_has_changed_in_the_guide_is_named(guide: Guide):
    row = dataclasses.replace(TABLE[0], digest="00000000")
    with pytest.raises(LookupError, match="block 00000000 under 'Base Class Hierarchy'"):
        guide.block(row)


def test_a_block_without_a_row_is_found_missing():
    guide = Guide("# New\n```python\npass\n```\n", [])
    with pytest.raises(LookupError, match="found there: none"):
        guide.block(Row(2, "python", "Old", "00000000", lambda case: None))

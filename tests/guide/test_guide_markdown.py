"""Fenced blocks are found with their place, also inside a block of Markdown."""

from __future__ import annotations

import pytest
from guidebook.markdown import headings, read_blocks

NESTED = """\
# Guide
## Readme
```markdown
# Title
```python
# no heading
```
## Use
```yaml
a: 1
```
text
```
## After
```bash
true
```
"""


def test_a_block_has_its_line_language_headings_and_text():
    last = read_blocks(NESTED)[-1]
    assert (last.line, last.language, last.path, last.text) == (15, "bash", ("Guide", "After"), "true\n")


def test_a_block_of_markdown_holds_its_own_blocks_and_they_are_found_too():
    outer, python, yaml, _ = read_blocks(NESTED)
    assert outer.text.startswith("# Title\n```python\n")
    assert outer.text.endswith("```\ntext\n")
    assert python.text == "# no heading\n"
    assert yaml.path == ("Guide", "Readme", "Title", "Use")


def test_headings_inside_blocks_are_none_of_the_texts_own():
    assert headings(NESTED) == ["# Guide", "## Readme", "## After"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("```\n", "line 1: the fence closes nothing"),
        ("\n```python\n", "line 2: the block is never closed"),
        ("```python\n```yaml\n", "line 2: a block opens inside the one of line 1"),
    ],
)
def test_fences_that_do_not_match_are_refused(text: str, said: str):
    with pytest.raises(ValueError, match=said):
        read_blocks(text)

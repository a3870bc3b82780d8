"""A plugin's README, as rules look at it: what it names, and where a finding on it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from panther_gen.lint.model import Edit, Span

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["added_line", "inheritance_heading", "names"]

_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|(?<=\])\([^)\n]*\)", re.DOTALL)
_CODE = re.compile(r"(?s)(```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]+`|^(?: {4}|\t)[^\n]*)", re.MULTILINE)


def names(text: str, name: str) -> bool:
    """Tell whether the text shows ``name`` as a word of its own.

    Comments and addresses of links show nothing. One that may be any word, such as ``Base``, has to be code.
    """
    shown = _HIDDEN.sub("", text)
    word = rf"(?<!\w){re.escape(name)}\b"
    if re.fullmatch(r"[A-Za-z][a-z]*", name):
        return any(re.search(word, code) for code in _CODE.findall(shown))
    return re.search(word, shown) is not None


def inheritance_heading(text: str) -> Span:
    """Return the line that speaks of inheritance, or the first heading."""
    lines = text.split("\n")
    wanted = [
        number for number, line in enumerate(lines, 1) if re.match(r"#+ .*(?i:inherit|base class)", line)
    ]
    number = next(iter([*wanted, *(number for number, line in enumerate(lines, 1) if line.strip())]), 1)
    return Span(number, 1, number, len(lines[number - 1]) + 1)


def added_line(document: Document, heading: int, line: str) -> Edit:
    """Return the edit that puts a line at the end of a part of the README, or behind a list's last item.

    Args:
        document: the README.
        heading: the line that the part starts with.
        line: what to write: a quotation, or an item of a list.
    """
    last = heading
    is_code = False
    for number, text in enumerate(document.lines[heading:], heading + 1):
        is_code ^= text.lstrip().startswith(("```", "~~~"))
        if not is_code and re.match(r"#{1,6}\s", text):
            break
        last = number if text.strip() else last
    above = document.lines[last - 1]
    follows = not above.strip() or (line.startswith("- ") and above.startswith(("- ", "* ", "  ")))
    return document.insert_lines(last + bool(above.strip()), [line] if follows else ["", line])

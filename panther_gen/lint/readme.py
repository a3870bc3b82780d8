"""A plugin's README, as rules look at it: what it names, and where a finding on it stands."""

from __future__ import annotations

import re

from panther_gen.lint.model import Span

__all__ = ["inheritance_heading", "names"]


def names(text: str, name: str) -> bool:
    """Tell whether ``name`` stands in the text as a word of its own."""
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def inheritance_heading(text: str) -> Span:
    """Return the line that speaks of inheritance, or the first heading."""
    lines = text.split("\n")
    wanted = [
        number for number, line in enumerate(lines, 1) if re.match(r"#+ .*(?i:inherit|base class)", line)
    ]
    number = next(iter([*wanted, *(number for number, line in enumerate(lines, 1) if line.strip())]), 1)
    return Span(number, 1, number, len(lines[number - 1]) + 1)

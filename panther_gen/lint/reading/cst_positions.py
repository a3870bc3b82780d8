"""Exact positions of names in a libcst tree, without libcst's metadata.

Resolving position metadata costs three times the parse. Here each name that matters is wrapped in two
characters that the source does not contain, the tree is turned into text once, and the places of the
characters are read off. The tree is spoilt by it, so the reader does it last.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

import libcst as cst

from panther_gen.lint.model import Span
from panther_gen.lint.reading.cst_values import NameSite

__all__ = ["locate"]

_PRIVATE_USE = range(0xE000, 0xF8FF)


def locate(module: cst.Module, text: str, sites: Sequence[NameSite]) -> list[Span]:
    """Return the span of each site.

    Args:
        module: the tree; its names are changed, it must not be used afterwards.
        text: the source that the tree was parsed from.
        sites: names in the tree.

    Returns:
        One span a site, in their order. A column is 0 where libcst did not reproduce the source, so that
        only the line is known.
    """
    fence, comma = _unused_characters(text)
    nodes = {id(site.node): site.node for site in sites}
    for key, node in nodes.items():
        object.__setattr__(node, "value", f"{fence}{key}{comma}{node.value}{fence}")
    starts, clean = _strip(module.code, re.compile(f"{fence}([0-9]+){comma}([^{fence}]*){fence}"))
    line_starts = [0, *(match.end() for match in re.finditer("\n", clean))]
    return [_span(starts[id(site.node)], site.width, line_starts, clean == text) for site in sites]


def _unused_characters(text: str) -> tuple[str, str]:
    unused = (character for character in map(chr, _PRIVATE_USE) if character not in text)
    return next(unused), next(unused)


def _strip(marked: str, pattern: re.Pattern[str]) -> tuple[dict[int, tuple[int, int]], str]:
    """Return offset and length of each marked name in the text without marks, and that text."""
    starts: dict[int, tuple[int, int]] = {}
    parts: list[str] = []
    length = end = 0
    for match in pattern.finditer(marked):
        parts += [marked[end : match.start()], match[2]]
        length += match.start() - end
        starts[int(match[1])] = (length, len(match[2]))
        length += len(match[2])
        end = match.end()
    return starts, "".join([*parts, marked[end:]])


def _span(found: tuple[int, int], width: int, line_starts: Sequence[int], exact: bool) -> Span:
    offset, length = found
    line = bisect_right(line_starts, offset)
    if not exact:
        return Span(line)
    column = offset - line_starts[line - 1] + 1
    return Span(line, column, line, column + (width or length))

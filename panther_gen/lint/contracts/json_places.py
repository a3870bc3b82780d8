"""Where a value stands in a JSON text; ``json`` reads values and forgets their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from json import JSONDecoder

__all__ = ["place_in_json"]

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = JSONDecoder()


def place_in_json(text: str, path: Iterable[str | int]) -> tuple[int, int]:
    """Return line and column, counted from 1, of the value that ``path`` leads to.

    Args:
        text: a text that ``json`` accepts.
        path: names of members and indices of elements; what does not exist ends it early.
    """
    index = _after_space(text, 0)
    for step in path:
        # Of members of the same name, the last counts.
        found = [place for name, place in _children(text, index) if name == step]
        if not found:
            break
        index = found[-1]
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _children(text: str, index: int) -> Iterator[tuple[str | int, int]]:
    """Yield the name or index, and the place, of each value in the object or array that begins there."""
    opening = text[index]
    index = _after_space(text, index + 1) if opening in "{[" else len(text)
    count = 0
    while index < len(text) and text[index] not in "}]":
        name: str | int = count
        if opening == "{":
            name, index = _DECODER.raw_decode(text, index)
            index = _after_space(text, _after_space(text, index) + 1)
        yield name, index
        _, index = _DECODER.raw_decode(text, index)
        index = _after_space(text, index)
        if text[index] == ",":
            index = _after_space(text, index + 1)
        count += 1


def _after_space(text: str, index: int) -> int:
    match = _SPACE.match(text, index)
    return match.end() if match else index

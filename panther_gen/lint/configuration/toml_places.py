"""Where a key or a value stands in a TOML file; ``tomllib`` reads values and forgets their places."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

__all__ = ["line_of"]

_TABLE = re.compile(r"\s*\[([^\[].*?)\]\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def line_of(text: str, keys: Sequence[str], value: str | None = None) -> int:
    """Return the line, counted from 1, of what ``keys`` lead to.

    Args:
        text: a TOML file that ``tomllib`` accepts.
        keys: the names of the tables and, last, of the key.
        value: a string in the key's list; its line is returned where it is found.
    """
    best, line = 0, 1
    table: list[str] = []
    lines = text.split("\n")
    for number, content in enumerate(lines, 1):
        if match := _TABLE.fullmatch(content):
            table = path = _names(match[1])
        elif match := _KEY.match(content):
            path = [*table, *_names(match[1])]
        else:
            continue
        if len(path) > best and list(keys[: len(path)]) == path:
            best, line = len(path), number
    return line if value is None else _line_of_value(lines, line, value)


def _names(dotted: str) -> list[str]:
    """Return the parts of a dotted key; none if that is not what it is, as in a string of many lines."""
    try:
        content: object = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return []
    names: list[str] = []
    while isinstance(content, dict):
        name, content = next(iter(content.items()))
        names.append(name)
    return names


def _line_of_value(lines: list[str], first: int, value: str) -> int:
    quoted = (f'"{value}"', f"'{value}'")
    for number in range(first, len(lines) + 1):
        line = lines[number - 1]
        if any(text in line for text in quoted):
            return number
        if number > first and (_KEY.match(line) or _TABLE.fullmatch(line)):
            break
    return first

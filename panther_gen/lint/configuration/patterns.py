"""Patterns of paths, as ``exclude`` and ``per-file-ignores`` spell them.

A pattern without a slash means a file or directory of that name anywhere; one with a slash starts at the
directory of the configuration file. ``*`` and ``?`` stay within a name, ``**`` spans directories, and a
pattern that means a directory means everything below it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

__all__ = ["Patterns", "is_pattern"]

_TOKEN = re.compile(r"\*\*/|/\*\*$|\*\*|\*|\?|\[[!^]?\]?[^\]]*\]|.", re.DOTALL)
_FIXED = {"**/": "(?:[^/]+/)*", "/**": "/.+", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class Patterns:
    """Some patterns, compiled.

    Args:
        root: the directory that they are relative to.
        patterns: as they were written.
    """

    def __init__(self, root: Path, patterns: Iterable[str]) -> None:
        self._root = str(root)
        self._expressions = [re.compile(_expression(pattern), re.DOTALL) for pattern in patterns]

    def match(self, path: str | Path) -> bool:
        """Tell whether one of the patterns means ``path``; none means a path outside of the root."""
        relative = os.path.relpath(path, self._root).replace(os.sep, "/")
        if relative.startswith("../"):
            return False
        return any(expression.fullmatch(relative) for expression in self._expressions)


def is_pattern(pattern: str) -> bool:
    """Tell whether a pattern can be used; a set such as ``[z-a]`` cannot."""
    try:
        re.compile(_expression(pattern))
    except re.error:
        return False
    return True


def _expression(pattern: str) -> str:
    plain = pattern.removeprefix("./").rstrip("/")
    anywhere = "" if "/" in pattern.rstrip("/") else "(?:.*/)?"
    return f"{anywhere}{''.join(_translated(token) for token in _TOKEN.findall(plain))}(?:/.*)?"


def _translated(token: str) -> str:
    if token in _FIXED:
        return _FIXED[token]
    if token not in {"[]", "[!]", "[^]"} and len(token) > 1:  # a set of characters
        inside = token[1:-1].replace("\\", "\\\\").replace("[", "\\[")
        return f"[^/{inside[1:]}]" if inside[0] in "!^" else f"[{inside}]"
    return re.escape(token)

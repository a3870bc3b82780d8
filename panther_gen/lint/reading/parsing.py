"""``ast.parse`` for whoever asks: the reader and, a moment later, the rules that look at expressions."""

from __future__ import annotations

import ast

__all__ = ["forget", "parse"]

_MOST = 8  # the files of one plugin

_trees: dict[str, ast.Module] = {}


def parse(text: str) -> ast.Module:
    """Return the tree of a source. Nobody may change it.

    Raises:
        SyntaxError: it is no Python that the running interpreter knows.
        ValueError: a literal exceeds a limit of the interpreter.
        RecursionError: it is nested too deeply.
        MemoryError: it is nested too deeply.
    """
    tree = _trees.get(text)
    if tree is None:
        while len(_trees) >= _MOST:
            _trees.pop(next(iter(_trees)), None)
        tree = _trees[text] = ast.parse(text)
    return tree


def forget(text: str) -> None:
    """Let go of the tree of a source that is done with; the next one takes its memory while that is warm."""
    _trees.pop(text, None)

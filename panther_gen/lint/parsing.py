"""``ast.parse`` for whoever asks: the reader and, a moment later, the rules that look at expressions."""

from __future__ import annotations

import ast
from functools import lru_cache

__all__ = ["parse"]


@lru_cache(maxsize=8)  # the files of one plugin
def parse(text: str) -> ast.Module:
    """Return the tree of a source. Nobody may change it.

    Raises:
        SyntaxError: it is no Python that the running interpreter knows.
        ValueError: a literal exceeds a limit of the interpreter.
        RecursionError: it is nested too deeply.
        MemoryError: it is nested too deeply.
    """
    return ast.parse(text)

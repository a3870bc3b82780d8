"""Calls of ``subprocess`` made to start a program without a shell."""

from __future__ import annotations

import re

import libcst as cst

from panther_gen.lint.edits.document import Document
from panther_gen.lint.model import Edit, Span

__all__ = ["as_list", "without_argument"]

# Words in which a shell, and Python's literals, find nothing to act upon.
_PLAIN = re.compile(r"[A-Za-z0-9_./:,+@%-][A-Za-z0-9_./:,+@%=-]*")


def as_list(command: cst.BaseExpression) -> str | None:
    """Return the list of the plain words in a literal text, with its quotation marks; None of all else."""
    if not isinstance(command, cst.SimpleString) or command.prefix or len(command.quote) != 1:
        return None
    words = command.raw_value.split(" ")
    if not all(_PLAIN.fullmatch(word) for word in words):
        return None
    return f"[{', '.join(f'{command.quote}{word}{command.quote}' for word in words)}]"


def without_argument(document: Document, call: cst.Call, argument: cst.Arg) -> Edit:
    """Return the edit that takes an argument, not the first, out of a call, with the comma before it."""
    syntax = document.syntax
    index = call.args.index(argument)
    before, own = syntax.span(call.args[index - 1]), syntax.span(argument)
    line = document.lines[own.line - 1]
    if not line[: own.column - 1].strip() and line[own.end_column - 1 :].strip() in {"", ","}:
        return document.delete_lines(own.line, own.end_line)  # a comment before it stays
    return document.replace(Span(before.end_line, before.end_column, own.end_line, own.end_column), "")

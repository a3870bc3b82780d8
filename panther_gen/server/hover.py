"""Hovering: the contract of the method whose name stands under the pointer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from lsprotocol import types

from panther_gen.lint.classes.contract import contract_of, inherited_contract
from panther_gen.lint.model import Span
from panther_gen.server.client import Client
from panther_gen.server.contracts import class_around, method_of
from panther_gen.server.documents import Document
from panther_gen.server.positions import Positions
from panther_gen.server.words import describe

__all__ = ["hover"]

_WORD = re.compile(r"\w+")
_DEFINITION = re.compile(r"\s*(?:async\s+)?def\s+(\w+)")
_OWN = {"self", "cls"}


def hover(
    document: Document, documents: Iterable[Document], position: types.Position, client: Client
) -> types.Hover | None:
    """Return what to show at a position; None if no method of a contract is named there.

    Args:
        document: the Python module that is pointed into.
        documents: everything that is open, itself included.
        position: where the pointer is.
        client: decides about units and Markdown.
    """
    positions = Positions(document.text, client.encoding)
    line, column = positions.place(position)
    word = next((one for one in _WORD.finditer(positions.line(line)) if _holds(one, column)), None)
    if word is None:
        return None
    around = class_around(document, documents, line)
    if around is None:
        return None
    slots = {**contract_of(around.view), **inherited_contract(around.view)}
    slot = slots.get(word[0])
    if slot is None or not _names_member(positions, around.node, line, word):
        return None
    span = Span(line, word.start() + 1, line, word.end() + 1)
    return types.Hover(describe(method_of(slot), markdown=client.markdown_hover), positions.range(span))


def _holds(word: re.Match[str], column: int) -> bool:
    return word.start() < column <= word.end() + 1


def _names_member(positions: Positions, node: ast.ClassDef, line: int, word: re.Match[str]) -> bool:
    """Tell whether a word names a member of the class around it, not something that is called alike."""
    text = positions.line(line)
    definition = _DEFINITION.match(text)
    if definition is not None and definition.span(1) == word.span():
        return any(isinstance(child, _FUNCTIONS) and _starts(child, line) for child in node.body)
    end = len(text[: word.end()].encode("utf-8", "replace"))
    return any(_is_at(child, word[0], line, end) for child in ast.walk(node))


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _starts(function: ast.stmt, line: int) -> bool:
    return function.lineno == line


def _is_at(node: ast.AST, name: str, line: int, end: int) -> bool:
    """Tell whether a node is ``self.name``, ``super().name`` or an assignment to ``name`` that ends there."""
    if isinstance(node, ast.Name):
        found = isinstance(node.ctx, ast.Store) and node.id == name
    elif isinstance(node, ast.Attribute):
        found = node.attr == name and _is_own(node.value)
    else:
        return False
    return found and (node.end_lineno, node.end_col_offset) == (line, end)


def _is_own(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id == "super"
    return isinstance(value, ast.Name) and (value.id in _OWN or value.id[:1].isupper())

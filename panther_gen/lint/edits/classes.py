"""Methods written into a class."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from panther_gen.lint.edits.document import Document
from panther_gen.lint.model import Edit, Span

__all__ = ["append_method", "method_named"]


def method_named(node: cst.ClassDef, name: str) -> cst.FunctionDef | None:
    """Return a method that a class's body defines at its top; None unless it does so once."""
    found = [one for one in node.body.body if isinstance(one, cst.FunctionDef) and one.name.value == name]
    return found[0] if len(found) == 1 else None


def append_method(document: Document, node: cst.ClassDef, lines: Sequence[str]) -> Edit | None:
    """Return the edit that puts a method behind a class's body.

    Args:
        document: the file.
        node: the class.
        lines: the method's, indented as if it stood at the top of the module, by four spaces.

    Returns:
        None where the class is written on one line with a comment behind it.
    """
    syntax = document.syntax
    inner = syntax.indent(node)
    if isinstance(node.body, cst.IndentedBlock):
        inner += syntax.step if node.body.indent is None else node.body.indent
        last = node.body.body[-1]
        is_method = isinstance(last, cst.FunctionDef)
        return document.insert_lines(
            syntax.span(last).end_line + 1, [*[""][: int(is_method)], *_indented(lines, inner, syntax.step)]
        )
    return _behind_one_line(
        document, node, _indented(lines, inner + syntax.step, syntax.step), inner + syntax.step
    )


def _behind_one_line(document: Document, node: cst.ClassDef, lines: list[str], indent: str) -> Edit | None:
    """Return the edit that makes a block of ``class C(Base): ...``; what the line says stays in it."""
    syntax = document.syntax
    assert isinstance(node.body, cst.SimpleStatementSuite)
    statements = node.body.body
    start, end = syntax.span(statements[0]), syntax.span(statements[-1])
    line = document.lines[end.end_line - 1]
    if line[end.end_column - 1 :].strip():
        return None
    span = Span(start.line, start.column, end.end_line, len(line) + 1)
    before = document.lines[start.line - 1][: start.column - 1]
    span = Span(start.line, len(before.rstrip()) + 1, span.end_line, span.end_column)
    kept = (
        []
        if all(_says_nothing(one) for one in statements)
        else [indent + document.part(Span(start.line, start.column, end.end_line, end.end_column))]
    )
    return document.replace(span, "\n" + "\n".join([*kept, *lines]))


def _says_nothing(statement: cst.BaseSmallStatement) -> bool:
    is_dots = isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Ellipsis)
    return is_dots or isinstance(statement, cst.Pass)


def _indented(lines: Sequence[str], indent: str, step: str) -> list[str]:
    deep = (line.removeprefix("    ") for line in lines)
    return [
        indent + (step + short if short != line else line) for line, short in zip(lines, deep, strict=True)
    ]

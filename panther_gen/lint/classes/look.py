"""A second look at a source: its syntax tree, for the few files in which a rule has to see expressions.

Summaries keep no expressions. A rule first asks its summary, or the plain text, whether there can be
anything to find, and looks here only then. Columns are code points, as those of the summaries.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.disk.modules import Module
from panther_gen.lint.model import Span
from panther_gen.lint.reading.parsing import parse
from panther_gen.lint.reading.source import Source

__all__ = [
    "class_node",
    "literal_of",
    "method_node",
    "methods_of",
    "parsed",
    "returned",
    "span_of",
    "tree_of",
]


def parsed(source: Source) -> ast.Module | None:
    """Return the tree of a source; None if the running interpreter refuses it."""
    found = _parse(source.text)
    return found if isinstance(found, ast.Module) else None


def tree_of(module: Module) -> ast.Module | None:
    """Return a module's tree; None, and a mark on the module, if the running interpreter refuses it."""
    if not isinstance(module.source, Source):
        return None
    found = _parse(module.source.text)
    if isinstance(found, ast.Module):
        return found
    module.refused = found
    return None


def _parse(text: str) -> ast.Module | tuple[int, str]:
    try:
        return parse(text)
    except SyntaxError as error:
        return error.lineno or 1, error.msg
    except (ValueError, RecursionError, MemoryError) as error:
        return 1, str(error)


def class_node(view: ClassView) -> ast.ClassDef | None:
    """Return the class statement of a view; None if it cannot be looked at."""
    tree = tree_of(view.module)
    line = view.span(view.summary.site).line
    if tree is None:
        return None
    # Most stand at the top; one below an `if`, or in another class or function, is looked for everywhere.
    found = (node for node in chain(tree.body, ast.walk(tree)) if isinstance(node, ast.ClassDef))
    named = (node for node in found if node.name == view.name)
    return next((node for node in named if node.lineno <= line <= node.body[0].lineno), None)


def methods_of(node: ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the functions that a class's body defines unconditionally."""
    for statement in node.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield statement


def method_node(view: ClassView, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """Return the last definition of a method in a class's body; None if there is none."""
    node = class_node(view)
    found = [method for method in methods_of(node) if method.name == name] if node is not None else []
    return found[-1] if found else None


def returned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.expr | None:
    """Return the one thing that a function returns, if returning is all it does."""
    body = [statement for statement in function.body if not _is_docstring(statement)]
    return body[0].value if len(body) == 1 and isinstance(body[0], ast.Return) else None


def literal_of(node: ast.expr | None) -> str | None:
    """Return the text that an expression is literally; None if it is anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def span_of(module: Module, node: ast.expr | ast.stmt) -> Span:
    """Return where a node is."""
    end_line, end_offset = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return Span(
        node.lineno,
        _column(module, node.lineno, node.col_offset),
        end_line,
        _column(module, end_line, end_offset),
    )


def _column(module: Module, line: int, offset: int) -> int:
    """Return the column of an offset in UTF-8 bytes."""
    text = module.source.line(line)
    return offset + 1 if text.isascii() else len(text.encode()[:offset].decode(errors="replace")) + 1

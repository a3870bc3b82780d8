"""A plugin's ``__init__.py`` made to export a class."""

from __future__ import annotations

import libcst as cst

from panther_gen.lint.edits.document import Document
from panther_gen.lint.edits.python_code import dotted_name, quoted
from panther_gen.lint.model import Edit, Span

__all__ = ["exported"]


def exported(document: Document, name: str, module: str) -> tuple[Edit, ...]:
    """Return the edits that import a class, and name it in ``__all__``.

    Args:
        document: the ``__init__.py``.
        name: the class.
        module: the module beside it that the class is in; empty: it is imported already.

    Returns:
        None where the class would have to be named in an ``__all__`` that is no plain list.
    """
    found = _listing(document)
    if found is None:
        lines = ["", f'__all__ = ["{name}"]']
        return _imports(document, name, module, lines) if module else ()
    if not isinstance(found, (cst.List, cst.Tuple)):
        return _imports(document, name, module, []) if module else ()
    names = {one.value.evaluated_value for one in found.elements if isinstance(one.value, cst.SimpleString)}
    entry = () if name in names else _entry(document, found, name)
    return (*(_imports(document, name, module, []) if module else ()), *entry)


def _listing(document: Document) -> cst.BaseExpression | None:
    for _, statement in document.syntax.statements():
        targets: list[cst.BaseExpression] = []
        if isinstance(statement, cst.Assign):
            targets = [one.target for one in statement.targets]
        elif isinstance(statement, cst.AnnAssign):
            targets = [statement.target]
        if any(dotted_name(target) == "__all__" for target in targets):
            return statement.value if isinstance(statement, (cst.Assign, cst.AnnAssign)) else None
    return None


def _entry(document: Document, listing: cst.List | cst.Tuple, name: str) -> tuple[Edit, ...]:
    syntax = document.syntax
    if not listing.elements:
        if isinstance(listing, cst.Tuple):
            return ()
        span = syntax.span(listing)
        place = Span(span.end_line, span.end_column - 1, span.end_line, span.end_column)
        return (document.replace(place, f'"{name}"]'),)
    last = syntax.span(listing.elements[-1].value)
    word = quoted(name, document.part(last))
    return (document.insert(last.end_line, last.end_column, f", {word}"),)


def _imports(document: Document, name: str, module: str, more: list[str]) -> tuple[Edit, ...]:
    """Return the edit that puts the import behind the last one, or behind the docstring."""
    syntax = document.syntax
    behind = 0
    has_import = False
    for index, line in enumerate(syntax.module.body):
        small = line.body if isinstance(line, cst.SimpleStatementLine) else ()
        for one in small:
            is_import = isinstance(one, (cst.Import, cst.ImportFrom))
            if is_import or (index == 0 and isinstance(one, cst.Expr)):
                behind, has_import = syntax.span(line).end_line, has_import or is_import
    statement = f"from .{module} import {name}"
    if behind:
        first = [statement] if has_import else ["", statement]
        return (document.insert_lines(behind + 1, [*first, *more]),)
    start = next((n for n, text in enumerate(document.lines, 1) if not text.startswith("#")), 1)
    return (document.insert_lines(start, [statement, *more]),)

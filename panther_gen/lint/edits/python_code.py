"""What several fixes of Python code need: a name imported, a literal's text replaced, a stub written."""

from __future__ import annotations

import re
from pathlib import Path

import libcst as cst

from panther_gen.lint.edits.document import Document
from panther_gen.lint.edits.syntax import Syntax
from panther_gen.lint.model import Edit, Span
from panther_gen.plugin.tree import directory_of

__all__ = ["dotted_name", "expression_source", "imported", "named_elsewhere", "quoted", "replaced_literal"]

_BUILTIN = {
    "str",
    "bytes",
    "int",
    "float",
    "bool",
    "None",
    "list",
    "dict",
    "tuple",
    "set",
    "frozenset",
    "object",
}
_LOWERED = {"List": "list", "Dict": "dict", "Set": "set", "Tuple": "tuple", "FrozenSet": "frozenset"}
_LITERAL = re.compile(r"[uU]?(['\"])[^\\]*\1")


def quoted(value: str, like: str = '"') -> str | None:
    """Return a value as a literal in quotation marks; None if it would need escapes."""
    mark = "'" if like.lstrip("uU").startswith("'") else '"'
    return f"{mark}{value}{mark}" if value.isprintable() and not {mark, "\\"} & set(value) else None


def replaced_literal(document: Document, span: Span, value: str) -> tuple[Edit, ...]:
    """Return the edit that makes ``value`` of the literal in a span; none if it is no plain literal."""
    old = document.part(span)
    new = quoted(value, old)
    if new is None or "\n" in old or not _LITERAL.fullmatch(old) or old.count(old[-1]) != 2:
        return ()
    return (document.replace(span, new),)


def imported(document: Document, module: str, name: str, before: int) -> tuple[str, tuple[Edit, ...]] | None:
    """Return how code calls ``module.name``, and the edits that import it.

    Args:
        document: the file.
        module: a top-level module of the standard library.
        name: what to import from it.
        before: the line of the code; imports behind it do not count.

    Returns:
        None if the name means something else there.
    """
    syntax = document.syntax
    last: cst.ImportAlias | None = None
    for span, statement in syntax.statements():
        if span.line >= before:
            break
        if isinstance(statement, cst.Import):
            for alias in statement.names:
                if dotted_name(alias.name) == module:
                    return f"{_local(alias)}.{name}", ()
        elif isinstance(statement, cst.ImportFrom) and _is_from(statement, module):
            for alias in () if isinstance(statement.names, cst.ImportStar) else statement.names:
                if dotted_name(alias.name) == name:
                    return _local(alias), ()
                last = alias
    if syntax.bound(name):
        return None
    if last is not None:
        end = syntax.span(last.asname or last.name)
        return name, (document.insert(end.end_line, end.end_column, f", {name}"),)
    return name, (_new_import(document, syntax, f"from {module} import {name}"),)


def dotted_name(node: cst.BaseExpression | None) -> str:
    """Return a dotted name as text; empty if the expression is none."""
    if isinstance(node, cst.Attribute):
        before = dotted_name(node.value)
        return before and f"{before}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def _local(alias: cst.ImportAlias) -> str:
    return dotted_name(alias.asname.name if alias.asname is not None else alias.name)


def _is_from(statement: cst.ImportFrom, module: str) -> bool:
    return not statement.relative and dotted_name(statement.module) == module


def _new_import(document: Document, syntax: Syntax, line: str) -> Edit:
    """Return the edit that puts an import before the first one, or at the top of the code."""
    behind = 0
    for index, statement in enumerate(syntax.module.body):
        small = statement.body if isinstance(statement, cst.SimpleStatementLine) else ()
        first = small[0] if small else None
        is_text = (
            index == 0
            and isinstance(first, cst.Expr)
            and isinstance(first.value, (cst.SimpleString, cst.ConcatenatedString))
        )
        if is_text or (isinstance(first, cst.ImportFrom) and _is_from(first, "__future__")):
            behind = syntax.span(statement).end_line
        elif isinstance(first, (cst.Import, cst.ImportFrom)):
            return document.insert_lines(syntax.span(statement).line, [line])
        else:
            break
    if behind:
        return document.insert_lines(behind + 1, ["", line])
    comments = next((n for n, text in enumerate(document.lines, 1) if not text.startswith("#")), 1)
    return document.insert_lines(comments, [line])


def expression_source(document: Document, names: str) -> str | None:
    """Return an annotation as the file can write it; None if it lacks a name that it needs.

    ``List[str]`` becomes ``list[str]`` where nothing binds ``List``.
    """
    missing = {word for word in re.findall(r"[A-Za-z_]\w*", names) if not document.syntax.bound(word)}
    missing -= _BUILTIN
    if not missing <= _LOWERED.keys():
        return None
    return re.sub(r"[A-Za-z_]\w*", lambda word: _LOWERED[word[0]] if word[0] in missing else word[0], names)


def named_elsewhere(path: str, name: str) -> bool:
    """Tell whether another Python file of the plugin, or of the file's directory, uses a method's name.

    It does so as an attribute or in a literal text; a definition of its own is another method.
    """
    here = Path(path).absolute()
    plugin = directory_of(here)
    root = plugin.path if plugin is not None else here.parent
    others = root.rglob("*.py") if plugin is not None else root.glob("*.py")
    pattern = re.compile(rb"[.\"']" + re.escape(name.encode()) + rb"\b")
    return any(other != here and _contains(other, pattern) for other in others)


def _contains(path: Path, pattern: re.Pattern[bytes]) -> bool:
    try:
        return path.is_file() and pattern.search(path.read_bytes()) is not None
    except OSError:
        return True  # what cannot be read may

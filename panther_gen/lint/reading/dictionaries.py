"""What is set on an object by way of the dictionary of its attributes: ``X.__dict__``, ``vars(X)``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from panther_gen.lint.reading.callees import Callee, callee
from panther_gen.lint.reading.owners import names_of, owner_of
from panther_gen.lint.reading.scopes import Owner, Scope

__all__ = ["from_call", "from_item", "from_values", "kept"]

_UPDATES = {"update", "__ior__"}
_ITEMS = {"setdefault", "__setitem__"}
#: Builtins that may change a dictionary that they are given, or keep it for somebody who does.
_CHANGES = {"exec", "eval", "filter", "map", "setattr", "type", "zip"}
#: Modules of the standard library that change nothing in one.
_READERS = {
    "copy",
    "dataclasses",
    "hashlib",
    "inspect",
    "json",
    "logging",
    "pickle",
    "pprint",
    "types",
    "typing",
}
#: Methods, of whatever object, that read what they are given.
_READING = {
    "critical",
    "debug",
    "dump",
    "dumps",
    "error",
    "exception",
    "format",
    "info",
    "log",
    "update",
    "warning",
    "write",
}

#: Whose attribute is set, and what it may be called; None: that is computed.
Found = tuple[Owner, frozenset[str] | None]


def from_item(node: ast.Subscript, scope: Scope) -> Found | None:
    """Return what ``X.__dict__[name] = …`` sets; None if it sets something else."""
    owner = _owner(node.value, scope)
    return None if owner is None else (owner, names_of(node.slice, scope))


def from_call(node: ast.Call, what: Callee, scope: Scope) -> Iterator[Found]:
    """Yield what a call sets in such a dictionary, or may set if it is handed one."""
    arguments = list(node.args)
    method = what.method.attr if what.method is not None else ""
    holder = what.method.value if what.method is not None else None
    if what.name.startswith(("dict.", "operator.")) and arguments:  # dict.update(X.__dict__, …)
        method, holder = {"setitem": "__setitem__", "ior": "__ior__"}.get(method, method), arguments.pop(0)
        where = scope
    else:
        where = what.scope
    owner = _owner(holder, where) if holder is not None and method in _UPDATES | _ITEMS else None
    if owner is not None and method in _ITEMS:
        yield owner, names_of(arguments[0], scope) if arguments else None
    elif owner is not None:
        yield from _merged(owner, arguments, node.keywords, scope)
    elif not _only_reads(what):
        for value in [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg)]:
            if (handed := _owner(value, scope)) is not None:
                yield handed, None


def kept(node: ast.AST, scope: Scope) -> Iterator[Found]:
    """Yield what may be set by way of such a dictionary that is kept where nobody can follow it."""
    values: list[ast.expr | None] = []
    if isinstance(node, (ast.List, ast.Set)) and not isinstance(getattr(node, "ctx", None), ast.Store):
        values = list(node.elts)
    elif isinstance(node, ast.Dict):
        values = list(node.values)
    elif isinstance(node, ast.Assign) and not all(isinstance(one, ast.Name) for one in node.targets):
        values = [node.value]
    for value in values:
        if value is not None and (owner := _owner(value, scope)) is not None:
            yield owner, None


def from_values(
    target: ast.expr, values: list[ast.expr], keywords: list[ast.keyword], scope: Scope
) -> Iterator[Found]:
    """Yield what is set where such a dictionary gets the entries of others."""
    owner = _owner(target, scope)
    if owner is not None:
        yield from _merged(owner, values, keywords, scope)


def _merged(
    owner: Owner, values: list[ast.expr], keywords: list[ast.keyword], scope: Scope
) -> Iterator[Found]:
    known = {keyword.arg for keyword in keywords if keyword.arg}
    is_open = any(keyword.arg is None for keyword in keywords)
    for value in values:
        keys = value.keys if isinstance(value, ast.Dict) else [None]
        found = [names_of(key, scope) if key is not None else None for key in keys]
        known.update(name for names in found if names is not None for name in names)
        is_open = is_open or None in found
    if known:
        yield owner, frozenset(known)
    if is_open:
        yield owner, None


def _owner(node: ast.expr, scope: Scope, depth: int = 0) -> Owner | None:
    """Return the object whose attributes a dictionary holds; that of a class cannot be written."""
    owner = None
    if isinstance(node, ast.Call) and callee(node.func, scope).name == "vars" and len(node.args) == 1:
        owner = owner_of(node.args[0], scope)
    elif isinstance(node, ast.NamedExpr):
        return _owner(node.value, scope, depth)
    elif isinstance(node, ast.Name) and depth == 0:
        found = scope.find(node.id)
        if found is not None and len(found[0]) == 1 and (value := found[0][0].value) is not None:
            return _owner(value, found[0][0].scope or found[1], 1)
    else:
        written = callee(node, scope).method
        owner = owner_of(written.value, scope) if written is not None and written.attr == "__dict__" else None
    return owner if owner is not None and owner.is_object else None


def _only_reads(what: Callee) -> bool:
    """Tell whether what is called changes nothing in a dictionary that it is given."""
    top, dot, _ = what.name.partition(".")
    if top:
        return top in _READERS if dot else top not in _CHANGES
    return what.method is not None and what.method.attr in _READING

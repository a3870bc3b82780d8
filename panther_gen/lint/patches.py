"""Every place in a module that sets or deletes an attribute of a class, or of an object of one, from outside.

That is each form that Python has for it: a plain assignment, ``setattr``, ``__setattr__``, ``__dict__``,
``vars``, another ``__class__``. ``unittest.mock.patch`` and ``monkeypatch`` are none: they undo what they do.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeGuard

from panther_gen.lint.ast_values import dotted
from panther_gen.lint.owners import Owner, Scope, names_of, owner_of, scope_of

__all__ = ["Patch", "patches_in", "unplaced", "unread_texts"]

_SETTERS = {("setattr",), ("builtins", "setattr"), ("delattr",), ("builtins", "delattr")}
_SET_METHODS = {"__setattr__", "__delattr__"}
_ANYTHING = {"__class__", "__bases__", "__getattribute__"}
_SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ClassDef,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


@dataclass(frozen=True, slots=True)
class Patch:
    """One such place.

    Attributes:
        owner: whose attribute it is.
        names: what it may be called; None: that is computed, it may be any.
        node: where it is.
        shown: how it is written, in short.
        deletes: the attribute is deleted.
    """

    owner: Owner
    names: frozenset[str] | None
    node: ast.expr
    shown: str
    deletes: bool = False


@lru_cache(maxsize=8)
def patches_in(tree: ast.Module) -> tuple[Patch, ...]:
    """Return the patches in a module, in the order of the source."""
    found = _walk(list(tree.body), scope_of(tree, None), None)
    return tuple(sorted(found, key=lambda patch: (patch.node.lineno, patch.node.col_offset)))


def _walk(nodes: list[ast.AST], scope: Scope, place: ast.expr | None) -> Iterator[Patch]:
    """Yield the patches in nodes; ``place`` is where to show them, if the text has no place of its own."""
    stack = [(node, scope) for node in nodes]
    while stack:
        node, around = stack.pop()
        for patch in _patches(node, around):
            yield (
                patch if place is None else Patch(patch.owner, patch.names, place, patch.shown, patch.deletes)
            )
        if isinstance(node, ast.Call) and place is None and (text := _executed(node)):
            yield from _walk([text], around, node)
        if isinstance(node, ast.AnnAssign) and node.value is None:
            continue  # it declares, and assigns nothing
        stack.extend(_children(node, around))


def _children(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
    if not isinstance(node, _SCOPES):
        yield from ((child, scope) for child in ast.iter_child_nodes(node))
        return
    inner = scope_of(node, scope)
    inside = set(map(id, _inside(node)))
    for child in ast.iter_child_nodes(node):
        yield child, inner if id(child) in inside else scope


def _inside(node: ast.AST) -> list[ast.AST]:
    """Return the children of a definition that belong to the scope that it opens."""
    if isinstance(node, ast.Lambda):
        return [node.body]
    body = getattr(node, "body", None)
    return body if isinstance(body, list) else list(ast.iter_child_nodes(node))


def _executed(node: ast.Call) -> ast.Module | None:
    text = node.args[0] if node.args and dotted(node.func)[-1:] in {("exec",), ("eval",)} else None
    if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
        return None
    try:
        return ast.parse(text.value)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def unread_texts(tree: ast.Module) -> list[ast.Call]:
    """Return the calls of ``exec`` whose text is computed, but for those in the body of a class itself."""
    in_body = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and node.args
        and dotted(node.func) in {("exec",), ("builtins", "exec")}
        and not isinstance(node.args[0], ast.Constant)
        and id(node) not in in_body
    ]


def unplaced(tree: ast.Module, names: Collection[str], is_known: Callable[[Owner], bool]) -> list[ast.expr]:
    """Return where one of some attributes is set on an object of which nothing is known.

    Args:
        tree: of a module.
        names: of the attributes.
        is_known: tells whether what an expression stands for is known.
    """
    found = [node for node in ast.walk(tree) if _sets(node, names)]
    placed = {id(patch.node) for patch in patches_in(tree) if is_known(patch.owner)} if found else set()
    return [node for node in found if id(node) not in placed]


def _sets(node: ast.AST, names: Collection[str]) -> TypeGuard[ast.expr]:
    if isinstance(node, ast.Attribute):
        return isinstance(node.ctx, ast.Store) and node.attr in names
    if not isinstance(node, ast.Call) or dotted(node.func) not in _SETTERS or len(node.args) <= 1:
        return False
    name = node.args[1]
    return isinstance(name, ast.Constant) and name.value in names


def _patches(node: ast.AST, scope: Scope) -> Iterator[Patch]:
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, (ast.Store, ast.Del)):
        yield from _attribute(node, scope)
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        owner = _dictionary(node.value, scope)
        if owner is not None:
            yield Patch(owner, names_of(node.slice, scope), node, f"{ast.unparse(node.value)}[…] = …")
    elif isinstance(node, ast.Call):
        yield from _call(node, scope)
    elif isinstance(node, (ast.Assign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == "__dict__":
                owner = _dictionary(target, scope)
                shown = f"{ast.unparse(target)} = …"
                yield from _from_dictionary(owner, [node.value], (), target, shown, scope)


def _attribute(node: ast.Attribute, scope: Scope) -> Iterator[Patch]:
    deletes = isinstance(node.ctx, ast.Del)
    inner = node.value
    if node.attr == "__code__" and isinstance(inner, ast.Attribute):
        owner = owner_of(inner.value, scope)
        if owner is not None:
            yield Patch(owner, frozenset({inner.attr}), node, f"{ast.unparse(node)} = …")
        return
    owner = owner_of(inner, scope)
    if owner is not None and node.attr != "__dict__":
        names = None if node.attr in _ANYTHING else frozenset({node.attr})
        written = ast.unparse(node)
        yield Patch(owner, names, node, f"del {written}" if deletes else f"{written} = …", deletes)


def _call(node: ast.Call, scope: Scope) -> Iterator[Patch]:
    function, arguments = node.func, node.args
    if any(isinstance(argument, ast.Starred) for argument in arguments):
        return
    if dotted(function) in _SETTERS and len(arguments) > 1:
        name = dotted(function)[-1]
        owner = owner_of(arguments[0], scope)
        shown = f"{name}({ast.unparse(arguments[0])}, …)"
        if owner is not None:
            yield Patch(owner, names_of(arguments[1], scope), node, shown, name == "delattr")
    elif isinstance(function, ast.Attribute) and function.attr in _SET_METHODS:
        yield from _set_method(node, function, scope)
    elif isinstance(function, ast.Attribute) and function.attr in {"update", "setdefault", "__setitem__"}:
        owner = _dictionary(function.value, scope)
        shown = f"{ast.unparse(function)}(…)"
        if function.attr == "update":
            yield from _from_dictionary(owner, arguments, node.keywords, node, shown, scope)
        elif owner is not None and arguments:
            yield Patch(owner, names_of(arguments[0], scope), node, shown)


def _set_method(node: ast.Call, function: ast.Attribute, scope: Scope) -> Iterator[Patch]:
    deletes = function.attr == "__delattr__"
    arguments = node.args
    if len(arguments) == (1 if deletes else 2):  # X.__setattr__(name, value)
        is_super = isinstance(function.value, ast.Call) and dotted(function.value.func) == ("super",)
        owner = scope.me if is_super else owner_of(function.value, scope)
        name = arguments[0]
    elif len(arguments) == (2 if deletes else 3):  # object.__setattr__(X, name, value)
        owner, name = owner_of(arguments[0], scope), arguments[1]
    else:
        return
    if owner is not None:
        yield Patch(owner, names_of(name, scope), node, f"{ast.unparse(function)}(…)", deletes)


def _dictionary(node: ast.expr, scope: Scope, depth: int = 0) -> Owner | None:
    """Return whose attributes a dictionary holds: ``X.__dict__`` or ``vars(X)`` of an object."""
    owner = None
    if isinstance(node, ast.Attribute) and node.attr == "__dict__":
        owner = owner_of(node.value, scope)
    elif isinstance(node, ast.Call) and dotted(node.func) == ("vars",) and len(node.args) == 1:
        owner = owner_of(node.args[0], scope)
    elif isinstance(node, ast.Name) and depth == 0:
        found = scope.find(node.id)
        if found is not None and len(found[0]) == 1 and (value := found[0][0].value) is not None:
            return _dictionary(value, found[1], 1)
    return owner if owner is not None and owner.is_object else None  # that of a class cannot be written


def _from_dictionary(
    owner: Owner | None,
    values: list[ast.expr],
    keywords: list[ast.keyword] | tuple[()],
    node: ast.expr,
    shown: str,
    scope: Scope,
) -> Iterator[Patch]:
    if owner is None:
        return
    known = {keyword.arg for keyword in keywords if keyword.arg}
    is_open = any(keyword.arg is None for keyword in keywords)
    for value in values:
        keys = value.keys if isinstance(value, ast.Dict) else [None]
        found = [names_of(key, scope) if key is not None else None for key in keys]
        known.update(name for names in found if names is not None for name in names)
        is_open = is_open or None in found
    if known:
        yield Patch(owner, frozenset(known), node, shown)
    if is_open:
        yield Patch(owner, None, node, shown)

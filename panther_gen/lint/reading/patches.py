"""Every place in a module that sets or deletes an attribute of a class, or of an object of one, from outside.

That is each form that Python has for it: a plain assignment, ``setattr``, ``__setattr__``, ``__dict__``,
``vars``, another ``__class__``. ``unittest.mock.patch`` and ``monkeypatch`` are none: they undo what they do.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from panther_gen.lint.reading.callees import Callee, callee
from panther_gen.lint.reading.dictionaries import from_call, from_item, from_values, kept
from panther_gen.lint.reading.executed import executed
from panther_gen.lint.reading.owners import arguments_of, names_of, owner_of
from panther_gen.lint.reading.scopes import Owner, Scope, scope_of

__all__ = ["Patch", "patches_in", "patches_of", "unplaced", "visit"]

_SETTERS = {"setattr", "delattr"}
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
        owner: whose attribute it is; None: nothing is known of that.
        names: what it may be called; None: that is computed, it may be any.
        node: where it is.
        shown: how it is written, in short.
        deletes: the attribute is deleted.
        object: the expression whose attribute it is, where nothing else is known of it.
    """

    owner: Owner | None
    names: frozenset[str] | None
    node: ast.expr
    shown: str
    deletes: bool = False
    object: ast.expr | None = None


@lru_cache(maxsize=8)
def patches_in(tree: ast.Module) -> tuple[Patch, ...]:
    """Return the patches in a module, in the order of the source."""
    found = patches_of(tree.body, scope_of(tree, None))
    return tuple(sorted(found, key=lambda patch: (patch.node.lineno, patch.node.col_offset)))


def patches_of(nodes: Sequence[ast.AST], scope: Scope) -> Iterator[Patch]:
    """Yield the patches in some nodes of a scope."""
    for node, around in visit(nodes, scope):
        yield from _patches(node, around)
        if isinstance(node, ast.Call) and (text := executed(node, around)):
            for inner, where in visit(text.body, around):
                yield from (replace(patch, node=node) for patch in _patches(inner, where))


def visit(nodes: Sequence[ast.AST], scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
    """Yield nodes and all that is in them, each with its scope."""
    stack = [(node, scope) for node in nodes]
    while stack:
        node, around = stack.pop()
        yield node, around
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


def unplaced(tree: ast.Module, names: Collection[str], is_known: Callable[[Owner], bool]) -> list[Patch]:
    """Return where one of some attributes may be set on an object of which nothing is known.

    Args:
        tree: of a module.
        names: of the attributes.
        is_known: tells whether what an expression stands for is known.
    """
    return [
        patch
        for patch in patches_in(tree)
        if not patch.deletes
        and not (patch.owner is not None and is_known(patch.owner))
        and (_may_be_any(patch) if patch.names is None else not patch.names.isdisjoint(names))
    ]


def _may_be_any(patch: Patch) -> bool:
    """Tell whether both the attribute and the object are computed, the latter not as a part of another."""
    return not isinstance(patch.object, (ast.Attribute, ast.Subscript))


def _patches(node: ast.AST, scope: Scope) -> Iterator[Patch]:
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, (ast.Store, ast.Del)):
        yield from _attribute(node, scope)
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        if (found := from_item(node, scope)) is not None:
            yield Patch(*found, node, f"{ast.unparse(node.value)}[…] = …")
    elif isinstance(node, ast.Call):
        yield from _call(node, scope)
    elif isinstance(node, (ast.Assign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == "__dict__":
                found_in = from_values(target, [node.value], [], scope)
                yield from (Patch(*one, target, f"{ast.unparse(target)} = …") for one in found_in)
    if isinstance(node, (ast.List, ast.Set, ast.Dict, ast.Assign)):
        place = node.value if isinstance(node, ast.Assign) else node
        yield from (Patch(*one, place, ast.unparse(place)) for one in kept(node, scope))


def _attribute(node: ast.Attribute, scope: Scope) -> Iterator[Patch]:
    deletes = isinstance(node.ctx, ast.Del)
    inner = node.value
    if node.attr == "__code__":
        if isinstance(inner, ast.Attribute):
            owner = owner_of(inner.value, scope)
            shown = f"{ast.unparse(node)} = …"
            yield Patch(owner, frozenset({inner.attr}), node, shown, object=inner.value)
        return
    if node.attr == "__dict__":
        return
    owner = owner_of(inner, scope)
    names = None if node.attr in _ANYTHING and owner is not None else frozenset({node.attr})
    written = ast.unparse(node)
    yield Patch(owner, names, node, f"del {written}" if deletes else f"{written} = …", deletes, inner)


def _call(node: ast.Call, scope: Scope) -> Iterator[Patch]:
    what = callee(node.func, scope)
    if what.name in _SETTERS:
        yield from _setter(node, what, scope)
    elif what.method is not None and what.method.attr in _SET_METHODS:
        yield from _set_method(node, what.method, what.scope, scope)
    else:
        shown = f"{ast.unparse(node.func)}(…)"
        yield from (Patch(*found, node, shown) for found in from_call(node, what, scope))


def _setter(node: ast.Call, what: Callee, scope: Scope) -> Iterator[Patch]:
    """Yield what ``setattr`` or ``delattr`` sets; either may get its arguments from a list."""
    arguments, is_all = arguments_of(node, scope)
    if is_all and len(arguments) < len(("object", "name")):
        return
    owner = owner_of(arguments[0], scope) if arguments else None
    names = names_of(arguments[1], scope) if len(arguments) > 1 else None
    shown = f"{ast.unparse(node.func)}({ast.unparse(node.args[0])}, …)"
    inner = arguments[0] if arguments else None
    yield Patch(owner, names, node, shown, what.name == "delattr", inner)


def _set_method(node: ast.Call, method: ast.Attribute, where: Scope, scope: Scope) -> Iterator[Patch]:
    """Yield what ``X.__setattr__(…)`` sets; ``where`` is the scope of the method's expression."""
    deletes = method.attr == "__delattr__"
    arguments, is_all = arguments_of(node, scope)
    bound = 1 if deletes else 2
    shown = f"{ast.unparse(node.func)}(…)"
    if not is_all:
        yield Patch(_holder(method, where) or scope.me, None, node, shown, deletes)
    elif len(arguments) == bound:  # X.__setattr__(name, value)
        yield Patch(_holder(method, where), names_of(arguments[0], scope), node, shown, deletes, method.value)
    elif len(arguments) == bound + 1:  # object.__setattr__(X, name, value)
        owner = owner_of(arguments[0], scope)
        yield Patch(owner, names_of(arguments[1], scope), node, shown, deletes, arguments[0])


def _holder(method: ast.Attribute, scope: Scope) -> Owner | None:
    """Return whose method a bound ``__setattr__`` is."""
    value = method.value
    is_super = isinstance(value, ast.Call) and callee(value.func, scope).name == "super"
    return scope.me if is_super else owner_of(value, scope)

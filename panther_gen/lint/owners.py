"""What an expression in a module stands for, as far as assigning to its attributes goes.

A second look, with ``ast``: names are followed through the functions around them to a class of the module,
to a name that the module resolves, or to an object of either. What is bound in two ways stands for nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from panther_gen.lint.ast_values import dotted, target_names
from panther_gen.lint.summary import ImportTarget

__all__ = ["Bound", "Owner", "Scope", "names_of", "owner_of", "scope_of"]

_BINDS_CLASS = {"__init_subclass__", "__class_getitem__", "__new__"}
_DEPTH = 12
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SCOPES = (*_FUNCTIONS, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Owner:
    """A class, or an object of it.

    Attributes:
        is_object: an object of the class, not the class.
        node: the class statement, where it is known.
        parts: else the dotted name that the module gives the class.
        target: what is imported under the first of the parts, inside of a function.
    """

    is_object: bool
    node: ast.ClassDef | None = None
    parts: tuple[str, ...] = ()
    target: ImportTarget | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """One binding of a name: to an owner, a value, each element of one, or something unknown."""

    owner: Owner | None = None
    value: ast.expr | None = None
    each: ast.expr | None = None
    index: int = -1


@dataclass(eq=False, slots=True)
class Scope:
    """A module, class body or function: what its names are bound to, and what it calls by name."""

    kind: Literal["module", "class", "function"]
    parent: Scope | None
    names: dict[str, list[Bound]] = field(default_factory=dict)
    node: ast.ClassDef | None = None
    me: Owner | None = None
    calls: dict[str, list[ast.Call]] = field(default_factory=dict)

    def find(self, name: str) -> tuple[list[Bound], Scope] | None:
        """Return the bindings of a name, and the scope that has them."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names and (scope is self or scope.kind != "class"):
                return scope.names[name], scope
            scope = scope.parent
        return None


def scope_of(node: ast.AST, parent: Scope | None) -> Scope:
    """Return the scope that a module, class, function or comprehension opens."""
    if isinstance(node, ast.Module):
        return _filled(Scope("module", None), node.body)
    if isinstance(node, ast.ClassDef):
        return _filled(Scope("class", parent, node=node), node.body)
    scope = Scope("function", parent, me=parent.me if parent is not None else None)
    if isinstance(node, _FUNCTIONS):
        _bind_parameters(scope, node)
        return scope if isinstance(node, ast.Lambda) else _filled(scope, node.body)
    for generator in getattr(node, "generators", ()):
        _bind_each(scope, generator.target, generator.iter)
    return scope


def _filled(scope: Scope, body: list[ast.stmt]) -> Scope:
    outer: set[str] = set()
    for node in _own_nodes(body):
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            outer.update(node.names)
        for name, bound in _bindings(node):
            scope.names.setdefault(name, []).append(bound)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            scope.calls.setdefault(node.func.id, []).append(node)
    for name in outer:
        scope.names.pop(name, None)
    return scope


def _own_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield what is in a body, but not what is in the functions and classes in it."""
    stack: list[ast.AST] = list(reversed(body))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _SCOPES):
            stack.extend(reversed(list(ast.iter_child_nodes(node))))


def _bindings(node: ast.AST) -> Iterator[tuple[str, Bound]]:
    if isinstance(node, ast.ClassDef):
        yield node.name, Bound(Owner(is_object=False, node=node))
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node.name, Bound()
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _assigned(target, node.value)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
        if node.value is not None:
            yield from _assigned(node.target, node.value)
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        yield from _each(node.target, node.iter)
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from _imported(node)
    elif isinstance(node, ast.AugAssign):
        yield from ((name.id, Bound()) for name in target_names(node.target))
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield from ((name.id, Bound()) for name in target_names(node.optional_vars))
    elif isinstance(node, (ast.MatchAs, ast.MatchStar, ast.ExceptHandler)) and node.name:
        yield node.name, Bound()


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, Bound]]:
    if isinstance(target, ast.Name):
        yield target.id, Bound(value=value)
    else:
        yield from ((name.id, Bound()) for name in target_names(target))


def _each(target: ast.expr, iterable: ast.expr) -> Iterator[tuple[str, Bound]]:
    if isinstance(target, ast.Name):
        yield target.id, Bound(each=iterable)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for index, element in enumerate(target.elts):
            for name in target_names(element):
                is_plain = isinstance(element, ast.Name)
                yield name.id, Bound(each=iterable, index=index) if is_plain else Bound()


def _bind_each(scope: Scope, target: ast.expr, iterable: ast.expr) -> None:
    for name, bound in _each(target, iterable):
        scope.names.setdefault(name, []).append(bound)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Bound]]:
    for alias in node.names:
        name = alias.asname or alias.name.partition(".")[0]
        if isinstance(node, ast.ImportFrom):
            target = ImportTarget(node.module or "", alias.name, node.level)
        else:
            target = ImportTarget(alias.name if alias.asname else name)
        yield name, Bound(Owner(is_object=False, parts=(name,), target=target))


def _bind_parameters(scope: Scope, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    for index, one in enumerate(every):
        scope.names[one.arg] = _given(node, index, scope.parent) or [Bound(_annotated(one, scope))]
    for star in (arguments.vararg, arguments.kwarg):
        if star is not None:
            scope.names[star.arg] = [Bound()]
    around = scope.parent
    if around is not None and around.kind == "class" and around.node is not None:
        scope.me = _first_parameter(node, around.node)
        if every and scope.me is not None:
            scope.names[every[0].arg] = [Bound(scope.me)]


def _given(node: ast.AST, index: int, module: Scope | None) -> list[Bound]:
    """Return what the module's own statements call a function of the module with, in that place."""
    if module is None or module.kind != "module" or not isinstance(node, ast.FunctionDef):
        return []
    calls = module.calls.get(node.name, ())
    owners = [owner_of(call.args[index], module) if index < len(call.args) else None for call in calls]
    return [Bound(owner) for owner in owners]


def _first_parameter(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, klass: ast.ClassDef
) -> Owner | None:
    decorators = () if isinstance(node, ast.Lambda) else node.decorator_list
    names = {dotted(one)[-1:] for one in decorators}
    if ("staticmethod",) in names:
        return None
    is_class = ("classmethod",) in names or getattr(node, "name", "") in _BINDS_CLASS
    return Owner(is_object=not is_class, node=klass)


def _annotated(parameter: ast.arg, scope: Scope) -> Owner | None:
    annotation = parameter.annotation
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        parts = tuple(annotation.value.split("."))
        annotation = ast.Name(parts[0]) if len(parts) == 1 and parts[0].isidentifier() else None
    if annotation is None or scope.parent is None or not isinstance(annotation, (ast.Name, ast.Attribute)):
        return None
    owner = owner_of(annotation, scope.parent)
    return replace(owner, is_object=True) if owner is not None and not owner.is_object else None


def owner_of(node: ast.expr, scope: Scope, depth: int = 0) -> Owner | None:
    """Return what an expression stands for; None if that is no class, or not known."""
    if depth > _DEPTH:
        return None
    if isinstance(node, ast.Name):
        return _named(node.id, scope, depth)
    if isinstance(node, ast.NamedExpr):
        return owner_of(node.value, scope, depth + 1)
    if isinstance(node, ast.Attribute):
        return _attribute(node, scope, depth)
    if isinstance(node, ast.Call):
        return _called(node, scope, depth)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        whole = isinstance(node.value, ast.Call) and dotted(node.value.func) == ("globals",)
        return Owner(is_object=False, parts=(str(node.slice.value),)) if whole else None
    return None


def _named(name: str, scope: Scope, depth: int) -> Owner | None:
    found = scope.find(name)
    if found is None:
        return Owner(is_object=False, parts=(name,))
    bounds, where = found
    owners = {_bound(bound, where, depth) for bound in bounds}
    owner = owners.pop() if len(owners) == 1 else None
    if where.kind == "module" and not (owner is not None and owner.is_object):
        return Owner(is_object=False, parts=(name,))  # the module resolves it, also if it is bound twice
    return owner


def _bound(bound: Bound, scope: Scope, depth: int) -> Owner | None:
    if bound.value is not None:
        return owner_of(bound.value, scope, depth + 1)
    return bound.owner


def _attribute(node: ast.Attribute, scope: Scope, depth: int) -> Owner | None:
    owner = owner_of(node.value, scope, depth + 1)
    if owner is None:
        return None
    if node.attr == "__class__" and owner.is_object:
        return replace(owner, is_object=False)
    if owner.is_object or not owner.parts:
        return None
    return replace(owner, parts=(*owner.parts, node.attr))


def _called(node: ast.Call, scope: Scope, depth: int) -> Owner | None:
    parts = dotted(node.func)
    first = node.args[0] if node.args else None
    if parts in {("type",), ("builtins", "type")}:
        owner = owner_of(first, scope, depth + 1) if first is not None and len(node.args) == 1 else None
        return replace(owner, is_object=False) if owner is not None and owner.is_object else None
    if isinstance(node.func, ast.Attribute) and node.func.attr == "__new__" and first is not None:
        owner = owner_of(first, scope, depth + 1)
    else:
        owner = owner_of(node.func, scope, depth + 1)
    return replace(owner, is_object=True) if owner is not None and not owner.is_object else None


def names_of(node: ast.expr, scope: Scope, depth: int = 0) -> frozenset[str] | None:
    """Return every text that an expression may be; None if it is computed."""
    if isinstance(node, ast.Constant):
        return frozenset({node.value}) if isinstance(node.value, str) else None
    if depth > _DEPTH:
        return None
    if isinstance(node, ast.IfExp):
        return _union(names_of(one, scope, depth + 1) for one in (node.body, node.orelse))
    found = scope.find(node.id) if isinstance(node, ast.Name) else None
    if found is None:
        return None
    return _union(_texts(bound, found[1], depth) for bound in found[0])


def _texts(bound: Bound, scope: Scope, depth: int) -> frozenset[str] | None:
    if bound.value is not None:
        return names_of(bound.value, scope, depth + 1)
    elements = _elements(bound.each, scope, depth) if bound.each is not None else None
    if elements is None:
        return None
    if bound.index >= 0:
        pairs = [
            one for one in elements if isinstance(one, (ast.Tuple, ast.List)) and len(one.elts) > bound.index
        ]
        elements = [one.elts[bound.index] for one in pairs] if len(pairs) == len(elements) else None
    return _union(names_of(one, scope, depth + 1) for one in elements) if elements is not None else None


def _elements(node: ast.expr, scope: Scope, depth: int) -> list[ast.expr] | None:
    """Return what iterating over an expression gives; None if it is computed."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return list(node.elts)
    if isinstance(node, ast.Dict) and None not in node.keys:
        return [key for key in node.keys if key is not None]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "items":
        held = node.func.value
        if isinstance(held, ast.Dict) and None not in held.keys:
            pairs = zip(held.keys, held.values, strict=True)
            return [ast.Tuple([key, value], ast.Load()) for key, value in pairs if key is not None]
    found = scope.find(node.id) if isinstance(node, ast.Name) and depth <= _DEPTH else None
    if found is None or len(found[0]) != 1 or found[0][0].value is None:
        return None
    return _elements(found[0][0].value, found[1], depth + 1)


def _union(found: Iterator[frozenset[str] | None]) -> frozenset[str] | None:
    every = list(found)
    return (
        None if None in every else frozenset(name for names in every if names is not None for name in names)
    )

"""What an expression in a module stands for, as far as assigning to its attributes goes.

Names are followed through the functions around them to a class of the module, to a name that the module
resolves, or to an object of either. What is bound in two ways stands for nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from panther_gen.lint.reading.ast_values import dotted
from panther_gen.lint.reading.callees import callee
from panther_gen.lint.reading.scopes import Bound, Owner, Scope

__all__ = ["arguments_of", "names_of", "owner_of"]

_DEPTH = 12
#: What they return is an object of the same class as the object that they are given.
_SAME = {"copy.copy", "copy.deepcopy", "copy.replace", "dataclasses.replace"}


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
        return _class_around(scope) if name == "__class__" else Owner(is_object=False, parts=(name,))
    bounds, where = found
    owners = {_bound(bound, where, depth) for bound in bounds}
    owner = owners.pop() if len(owners) == 1 else None
    if where.kind == "module" and not (owner is not None and owner.is_object):
        return Owner(is_object=False, parts=(name,))  # the module resolves it, also if it is bound twice
    return owner


def _class_around(scope: Scope) -> Owner | None:
    """Return the class whose body stands around a scope: what ``__class__`` means in a method."""
    around: Scope | None = scope
    while around is not None and not isinstance(around.node, ast.ClassDef):
        around = around.parent
    node = around.node if around is not None else None
    return Owner(is_object=False, node=node) if isinstance(node, ast.ClassDef) else None


def _bound(bound: Bound, scope: Scope, depth: int) -> Owner | None:
    where = bound.scope or scope
    if bound.value is not None:
        return owner_of(bound.value, where, depth + 1)
    return _annotated(bound.annotation, where, depth) if bound.annotation is not None else bound.owner


def _annotated(annotation: ast.expr, scope: Scope, depth: int) -> Owner | None:
    """Return what a parameter is that has an annotation: an object of the class that this names."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        if not annotation.value.isidentifier():
            return None
        annotation = ast.Name(annotation.value)
    if not isinstance(annotation, (ast.Name, ast.Attribute)):
        return None
    owner = owner_of(annotation, scope, depth + 1)
    return replace(owner, is_object=True) if owner is not None and not owner.is_object else None


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
    if first is not None and callee(node.func, scope).name in _SAME:
        return owner_of(first, scope, depth + 1)
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
        return names_of(bound.value, bound.scope or scope, depth + 1)
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
    return _elements(found[0][0].value, found[0][0].scope or found[1], depth + 1)


def arguments_of(call: ast.Call, scope: Scope) -> tuple[list[ast.expr], bool]:
    """Return the positional arguments of a call up to the first unknown one, and whether that is all."""
    found: list[ast.expr] = []
    for argument in call.args:
        if not isinstance(argument, ast.Starred):
            found.append(argument)
            continue
        elements = _elements(argument.value, scope, 0)
        if elements is None or any(isinstance(one, ast.Starred) for one in elements):
            return found, False
        found += elements
    return found, True


def _union(found: Iterator[frozenset[str] | None]) -> frozenset[str] | None:
    every = list(found)
    return (
        None if None in every else frozenset(name for names in every if names is not None for name in names)
    )

"""What a call calls, under any name that a scope has for it: ``s = setattr``."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass

from panther_gen.lint.reading.scopes import Bound, Scope

__all__ = ["Callee", "callee", "is_alias"]

_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Callee:
    """What is called.

    Attributes:
        name: its dotted name, without ``builtins``, if it is a builtin or imported; else empty.
        node: the expression that says so, other names for it undone.
        scope: where that expression stands.
    """

    name: str
    node: ast.expr
    scope: Scope

    @property
    def method(self) -> ast.Attribute | None:
        """The expression if it takes an attribute of another one."""
        return self.node if isinstance(self.node, ast.Attribute) else None


def callee(node: ast.expr, scope: Scope, depth: int = 0) -> Callee:
    """Return what an expression stands for that is called."""
    node = _written_out(node, scope)
    if isinstance(node, ast.Name) and depth < _DEPTH:
        found = scope.find(node.id)
        if found is None:
            return Callee(node.id if hasattr(builtins, node.id) else "", node, scope)
        return _bound(node, *found, depth)
    if isinstance(node, ast.Attribute):
        owner = callee(node.value, scope, depth + 1) if isinstance(node.value, ast.Name) else None
        name = f"{owner.name}.{node.attr}".removeprefix("builtins.") if owner and owner.name else ""
        return Callee(name, node, scope)
    return Callee("", node, scope)


def is_alias(node: ast.expr | None) -> bool:
    """Tell whether an expression that a name is bound to only gives something another name."""
    return isinstance(node, (ast.Name, ast.Attribute, ast.Call))


def _bound(node: ast.Name, bounds: list[Bound], where: Scope, depth: int) -> Callee:
    """Return what a name is bound to; where that is several things, the first that is known."""
    for bound in bounds:
        target = bound.owner.target if bound.owner is not None else None
        if target is not None and not target.level:
            name = ".".join(filter(None, [target.module, target.name])).removeprefix("builtins.")
            return Callee(name, node, where)
        if bound.value is not None and is_alias(bound.value):
            found = callee(bound.value, bound.scope or where, depth + 1)
            if found.name or found.method is not None:
                return found
    return Callee("", node, where)


def _written_out(node: ast.expr, scope: Scope) -> ast.expr:
    """Return ``x.name`` for ``getattr(x, "name")``."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) > 1):
        return node
    name = node.args[1]
    is_getattr = node.func.id == "getattr" and scope.find("getattr") is None
    if not is_getattr or not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        return node
    return ast.copy_location(ast.Attribute(node.args[0], name.value, ast.Load()), node)

"""Texts that a module executes, and functions that set anything, where they are handed on."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from panther_gen.lint.reading.ast_values import dotted
from panther_gen.lint.reading.callees import callee
from panther_gen.lint.reading.scopes import Scope

__all__ = ["executed", "handed_on", "unread_text"]

_EXECUTE = {"exec", "eval"}
_BY_NAME = {("exec",), ("eval",), ("builtins", "exec"), ("builtins", "eval")}
_SETTING = {"setattr", "delattr", "__setattr__", "__delattr__"}


def executed(node: ast.Call, scope: Scope) -> ast.Module | None:
    """Return the literal text that a call executes; None if it executes none, or one that is computed."""
    text = node.args[0] if node.args and callee(node.func, scope).name in _EXECUTE else None
    if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
        return None
    try:
        return ast.parse(text.value)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def unread_text(node: ast.AST, scope: Scope, seen: Collection[ast.AST | None]) -> str:
    """Return the function by which a call executes a text that is computed; empty if it does not.

    Args:
        node: any node.
        scope: where it stands.
        seen: the classes whose own bodies are looked at elsewhere.
    """
    if not isinstance(node, ast.Call) or not node.args or isinstance(node.args[0], ast.Constant):
        return ""
    if scope.kind == "class" and scope.node in seen and dotted(node.func) in _BY_NAME:
        return ""
    name = callee(node.func, scope).name
    return name if name in _EXECUTE else ""


def handed_on(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.expr, str]]:
    """Yield the functions that a node hands on which set any attribute, or execute any text.

    A name for one, ``s = setattr``, is read; one that stands in a call, a list or a condition is not.
    """
    if isinstance(node, (ast.Compare, ast.Expr)) or _is_name_for_it(node, scope):
        return
    called = node.func if isinstance(node, ast.Call) else None
    for child in ast.iter_child_nodes(node):
        value = child.value if isinstance(child, (ast.keyword, ast.Starred)) else child
        if value is called or not isinstance(value, (ast.Name, ast.Attribute)):
            continue
        if not isinstance(value.ctx, ast.Load) or (isinstance(node, ast.Attribute) and value is node.value):
            continue
        if name := _sets(value, scope):
            yield value, name


def _is_name_for_it(node: ast.AST, scope: Scope) -> bool:
    """Tell whether a node gives its value a name that is read where it is called."""
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
        targets = [node.target]
    else:
        return False
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    if len(names) < len(targets):
        return False
    return scope.kind != "class" or set(names) <= {"__setattr__", "__delattr__"}


def _sets(node: ast.Name | ast.Attribute, scope: Scope) -> str:
    """Return which of those functions an expression is; empty if it is none."""
    if isinstance(node, ast.Attribute) and node.attr in _SETTING:
        return node.attr
    name = callee(node, scope).name
    return name if name in _EXECUTE | {"setattr", "delattr"} else ""

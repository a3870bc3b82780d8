"""Whether a method calls the one that it overrides, in any of the ways that Python has for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import class_node
from panther_gen.lint.classes.names import Class, Unknown
from panther_gen.lint.reading.ast_values import dotted, text_of

__all__ = ["calls_base", "definitions_of", "yields"]

Function = ast.FunctionDef | ast.AsyncFunctionDef

_NEEDS_NONE = {"abstractmethod", "overload"}


def definitions_of(view: ClassView, name: str) -> Iterator[Function]:
    """Yield the definitions of a method in a class's body, those under a condition and by a lambda too."""
    node = class_node(view)
    stack: list[ast.AST] = list(node.body) if node is not None else []
    while stack:
        found = stack.pop()
        if isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if found.name == name:
                yield found
        elif not isinstance(found, (ast.ClassDef, ast.Lambda)):
            if isinstance(found, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
                yield from _from_lambda(found, name)
            stack.extend(ast.iter_child_nodes(found))


def _from_lambda(node: ast.Assign | ast.AnnAssign | ast.NamedExpr, name: str) -> Iterator[Function]:
    """Yield the function that a lambda is which is bound to a name."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        if isinstance(target, ast.Name) and target.id == name and isinstance(node.value, ast.Lambda):
            body: list[ast.stmt] = [ast.copy_location(ast.Return(node.value.body), target)]
            function = ast.FunctionDef(name, node.value.args, body, [])
            yield ast.copy_location(function, target)


def yields(function: Function) -> bool:
    """Tell whether calling a function makes a generator."""
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            stack.extend(ast.iter_child_nodes(node))
    return False


def calls_base(view: ClassView, function: Function, name: str) -> bool:
    """Tell whether a method calls the base's ``name``, or has no need to."""
    marks = {dotted(one)[-1] for one in function.decorator_list if dotted(one)}
    if marks & _NEEDS_NONE or _only_raises(function) or _mentions_base(view, function, name):
        return True
    helpers = (one for called in _own_calls(function) for one in definitions_of(view, called))
    return any(_mentions_base(view, helper, name) for helper in helpers)


def _only_raises(function: Function) -> bool:
    body = [
        one
        for one in function.body
        if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
    ]
    return len(body) == 1 and isinstance(body[0], ast.Raise)


def _mentions_base(view: ClassView, function: Function, name: str) -> bool:
    parents = _parents(function)
    return any(
        (
            isinstance(node, ast.Attribute)
            and node.attr == name
            and _is_base(view, node.value, function, parents)
        )
        or (isinstance(node, ast.Call) and _is_getattr_of_super(node, name))
        for node in ast.walk(function)
    )


def _parents(function: Function) -> set[str]:
    """Return the names that hold ``super()``."""
    assigned = (node for node in ast.walk(function) if isinstance(node, ast.Assign) and _is_super(node.value))
    return {target.id for node in assigned for target in node.targets if isinstance(target, ast.Name)}


def _is_base(view: ClassView, node: ast.expr, function: Function, parents: set[str]) -> bool:
    """Tell whether an expression is ``super()`` or a base class; one that cannot be told counts as one."""
    if _is_super(node):
        return True
    parts = dotted(node)
    if not parts:
        return not isinstance(node, ast.Constant)
    if parts[0] in parents or any(part.startswith("__") for part in parts[1:]):
        return True  # self.__class__.__base__
    if parts[0] in {one.arg for one in [*function.args.posonlyargs, *function.args.args][:1]}:
        return False
    targets = view.meant_inside(parts)
    bases = {view.view_of(target) for target in targets if isinstance(target, Class)}
    return not bases.isdisjoint(view.mro[1:]) or any(isinstance(target, Unknown) for target in targets)


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func) in {("super",), ("builtins", "super")}


def _is_getattr_of_super(node: ast.Call, name: str) -> bool:
    return (
        dotted(node.func) == ("getattr",)
        and len(node.args) > 1
        and (_is_super(node.args[0]) and text_of(node.args[1]) == name)
    )


def _own_calls(function: Function) -> set[str]:
    """Return the names of the methods that are called on the first parameter."""
    first = {one.arg for one in [*function.args.posonlyargs, *function.args.args][:1]}
    calls = (dotted(node.func) for node in ast.walk(function) if isinstance(node, ast.Call))
    return {parts[1] for parts in calls if len(parts) == 2 and parts[0] in first}

"""Whether a function hands back the class that it is given as it was, as far as its source tells plainly."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from panther_gen.lint.classes.look import tree_of
from panther_gen.lint.classes.names import Known
from panther_gen.lint.reading.ast_values import dotted

__all__ = ["Function", "function_node", "is_transparent", "mentions"]

Function = ast.FunctionDef | ast.AsyncFunctionDef

#: Functions that change nothing that they are given, and methods that keep it as it is.
_READ = {
    "callable",
    "getattr",
    "hasattr",
    "id",
    "isinstance",
    "issubclass",
    "len",
    "print",
    "repr",
    "str",
    "type",
}
_KEEP = {"add", "append", "insert", "setdefault", "debug", "info", "warning"}


def function_node(target: Known) -> Function | None:
    """Return the definition of a function of the tree; None if it cannot be looked at."""
    tree = tree_of(target.module) if target.module is not None else None
    if tree is None or target.module is None:
        return None
    line = target.module.summary.spans[target.site].line
    name = target.dotted.rpartition(".")[2]
    nodes = (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    named = (node for node in nodes if node.name == name)
    return next((node for node in named if node.lineno <= line <= node.body[0].lineno), None)


def is_transparent(function: Function, *, called: bool) -> bool:
    """Tell whether a decorator plainly returns its argument, and changes nothing of it.

    Args:
        function: the decorator.
        called: it is called first, ``@register("x")``, and what it returns is the decorator.
    """
    if function.decorator_list or isinstance(function, ast.AsyncFunctionDef):
        return False
    if not called:
        return _hands_back(function)
    inner = {node.name: node for node in function.body if isinstance(node, ast.FunctionDef)}
    returns = list(_returns(function))
    names = [node.value.id for node in returns if isinstance(node.value, ast.Name)]
    return (
        bool(returns)
        and len(names) == len(returns)
        and all(name in inner and is_transparent(inner[name], called=False) for name in names)
    )


def mentions(function: Function, index: int) -> bool:
    """Tell whether a function uses one of its positional parameters; also if it has no such one."""
    every = [*function.args.posonlyargs, *function.args.args]
    if index >= len(every):
        return True
    names = (node for node in ast.walk(function) if isinstance(node, ast.Name))
    return any(node.id == every[index].arg for node in names)


def _hands_back(function: Function) -> bool:
    every = [*function.args.posonlyargs, *function.args.args]
    if len(every) != 1:
        return False
    name = every[0].arg
    returns = list(_returns(function))
    if not returns or not all(isinstance(one.value, ast.Name) and one.value.id == name for one in returns):
        return False
    if isinstance(function.body[-1], ast.Return) is False:  # it may end without returning the class
        return False
    parents = {id(child): node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
    used = (node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name)
    return all(_is_harmless(node, parents) for node in used)


def _returns(function: Function) -> Iterator[ast.Return]:
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Return):
            yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            stack.extend(ast.iter_child_nodes(node))


def _is_harmless(node: ast.Name, parents: dict[int, ast.AST]) -> bool:
    """Tell whether a use of the class returns it, reads a plain attribute of it, or keeps it somewhere."""
    parent = parents[id(node)]
    if not isinstance(node.ctx, ast.Load):
        return False
    if isinstance(parent, ast.Attribute):
        above = parents[id(parent)]
        reads = isinstance(parent.ctx, ast.Load) and parent.attr != "__dict__"
        return reads and not (isinstance(above, ast.Call) and above.func is parent)
    if isinstance(parent, ast.Assign):
        return parent.value is node and all(isinstance(target, ast.Subscript) for target in parent.targets)
    if isinstance(parent, ast.Call):
        last = dotted(parent.func)[-1:]
        kept = isinstance(parent.func, ast.Attribute) and last in {(one,) for one in _KEEP}
        read = isinstance(parent.func, ast.Name) and last in {(one,) for one in _READ}
        return parent.func is not node and (kept or read)
    return isinstance(parent, (ast.Return, ast.Subscript, ast.FormattedValue, ast.Compare))

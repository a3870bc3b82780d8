"""Whether a class hands on all of its parameters, or its whole configuration, so that no use can be seen."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import class_node
from panther_gen.lint.reading.ast_values import dotted, text_of

__all__ = ["hands_on_parameters"]

_ONE = {"get", "pop", "setdefault"}
#: It returns every parameter at once.
_EVERY = ("resolve_parameters",)


def hands_on_parameters(view: ClassView) -> bool:
    """Tell whether a method of a class uses its ``**kwargs``, or ``self.config``, other than part by part.

    What ``__init__`` is called with are no parameters of a configuration, and what is passed to the method
    of a base class is looked at there.
    """
    node = class_node(view)
    methods = [one for one in ast.walk(node) if isinstance(one, ast.FunctionDef)] if node is not None else []
    return any(_hands_on(method) for method in methods)


def _hands_on(method: ast.FunctionDef) -> bool:
    parents = {id(child): one for one in ast.walk(method) for child in ast.iter_child_nodes(one)}
    name = method.args.kwarg.arg if method.args.kwarg is not None and method.name != "__init__" else ""
    return any(_is_whole(node, name, parents) for node in _loads(method))


def _loads(method: ast.FunctionDef) -> Iterator[ast.Name | ast.Attribute]:
    for node in ast.walk(method):
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            yield node


def _is_whole(node: ast.Name | ast.Attribute, name: str, parents: dict[int, ast.AST]) -> bool:
    parent = parents[id(node)]
    if isinstance(node, ast.Attribute):
        if node.attr in _EVERY:
            return True
        is_config = node.attr == "config" and isinstance(node.value, ast.Name) and node.value.id == "self"
        return is_config and not (isinstance(parent, ast.Attribute) and not parent.attr.startswith("__"))
    return node.id == name and not _takes_one(node, parent, parents)


def _takes_one(node: ast.Name, parent: ast.AST, parents: dict[int, ast.AST]) -> bool:
    """Tell whether one parameter is taken out, or all go to the method of a base class."""
    around = parents.get(id(parent))
    if isinstance(parent, ast.Attribute):
        if parent.attr not in _ONE or not isinstance(around, ast.Call) or around.func is not parent:
            return False
        return bool(around.args) and text_of(around.args[0]) is not None
    if isinstance(parent, ast.Subscript):
        return parent.value is node and text_of(parent.slice) is not None
    if isinstance(parent, ast.Compare):
        return text_of(parent.left) is not None
    if isinstance(parent, ast.keyword) and parent.arg is None and isinstance(around, ast.Call):
        function = around.func
        owner = function.value if isinstance(function, ast.Attribute) else None
        return isinstance(owner, ast.Call) and dotted(owner.func) == ("super",)
    return False

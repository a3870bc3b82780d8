"""The arguments of ``@register_plugin``, by parameter."""

from __future__ import annotations

import ast
from dataclasses import replace

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import class_node, literal_of, span_of, tree_of
from panther_gen.lint.model import Span
from panther_gen.lint.reading.summary import Argument

__all__ = ["argument_span", "registered"]

_TEXTS = ("plugin_type", "name", "version")
_PARAMETERS = ("plugin_type", "name", "version", "description", "supported_protocols", "capabilities")


def registered(view: ClassView) -> dict[str, Argument]:
    """Return what the class is registered with, by parameter; nothing if it is not registered.

    A name stands for the text that its module assigns to it, if it does so once and literally.
    """
    decorator = view.registration
    if decorator is None:
        return {}
    places = (argument for argument in decorator.arguments if not argument.keyword)
    found = dict(zip(_PARAMETERS, places, strict=False))
    found |= {argument.keyword: argument for argument in decorator.arguments if argument.keyword}
    for name, argument in found.items():
        if name in _TEXTS and argument.text is None and argument.words is None:
            found[name] = replace(argument, text=_constant(view, _values(view).get(name)))
    return found


def argument_span(view: ClassView, name: str) -> Span:
    """Return where an argument's value is; if it is not given, where the decorator's name is."""
    decorator = view.registration
    if decorator is None:
        return view.span(view.summary.site)
    value = _values(view).get(name)
    return view.span(decorator.reference.site) if value is None else span_of(view.module, value)


def _values(view: ClassView) -> dict[str | None, ast.expr]:
    """Return the expressions that the class is registered with, by parameter."""
    decorator, node = view.registration, class_node(view)
    line = view.span(decorator.reference.site).line if decorator is not None else 0
    calls = [one for one in node.decorator_list if isinstance(one, ast.Call)] if node is not None else []
    for call in calls:
        if call.func.lineno == line:
            given: dict[str | None, ast.expr] = dict(zip(_PARAMETERS, call.args, strict=False))
            return given | {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    return {}


def _constant(view: ClassView, value: ast.expr | None) -> str | None:
    """Return the text of a name that its module binds once, to a literal; None of anything else."""
    tree = tree_of(view.module)
    if not isinstance(value, ast.Name) or tree is None:
        return None
    if len(view.module.summary.scopes[0].bindings.get(value.id, ())) != 1:
        return None
    for statement in tree.body:
        targets = (
            statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        )
        if any(isinstance(target, ast.Name) and target.id == value.id for target in targets):
            return literal_of(getattr(statement, "value", None))
    return None

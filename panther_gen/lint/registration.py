"""The arguments of ``@register_plugin``, by parameter."""

from __future__ import annotations

import ast

from panther_gen.lint.hierarchy import ClassView
from panther_gen.lint.look import class_node, span_of
from panther_gen.lint.model import Span
from panther_gen.lint.summary import Argument

__all__ = ["argument_span", "registered"]

_PARAMETERS = ("plugin_type", "name", "version", "description", "supported_protocols", "capabilities")


def registered(view: ClassView) -> dict[str, Argument]:
    """Return what the class is registered with, by parameter; nothing if it is not registered."""
    decorator = view.registration
    if decorator is None:
        return {}
    places = (argument for argument in decorator.arguments if not argument.keyword)
    found = dict(zip(_PARAMETERS, places, strict=False))
    return found | {argument.keyword: argument for argument in decorator.arguments if argument.keyword}


def argument_span(view: ClassView, name: str) -> Span:
    """Return where an argument's value is; if it is not given, where the decorator's name is."""
    decorator, node = view.registration, class_node(view)
    if decorator is None:
        return view.span(view.summary.site)
    fallback = view.span(decorator.reference.site)
    calls = [one for one in node.decorator_list if isinstance(one, ast.Call)] if node is not None else []
    for call in calls:
        if call.func.lineno == fallback.line:
            given = dict(zip(_PARAMETERS, call.args, strict=False))
            given.update({keyword.arg: keyword.value for keyword in call.keywords if keyword.arg})
            return span_of(view.module, given[name]) if name in given else fallback
    return fallback

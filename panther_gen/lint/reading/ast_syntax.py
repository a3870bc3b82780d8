"""The expressions of ``ast``, in the words that the shared part of the readers uses."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from panther_gen.lint.reading.ast_values import (
    decorators_of,
    dotted,
    is_constant,
    reference,
    signature_of,
    text_of,
)
from panther_gen.lint.reading.builder import SummaryBuilder
from panther_gen.lint.reading.summary import Decorator, Reference
from panther_gen.lint.reading.syntax import Call

__all__ = ["AstSyntax"]

_DISPLAYS = (ast.Tuple, ast.List, ast.Set)
_DEFERRED = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class AstSyntax:
    """See :class:`panther_gen.lint.reading.syntax.Syntax`.

    Args:
        builder: numbers the places of references.
    """

    def __init__(self, builder: SummaryBuilder) -> None:
        self._builder = builder

    def call(self, node: Any) -> Call | None:
        """Return what a call calls, and with what."""
        if not isinstance(node, ast.Call):
            return None
        keywords = tuple((keyword.arg or "", keyword.value, keyword.lineno) for keyword in node.keywords)
        unpacks = any(isinstance(argument, ast.Starred) for argument in node.args)
        return Call(node.func, tuple(node.args), keywords, unpacks)

    def dotted(self, node: Any) -> tuple[str, ...]:
        """Return a dotted name; empty if it is anything else."""
        return dotted(node)

    def text(self, node: Any) -> str | None:
        """Return literal text."""
        return text_of(node)

    def elements(self, node: Any) -> list[Any] | None:
        """Return the elements of a tuple, list or set."""
        return list(node.elts) if isinstance(node, _DISPLAYS) else None

    def entries(self, node: Any) -> list[tuple[Any, Any]] | None:
        """Return the keys and values of a dictionary."""
        return list(zip(node.keys, node.values, strict=True)) if isinstance(node, ast.Dict) else None

    def attribute(self, node: Any) -> tuple[Any, str] | None:
        """Return what an attribute is taken from, and its name."""
        return (node.value, node.attr) if isinstance(node, ast.Attribute) else None

    def item(self, node: Any) -> tuple[Any, Any] | None:
        """Return what is subscripted, and the subscript."""
        return (node.value, node.slice) if isinstance(node, ast.Subscript) else None

    def function(self, node: Any) -> tuple[tuple[str, ...], Any] | None:
        """Return the parameters of a lambda, and its body."""
        if not isinstance(node, ast.Lambda):
            return None
        return tuple(one.name for one in signature_of(node.args).parameters), node.body

    def children(self, node: Any) -> Iterable[Any]:
        """Return the parts of an expression."""
        return ast.iter_child_nodes(node)

    def is_comparison(self, node: Any) -> bool:
        """Tell whether an expression compares."""
        return isinstance(node, ast.Compare)

    def is_deferred(self, node: Any) -> bool:
        """Tell whether an expression has a scope of its own."""
        return isinstance(node, _DEFERRED)

    def evaluated_now(self, node: Any) -> Iterable[Any]:
        """Return the parts of such an expression that are evaluated where it stands all the same."""
        if isinstance(node, ast.Lambda):
            return [*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)]
        return [node.generators[0].iter]

    def facts(self, node: Any) -> dict[str, Any]:
        """Return the facts of a binding to that value."""
        if isinstance(node, ast.Lambda):
            return {"signature": signature_of(node.args)}
        called = dotted(node.func) if isinstance(node, ast.Call) else ()
        return {"alias": dotted(node), "constant": is_constant(node), "called": called}

    def place(self, node: Any) -> Any:
        """Return the line of an expression."""
        return node.lineno

    def reference(self, node: Any) -> Reference:
        """Return an expression as one that names a class."""
        return reference(self._builder, node)

    def decorator(self, node: Any) -> Decorator:
        """Return an expression as a decorator."""
        return decorators_of(self._builder, [node])[0]

"""The expressions of libcst, in the words that the shared part of the readers uses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import libcst as cst

from panther_gen.lint.reading.cst_values import (
    NameSite,
    Token,
    Values,
    defaults_of,
    dotted,
    first_token,
    is_constant,
    signature_of,
    text_of,
)
from panther_gen.lint.reading.summary import Decorator, Reference
from panther_gen.lint.reading.syntax import Call

__all__ = ["CstSyntax"]

_DISPLAYS = (cst.Tuple, cst.List, cst.Set)
_DEFERRED = (cst.Lambda, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


class CstSyntax:
    """See :class:`panther_gen.lint.reading.syntax.Syntax`.

    Args:
        values: makes references.
    """

    def __init__(self, values: Values) -> None:
        self._values = values
        self._latest: Token = cst.Name("_")

    def call(self, node: Any) -> Call | None:
        """Return what a call calls, and with what."""
        if not isinstance(node, cst.Call):
            return None
        arguments = tuple(one.value for one in node.args if one.keyword is None and one.star != "**")
        keywords = tuple(
            (one.keyword.value, one.value, NameSite(one.keyword)) if one.keyword else ("", one.value, None)
            for one in node.args
            if one.keyword is not None or one.star == "**"
        )
        return Call(node.func, arguments, keywords, any(one.star == "*" for one in node.args))

    def dotted(self, node: Any) -> tuple[str, ...]:
        """Return a dotted name; empty if it is anything else."""
        return dotted(node)

    def text(self, node: Any) -> str | None:
        """Return literal text."""
        return text_of(node)

    def elements(self, node: Any) -> list[Any] | None:
        """Return the elements of a tuple, list or set."""
        if not isinstance(node, _DISPLAYS):
            return None
        return [one if isinstance(one, cst.StarredElement) else one.value for one in node.elements]

    def entries(self, node: Any) -> list[tuple[Any, Any]] | None:
        """Return the keys and values of a dictionary."""
        if not isinstance(node, cst.Dict):
            return None
        return [(one.key if isinstance(one, cst.DictElement) else None, one.value) for one in node.elements]

    def attribute(self, node: Any) -> tuple[Any, str] | None:
        """Return what an attribute is taken from, and its name."""
        return (node.value, node.attr.value) if isinstance(node, cst.Attribute) else None

    def item(self, node: Any) -> tuple[Any, Any] | None:
        """Return what is subscripted, and the one subscript."""
        if not isinstance(node, cst.Subscript):
            return None
        inside = node.slice[0].slice
        single = len(node.slice) == 1 and isinstance(inside, cst.Index)
        return node.value, inside.value if single and isinstance(inside, cst.Index) else node

    def function(self, node: Any) -> tuple[tuple[str, ...], Any] | None:
        """Return the parameters of a lambda, and its body."""
        if not isinstance(node, cst.Lambda):
            return None
        return tuple(one.name for one in signature_of(node.params).parameters), node.body

    def children(self, node: Any) -> Iterable[Any]:
        """Return the parts of an expression."""
        children: Iterable[Any] = node.children
        return children

    def is_comparison(self, node: Any) -> bool:
        """Tell whether an expression compares."""
        return isinstance(node, (cst.Comparison, cst.ComparisonTarget))

    def is_deferred(self, node: Any) -> bool:
        """Tell whether an expression has a scope of its own."""
        return isinstance(node, _DEFERRED)

    def evaluated_now(self, node: Any) -> Iterable[Any]:
        """Return the parts of such an expression that are evaluated where it stands all the same."""
        return defaults_of(node.params) if isinstance(node, cst.Lambda) else [node.for_in.iter]

    def facts(self, node: Any) -> dict[str, Any]:
        """Return the facts of a binding to that value."""
        if isinstance(node, cst.Lambda):
            return {"signature": signature_of(node.params)}
        called = dotted(node.func) if isinstance(node, cst.Call) else ()
        return {"alias": dotted(node), "constant": is_constant(node), "called": called}

    def place(self, node: Any) -> Any:
        """Return the first name or literal text in an expression."""
        return NameSite(self._token(node))

    def reference(self, node: Any) -> Reference:
        """Return an expression as one that names a class."""
        star = "*" if isinstance(node, cst.StarredElement) else ""
        inner = node.value if isinstance(node, cst.StarredElement) else node
        return self._values.reference(inner, self._token(inner), star)

    def decorator(self, node: Any) -> Decorator:
        """Return an expression as a decorator."""
        return self._values.decorator(node, self._token(node))

    def _token(self, node: Any) -> Token:
        """Return where an expression is; one without a name or text is where the one before it was."""
        self._latest = first_token(node) or self._latest
        return self._latest

"""What the shared part of the readers asks of an expression, whichever parser made its tree.

Classes that calls make, and class bodies that write to their own namespace, are understood once, in
:mod:`panther_gen.lint.reading.made_classes` and :mod:`panther_gen.lint.reading.class_body`, in these words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from panther_gen.lint.reading.summary import Decorator, Reference

__all__ = ["Call", "Syntax"]


@dataclass(frozen=True, slots=True)
class Call:
    """A call.

    Attributes:
        function: the expression that is called.
        arguments: the positional ones.
        keywords: name, value and place of each; the name of ``**x`` is empty.
        unpacks: one of the positional ones is ``*x``.
    """

    function: Any
    arguments: tuple[Any, ...]
    keywords: tuple[tuple[str, Any, Any], ...]
    unpacks: bool

    def argument(self, index: int, name: str = "") -> Any:
        """Return an argument by place or name; None if it is not given."""
        if index < len(self.arguments):
            return self.arguments[index]
        return next((value for key, value, _ in self.keywords if name and key == name), None)


class Syntax(Protocol):
    """The expressions of one parser. Whatever is not what is asked for gives None."""

    def call(self, node: Any) -> Call | None:
        """Return what a call calls, and with what."""

    def dotted(self, node: Any) -> tuple[str, ...]:
        """Return a dotted name; empty if it is anything else, a subscript too."""

    def text(self, node: Any) -> str | None:
        """Return literal text."""

    def elements(self, node: Any) -> list[Any] | None:
        """Return the elements of a tuple, list or set; an element ``*x`` is no dotted name."""

    def entries(self, node: Any) -> list[tuple[Any, Any]] | None:
        """Return the keys and values of a dictionary; the key of ``**x`` is None."""

    def attribute(self, node: Any) -> tuple[Any, str] | None:
        """Return what an attribute is taken from, and its name."""

    def item(self, node: Any) -> tuple[Any, Any] | None:
        """Return what is subscripted, and the one subscript."""

    def function(self, node: Any) -> tuple[tuple[str, ...], Any] | None:
        """Return the parameters of a lambda, and its body."""

    def children(self, node: Any) -> Iterable[Any]:
        """Return the parts of an expression that are evaluated where it stands."""

    def is_comparison(self, node: Any) -> bool:
        """Tell whether an expression compares."""

    def is_deferred(self, node: Any) -> bool:
        """Tell whether an expression has a scope of its own: a lambda or a comprehension."""

    def evaluated_now(self, node: Any) -> Iterable[Any]:
        """Return the parts of such an expression that are evaluated where it stands all the same."""

    def facts(self, node: Any) -> dict[str, Any]:
        """Return the facts of a binding to that value."""

    def place(self, node: Any) -> Any:
        """Return what the reader takes for the place of an expression."""

    def reference(self, node: Any) -> Reference:
        """Return an expression as one that names a class."""

    def decorator(self, node: Any) -> Decorator:
        """Return an expression as a decorator."""

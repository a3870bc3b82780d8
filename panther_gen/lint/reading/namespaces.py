"""What is bound in a class's namespace by a dictionary, by keywords, or by a function that fills it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from panther_gen.lint.reading.builder import SummaryBuilder
from panther_gen.lint.reading.syntax import Call, Syntax

__all__ = ["Namespaces"]

_READING = {"get", "keys", "items", "values", "copy", "__contains__", "__getitem__"}


class Namespaces:
    """Binds what is written into the namespace of a class.

    Args:
        syntax: of the reader.
        builder: of the reader.
    """

    def __init__(self, syntax: Syntax, builder: SummaryBuilder) -> None:
        self._syntax = syntax
        self._builder = builder

    def bind(self, scope: int, node: Any, how: str, *, conditional: bool) -> None:
        """Bind the entries of a dictionary; of one that is computed, note that they are not known."""
        call = self._syntax.call(node)
        entries = self._syntax.entries(node)
        if entries is not None:
            for key, value in entries:
                if key is None:
                    self.bind(scope, value, how, conditional=conditional)
                else:
                    self.item(scope, key, value, how, conditional=conditional)
        elif call is not None and self._syntax.dotted(call.function) in {("dict",), ("builtins", "dict")}:
            self.update(scope, call, how, conditional=conditional)
        else:
            self._builder.note_opaque(scope, "its namespace is computed", self._syntax.place(node))

    def update(self, scope: int, call: Call, how: str, *, conditional: bool) -> None:
        """Bind what ``dict(…)`` and ``namespace.update(…)`` are called with."""
        for argument in call.arguments:
            self.bind(scope, argument, how, conditional=conditional)
        for name, value, place in call.keywords:
            if name:
                facts = self._syntax.facts(value)
                self._builder.bind(scope, name, how, place, conditional=conditional, **facts)
            else:
                self.bind(scope, value, how, conditional=conditional)

    def item(self, scope: int, key: Any, value: Any, how: str, *, conditional: bool) -> None:
        """Bind one entry; ``value`` is None where it is not known."""
        place = self._syntax.place(key)
        name = self._syntax.text(key)
        if name is None:
            self._builder.note_opaque(scope, "a name in its namespace is computed", place)
        else:
            facts = {} if value is None else self._syntax.facts(value)
            self._builder.bind(scope, name, how, place, conditional=conditional, **facts)

    def call(self, scope: int, method: str, call: Call, how: str, place: Any, *, conditional: bool) -> None:
        """Bind what a method of the namespace, such as ``update``, binds."""
        if method == "update" and not call.unpacks:
            self.update(scope, call, how, conditional=conditional)
        elif method in {"setdefault", "__setitem__"} and call.arguments and not call.unpacks:
            value = call.argument(1)
            self.item(scope, call.arguments[0], value, how, conditional=conditional)
        elif method in {"pop", "__delitem__"} and call.arguments:
            self.item(scope, call.arguments[0], None, "del", conditional=conditional)
        elif method not in _READING:
            self._builder.note_opaque(scope, "its namespace is computed", place)

    def run(self, scope: int, filler: Any) -> None:
        """Bind what the function binds that ``types.new_class`` is given to fill the namespace."""
        found = self._syntax.function(filler)
        steps = self._steps(found[1]) if found is not None else None
        if found is None or steps is None or len(found[0]) != 1:
            place = self._syntax.place(filler)
            self._builder.note_opaque(scope, "a function fills its namespace", place)
            return
        for step in steps:
            self._step(scope, step, found[0][0])

    def _steps(self, body: Any) -> Iterable[Any]:
        elements = self._syntax.elements(body)
        return [body] if elements is None else elements

    def _step(self, scope: int, step: Any, parameter: str) -> None:
        call = self._syntax.call(step)
        attribute = self._syntax.attribute(call.function) if call is not None else None
        place = self._syntax.place(step)
        if call is not None and attribute is not None and self._syntax.dotted(attribute[0]) == (parameter,):
            self.call(scope, attribute[1], call, "namespace entry", place, conditional=False)
        elif not self._syntax.facts(step).get("constant"):
            self._builder.note_opaque(scope, "a function fills its namespace", place)

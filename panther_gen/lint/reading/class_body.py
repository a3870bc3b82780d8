"""What a class's body binds by expressions: ``locals()``, ``vars()``, ``exec``, ``eval``, ``__slots__``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from panther_gen.lint.reading.builder import SummaryBuilder
from panther_gen.lint.reading.namespaces import Namespaces
from panther_gen.lint.reading.syntax import Call, Syntax

__all__ = ["ClassBody", "may_write_namespace"]

_NAMESPACE = {("locals",), ("vars",), ("builtins", "locals"), ("builtins", "vars")}
_EXEC = {(*module, name) for module in ((), ("builtins",)) for name in ("exec", "eval")}
_WORDS = ("locals", "vars", "exec", "eval")
_WORD = re.compile(r"(?<![A-Za-z0-9])(?:f_)?(?:locals|vars|exec|eval)\b")
#: They read what they are given.
_READERS = {
    (name,) for name in ("dict", "list", "tuple", "set", "frozenset", "sorted", "len", "print", "repr")
}


def may_write_namespace(text: str) -> bool:
    """Tell whether a class's body in a source may write to its namespace; asked of every file."""
    return any(word in text for word in _WORDS) and _WORD.search(text) is not None


class ClassBody:
    """Finds names that a class's body binds in expressions; a reader has one.

    Args:
        syntax: of the reader.
        builder: of the reader.
    """

    def __init__(self, syntax: Syntax, builder: SummaryBuilder) -> None:
        self._syntax = syntax
        self._builder = builder
        self._namespaces = Namespaces(syntax, builder)

    def slots(self, scope: int, value: Any, place: Any, *, conditional: bool) -> None:
        """Bind the names in ``__slots__``: the class gets a descriptor for each."""
        entries = self._syntax.entries(value)
        names = [value] if self._syntax.text(value) is not None else self._syntax.elements(value)
        names = names if entries is None else [key for key, _ in entries]
        if names is None or None in names:
            reason = "the names in its '__slots__' are computed"
            self._builder.note_opaque(scope, reason, place)
            return
        for name in names:
            self._namespaces.item(scope, name, None, "slot", conditional=conditional)

    def decorated(self, value: Any, *, in_class: bool) -> dict[str, Any]:
        """Return the facts of a name bound to what a decorator returns: ``prepare = escape(…)(f)``."""
        call = self._syntax.call(value)
        if call is None or call.unpacks:
            return {}
        if any(name == "reason" for name, _, _ in call.keywords) and self._syntax.dotted(call.function):
            return {"maker": self._syntax.decorator(value)}
        inner = self._syntax.call(call.function)
        function = call.function if inner is None else inner.function
        if not in_class or call.keywords or len(call.arguments) != 1 or not self._syntax.dotted(function):
            return {}
        if self._syntax.facts(call.arguments[0]).get("constant"):
            return {}
        return {"decorators": (self._syntax.decorator(call.function),)}

    def is_namespace(self, node: Any, scope: int) -> bool:
        """Tell whether an expression is ``locals()`` or ``vars()``."""
        call = self._syntax.call(node)
        return (
            call is not None
            and not (call.arguments or call.keywords)
            and self._builder.original(scope, self._syntax.dotted(call.function)) in _NAMESPACE
        )

    def assign(self, scope: int, target: Any, value: Any, how: str, *, conditional: bool) -> None:
        """Bind what an assignment to ``locals()[…]`` binds; ``value`` is None where it is not known."""
        item = self._syntax.item(target)
        if item is not None and self.is_namespace(item[0], scope):
            self._namespaces.item(scope, item[1], value, how, conditional=conditional)

    def expressions(self, nodes: Iterable[Any], scope: int, *, conditional: bool) -> None:
        """Bind what the expressions of a statement bind."""
        stack = list(nodes)
        while stack:
            node = stack.pop()
            if self._syntax.is_deferred(node):
                stack.extend(self._syntax.evaluated_now(node))
            else:
                stack.extend(self._expression(node, scope, conditional))

    def _expression(self, node: Any, scope: int, conditional: bool) -> list[Any]:
        """Bind what an expression itself binds, and return the parts of it to look at."""
        call = self._syntax.call(node)
        if call is not None:
            return self._call(node, call, scope, conditional)
        attribute = self._syntax.attribute(node)
        if attribute is not None and attribute[1] == "f_locals":
            self._builder.note_opaque(scope, "a frame's names are written to", self._syntax.place(node))
        if self._syntax.is_comparison(node) or self._syntax.item(node) is not None:
            return [child for child in self._syntax.children(node) if not self.is_namespace(child, scope)]
        return list(self._syntax.children(node))

    def _call(self, node: Any, call: Call, scope: int, conditional: bool) -> list[Any]:
        parts = self._builder.original(scope, self._syntax.dotted(call.function))
        attribute = self._syntax.attribute(call.function)
        values = [*call.arguments, *(value for _, value, _ in call.keywords)]
        place = self._syntax.place(node)
        if self.is_namespace(node, scope):
            self._builder.note_opaque(scope, f"'{parts[-1]}()' is handed on", place)
        elif attribute is not None and self.is_namespace(attribute[0], scope):
            how = "namespace entry"
            self._namespaces.call(scope, attribute[1], call, how, place, conditional=conditional)
        elif parts in _EXEC and call.arguments:
            self._exec(f"{parts[-1]}()", call, scope, place, conditional)
            return [value for value in values if not self.is_namespace(value, scope)]
        elif parts in _READERS:
            return [value for value in values if not self.is_namespace(value, scope)]
        else:
            return list(self._syntax.children(node))
        return values

    def _exec(self, how: str, call: Call, scope: int, place: Any, conditional: bool) -> None:
        namespaces = [*call.arguments[1:], *(value for _, value, _ in call.keywords)]
        if namespaces and not self.is_namespace(namespaces[-1], scope):
            return  # the names go elsewhere; where that is the class's after all, locals() is handed on
        text = self._syntax.text(call.arguments[0])
        names = None if text is None else _bound_in(text)
        if names is None:
            self._builder.note_opaque(scope, f"'{how}' runs text that is computed", place)
            return
        for name in names:
            self._builder.bind(scope, name, how, place, conditional=conditional)


def _bound_in(text: str) -> list[str] | None:
    """Return the names that a text binds when it is executed; None if it cannot be read."""
    from panther_gen.lint.reading.ast_reader import read_with_ast  # which uses this module in turn

    try:
        body = read_with_ast(f"class _:\n if 1:\n{_indented(text)}\n  pass\n").scopes[1]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return None if body.opaque else [name for name, found in body.bindings.items() if found[-1].how != "del"]


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))

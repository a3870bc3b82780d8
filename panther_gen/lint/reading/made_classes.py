"""Classes that calls make: ``type("P", (Base,), {…})``, ``types.new_class``, ``make_dataclass``, a metaclass.

A reader finds them by their shape; whether what is called does make classes is resolved later, like a base.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from panther_gen.lint.reading.builder import SummaryBuilder
from panther_gen.lint.reading.namespaces import Namespaces
from panther_gen.lint.reading.summary import Reference
from panther_gen.lint.reading.syntax import Call, Syntax

__all__ = ["MadeClasses", "decorated_again", "has_inner_classes", "lines_that_make_classes"]

# Starts with text: ten times as fast. A call with one argument asks for a type; its result may be called.
_TYPE = re.compile(r"type(?:\s*\((?![^(),\n]*\)(?!\s*\())|\.__(?:new|call)__)")
_CLASS_CALLED = re.compile(r"__class__\s*\(")
_NAME_AND_BASES = re.compile(r"""['"],\s*\(\s*[A-Za-z_]""")
_BASES = re.compile(r",\s*\([A-Z]")
_INDENTED_CLASS = re.compile(r"\n[ \t\f]+class\b")
_TYPE_STARTS = ("type(", "type (", "type.__")
_OF_OBJECT = {("type",), ("builtins", "type")}
_TYPE_OF = ("type", "of")  # as in `type(Base)`, which may also be a class whose objects are being made
_BOUND_TO_TYPE = {"__new__", "__call__"}
_NAMED = ("new_class", "make_dataclass")
_NAMED_AND_USED = re.compile(r"(?:new_class|make_dataclass)\s*(?:\(|as\b)")
_OF_TYPE = len(("name", "bases", "namespace"))
_NOWHERE = 99  # a parameter that is given by its name alone


def decorated_again(syntax: Syntax, builder: SummaryBuilder, scope: int, name: str, value: Any) -> int:
    """Return the class that ``Plugin = decorate(Plugin)`` decorates; -1: it decorates none."""
    call = syntax.call(value)
    if call is None or len(call.arguments) != 1 or call.keywords or call.unpacks:
        return -1
    if syntax.dotted(call.arguments[0]) != (name,):
        return -1
    found = builder.summary.scopes[scope].bindings.get(name)
    klass = found[-1].klass if found else -1
    if klass >= 0:
        builder.decorate(klass, syntax.decorator(call.function))
    return klass


def lines_that_make_classes(text: str) -> list[int] | None:
    """Return the lines of a source on which a call may make a class; cheap, and asked of every file.

    Returns:
        None if it may be on any line, because a function that makes classes is imported under some name.
    """
    if any(name in text for name in _NAMED) and _NAMED_AND_USED.search(text):
        return None
    found = _TYPE.finditer(text) if any(start in text for start in _TYPE_STARTS) else ()
    offsets = [match.start() for match in found]
    if "__class__" in text:
        offsets += [match.start() for match in _CLASS_CALLED.finditer(text)]
    if '", (' in text or "', (" in text or _BASES.search(text) is not None:
        offsets += [match.start() for match in _NAME_AND_BASES.finditer(text)]
    return sorted(text.count("\n", 0, offset) + 1 for offset in offsets)


def has_inner_classes(text: str, made: list[int] | None) -> bool:
    """Tell whether there may be a class in a function of a source; else no function's body need be read."""
    return made != [] or _INDENTED_CLASS.search(text) is not None


class MadeClasses:
    """Enters the classes that calls make; a reader has one.

    Args:
        syntax: of the reader.
        builder: of the reader.
    """

    def __init__(self, syntax: Syntax, builder: SummaryBuilder) -> None:
        self._syntax = syntax
        self._builder = builder
        self._namespaces = Namespaces(syntax, builder)
        self._made: dict[int, int] = {}

    def klass(self, node: Any) -> int:
        """Return the index of the class that an expression makes; -1: it makes none."""
        return self._made.get(id(node), -1)

    def reference(self, node: Any, reference: Reference) -> Reference:
        """Return a base's reference, with the class that the base's expression itself makes."""
        return replace(reference, klass=self.klass(node)) if id(node) in self._made else reference

    def enter(self, nodes: Iterable[Any], scope: int) -> None:
        """Enter the classes made in expressions, the inner ones first."""
        order: list[Any] = []
        stack = list(nodes)
        while stack:
            order.append(stack.pop())
            stack.extend(self._syntax.children(order[-1]))
        for node in reversed(order):
            call = self._syntax.call(node)
            if call is not None and (klass := self._of(call, scope)) >= 0:
                self._made[id(node)] = klass

    def _of(self, call: Call, scope: int) -> int:
        inner = self._syntax.call(call.function)
        if inner is None:
            return self._make(call, scope, self._syntax.dotted(call.function))
        if self._syntax.dotted(inner.function) in _OF_OBJECT and len(inner.arguments) == 1:
            return self._make(call, scope, _TYPE_OF)  # type(Base)("P", (Base,), {})
        klass = self.klass(call.arguments[0]) if len(call.arguments) == 1 and not call.keywords else -1
        if klass >= 0:  # register_plugin(…)(type(…))
            self._builder.decorate(klass, self._syntax.decorator(call.function))
        return klass

    def _make(self, call: Call, scope: int, parts: tuple[str, ...]) -> int:
        if not parts or call.unpacks:
            return -1
        if parts[-1] in _BOUND_TO_TYPE and len(parts) > 1:  # type.__new__(type, "P", (Base,), {})
            parts = parts[:-1]
            call = replace(call, arguments=call.arguments[1:])
        elif parts[-1] == "__class__":
            parts = _TYPE_OF
        kind = self._builder.original(scope, parts)[-1]
        of_type = len(call.arguments) == _OF_TYPE and (kind == "type" or self._has_bases(call, parts))
        if kind not in _NAMED and not of_type:
            return -1
        # The metaclass of a class is `type`, or one that a base names, which is looked at there.
        maker = replace(
            self._syntax.reference(call.function), parts=("type",) if parts is _TYPE_OF else parts
        )
        if kind == "new_class":
            return self._new_class(call, scope, maker)
        if kind == "make_dataclass":
            body = self._open(call, scope, maker, call.argument(_NOWHERE, "bases"), "cls_name")
            self._fill(body, call.argument(_NOWHERE, "namespace"))
        else:
            body = self._open(call, scope, maker, call.arguments[1])
            self._fill(body, call.arguments[2])
        return len(self._builder.summary.classes) - 1

    def _new_class(self, call: Call, scope: int, maker: Reference) -> int:
        keywords = call.argument(2, "kwds")
        entries = [] if keywords is None else self._syntax.entries(keywords)
        metaclass = None
        if entries is None and not self._syntax.facts(keywords).get("constant"):
            metaclass = replace(self._syntax.reference(keywords), parts=())
        for key, value in entries or ():
            if key is None or self._syntax.text(key) in {None, "metaclass"}:
                metaclass = self._syntax.reference(value)
        body = self._open(call, scope, maker, call.argument(1, "bases"), "name", metaclass)
        filler = call.argument(3, "exec_body")
        if filler is not None:
            self._namespaces.run(body, filler)
        return len(self._builder.summary.classes) - 1

    def _open(
        self,
        call: Call,
        scope: int,
        maker: Reference,
        bases: Any,
        keyword: str = "",
        metaclass: Reference | None = None,
    ) -> int:
        node = call.argument(0, keyword)
        name = (self._syntax.text(node) if node is not None else None) or "<computed>"
        place = self._syntax.place(call.function)
        return self._builder.make_class(scope, name, place, self._bases(bases), maker, metaclass)

    def _bases(self, node: Any) -> tuple[Reference, ...]:
        if node is None:
            return ()
        elements = self._syntax.elements(node)
        if elements is None:
            return (replace(self._syntax.reference(node), parts=()),)
        return tuple(self.reference(element, self._syntax.reference(element)) for element in elements)

    def _fill(self, body: int, namespace: Any) -> None:
        if namespace is not None:
            self._namespaces.bind(body, namespace, "namespace entry", conditional=False)

    def _has_bases(self, call: Call, parts: tuple[str, ...]) -> bool:
        """Tell whether a call of something else than ``type`` looks as if that were a metaclass."""
        bases = self._syntax.elements(call.arguments[1])
        is_named = parts is _TYPE_OF or self._syntax.text(call.arguments[0]) is not None
        return is_named and bool(bases) and all(self._syntax.dotted(base) for base in bases or ())

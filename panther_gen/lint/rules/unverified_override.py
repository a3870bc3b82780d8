"""PG203: a template method could not be verified, because what it is bound to is computed."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.contract import Slot, extended_methods, filled_in
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.method_form import CONSTRUCTORS, form_of, is_transparent
from panther_gen.lint.model import Finding
from panther_gen.lint.reading.summary import Binding
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["UnverifiedOverride"]

_CLASS = "from panther.plugins.services.base import BaseServiceManager\nclass Plugin(BaseServiceManager):\n"


class UnverifiedOverride(ClassRule):
    """A template method is overridden by something whose parameters cannot be read."""

    code = "PG203"
    name = "unverified-override"
    severity = "note"
    message = "could not verify '{class}.{method}': {reason}"
    explanation = """
A decorator may change what a method takes and returns, and a computed value may be anything. The rules on
signatures cannot see through either, nor the rule on `super()`, and this note says so. With `--strict` it is
an error. (Best practice 3: the template method pattern.)
"""
    valid = (
        Valid(f"{_CLASS}    @classmethod\n    def _get_binary_name(cls): ...\n"),
        Valid(f"import functools as f\n{_CLASS}    @f.cache\n    def _get_binary_name(self): ...\n"),
        Valid(f"{_CLASS}    @unknown\n    def own(self): ...\n"),
    )
    invalid = (
        Invalid(f"{_CLASS}    @unknown\n    def _get_binary_name(self): ...\n", ("4:9-4:25",), "'unknown'"),
        Invalid(f"{_CLASS}    _get_binary_name = make()\n", ("3:5-3:21",), "it is bound by an assignment"),
        Invalid(f"{_CLASS}    __init__ = make()\n", ("3:5-3:13",), "it is bound by an assignment"),
        Invalid(f"{_CLASS}    from os import getcwd as _get_binary_name\n", ("3:30-3:46",), "by an import"),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a note for every such override."""
        for name in extended_methods(view):
            for binding in view.own.get(name, ()):
                if binding.signature is None and not view.mark(binding).escape:
                    yield self._note(view, name, binding, f"it is bound by {binding.described}")
        for slot in filled_in(view):
            for binding in view.own[slot.name]:
                reason = _reason(view, binding) if _is_compared(slot) else ""
                if reason:
                    yield self._note(view, slot.name, binding, reason)

    def _note(self, view: ClassView, name: str, binding: Binding, reason: str) -> Finding:
        fields = {"class": view.name, "method": name, "reason": reason}
        cure = "write a plain `def`; --strict makes this an error"
        return self.finding(view.module.shown, view.span(binding.site), fields, cure=cure)


def _is_compared(slot: Slot) -> bool:
    """Tell whether what a method takes is known of the base class, and the same in every subclass."""
    return slot.name not in CONSTRUCTORS and form_of(slot.owner, slot.binding) not in {"property", "other"}


def _reason(view: ClassView, binding: Binding) -> str:
    if binding.constant:
        return ""
    if binding.signature is None:
        return f"it is bound by {binding.described}"
    for decorator, names in view.decorators(binding):
        if not is_transparent(names):
            return f"the decorator '{decorator.reference.text}' may change what it takes"
    return ""

"""PG110: a final class has a subclass."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.completeness import FINAL
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.model import Finding, Place
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["FinalClassSubclassed"]

_FINAL = (
    "from typing import final\nfrom panther.plugins.services.base import BaseServiceManager\n"
    "@final\nclass Plugin(BaseServiceManager): ...\n"
)


class FinalClassSubclassed(ClassRule):
    """A class derives from one that says that it has no subclasses."""

    code = "PG110"
    name = "final-class-subclassed"
    message = "'{class}' derives from '{base}', which is final"
    explanation = """
`@final` on a class says that nothing derives from it: whoever wrote it may change all of it at any time, and
type checkers refuse a subclass. Derive from a class above it, or use an object of it. (Best practice 1:
leverage inheritance.)

Only classes with a contract are looked at: plugins, and the classes of packages that `--contract` is about.
"""
    valid = (
        Valid(_FINAL),
        Valid("from typing import final\n@final\nclass A: ...\nclass B(A): ...\n"),
        Valid(f"{_FINAL}class Other(BaseServiceManager): ...\n"),
    )
    invalid = (
        Invalid(f"{_FINAL}class Other(Plugin): ...\n", ("5:13-5:19",), "'Other' derives from 'Plugin'"),
        Invalid(f"{_FINAL}P = Plugin\nclass Other(object, P): ...\n", ("6:21-6:22",)),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a finding for each base of the class itself that is final."""
        for reference, base in view.bases:
            has_contract = base.is_foreign or base.has_contract or base.declares_contract
            if has_contract and any(base.has_decorator(mark) for mark in FINAL):
                fields = {"class": view.name, "base": base.name}
                cure = f"derive from a class above '{base.name}', or use an object of it"
                span = view.span(reference.site)
                yield self.finding(view.module.shown, span, fields, cure=cure, places=(_place(base),))


def _place(base: ClassView) -> Place:
    line = base.span(base.summary.site).line
    first = min([line, *(base.span(one.reference.site).line for one in base.summary.decorators)])
    lines = tuple((number, base.module.source.line(number)) for number in range(first, line + 1))
    return Place(base.module.shown, line, lines, f"'{base.name}' is final")

"""PG205: a class could not be verified, because its metaclass may change what is in it."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.contract import workflow_names
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.names import Class, Known, Unknown
from panther_gen.lint.disk.modules import is_standard_library
from panther_gen.lint.model import Finding, Span
from panther_gen.lint.reading.summary import Reference
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["UnverifiedMetaclass"]

_IMPORT = "from panther.plugins.services.base import BaseServiceManager\n"
_META = f"from abc import ABCMeta\n{_IMPORT}class Meta(ABCMeta):\n"
#: What a metaclass defines to have a say in what a class is, or in what calling it returns.
_HOOKS = ("__new__", "__init__", "__prepare__", "__call__", "mro", "__setattr__")


class UnverifiedMetaclass(ClassRule):
    """The metaclass of a class with a contract is not known, or has a say in what the class holds."""

    code = "PG205"
    name = "unverified-metaclass"
    severity = "note"
    message = "could not verify '{class}': {reason}"
    explanation = """
A metaclass that defines `__new__`, `__init__`, `__prepare__`, `__call__` or `mro` can put any method in the
place of a workflow method when the class is made, or when it is called. The rules do not execute it, and
this note says so. With `--strict` it is an error.

`type`, `abc.ABCMeta` and the other metaclasses of the standard library are known, and so is a metaclass of
the tree that defines none of those.
(Best practices 1 and 3: leverage inheritance, the template method pattern.)
"""
    valid = (
        Valid(f"from abc import ABCMeta\n{_IMPORT}class P(BaseServiceManager, metaclass=ABCMeta): ...\n"),
        Valid(f"{_META}    def names(cls): ...\nclass P(BaseServiceManager, metaclass=Meta): ...\n"),
        Valid(f"{_META}    def __new__(*a): ...\nclass P(metaclass=Meta): ...\n"),
        Valid(f"{_IMPORT}class P(BaseServiceManager, other=1): ...\n"),
    )
    invalid = (
        Invalid(
            f"{_META}    def __new__(*a): ...\nclass P(BaseServiceManager, metaclass=Meta): ...\n",
            ("5:39-5:43",),
            "its metaclass 'Meta' defines '__new__'",
        ),
        Invalid(
            f"{_META}    def mro(cls): ...\nclass B(BaseServiceManager, metaclass=Meta): ...\n"
            "class P(B): ...\n",
            ("5:39-5:43", "6:7-6:8"),
        ),
        Invalid(
            f"{_IMPORT}class P(BaseServiceManager, metaclass=make()): ...\n", ("2:39-2:45",), "is computed"
        ),
        Invalid(f"{_IMPORT}class P(BaseServiceManager, **options): ...\n", ("2:31-2:38",), "'**options'"),
        Invalid(
            f"from somewhere import Meta\n{_IMPORT}class P(BaseServiceManager, metaclass=Meta): ...\n",
            ("3:39-3:43",),
            "'somewhere' is not in the tree",
        ),
        Invalid(
            f"{_META}    def __call__(cls): ...\nP = Meta('P', (BaseServiceManager,), {{}})\n",
            ("5:5-5:9",),
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a note if the class's metaclass, or that of a base, may change what it holds."""
        if not workflow_names(view):
            return
        for base in view.mro:
            for reference in (base.summary.metaclass, base.summary.maker):
                reason = _reason(base, reference) if reference is not None else ""
                if reference is not None and reason:
                    span = _span(view, base, reference)
                    fields = {"class": view.name, "reason": reason}
                    cure = "do without a metaclass of your own; --strict makes this an error"
                    yield self.finding(view.module.shown, span, fields, cure=cure)
                    return


def _span(view: ClassView, base: ClassView, reference: Reference) -> Span:
    return view.span(reference.site if base is view else view.summary.site)


def _reason(view: ClassView, reference: Reference) -> str:
    shown = f"its metaclass '{reference.text}'"
    if not reference.parts:
        return f"{shown} is computed"
    for target in view.targets(reference):
        if isinstance(target, Class):
            found = view.view_of(target)
            if found is not None and (why := _changes(found)):
                return f"{shown} {why}"
        elif isinstance(target, Unknown):
            return f"{shown} is not known, {target.reason}"
        elif not (isinstance(target, Known) and is_standard_library(target.dotted)):
            return f"{shown} is no class that is known"
    return ""


def _changes(metaclass: ClassView) -> str:
    for view in metaclass.mro:
        hook = next((name for name in _HOOKS if name in view.own), "")
        if hook:
            return f"defines '{hook}'"
        if view.opaque or view.unresolved:
            return "is not known in full"
    return ""

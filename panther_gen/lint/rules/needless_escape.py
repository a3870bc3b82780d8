"""PG106: the escape from the contract stands on a method that needs none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.classes.contract import inherited_contract
from panther_gen.lint.classes.hierarchy import ESCAPE, ClassView
from panther_gen.lint.model import Applicability, Finding, Fix
from panther_gen.lint.reading.summary import Binding
from panther_gen.lint.rule import ClassRule, Invalid, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["NeedlessEscape"]

_PLAIN = (
    "from panther.plugins.services.base import BaseServiceManager, overrides_workflow\n"
    "class Plugin(BaseServiceManager):\n"
)
_CLASS = f"{_PLAIN}    @overrides_workflow(reason='prepared by systemd')\n"


class NeedlessEscape(ClassRule):
    """A method carries ``@overrides_workflow``, but overrides no workflow method."""

    code = "PG106"
    name = "needless-escape"
    message = "'{class}.{method}' carries @overrides_workflow, but overrides no workflow method"
    explanation = """
The escape marks the few places where a plugin rewires the machine. On a template method, or on a method
whose name is misspelt, it says something that is not so. (Best practice 3: workflow methods are overridden
only where that is absolutely necessary.)

The fix removes the decorator, not its import. It is unsafe where a comment would go with it.
"""
    valid = (Valid(f"{_CLASS}    def prepare(self, plugin_manager=None): ...\n"),)
    invalid = (
        Invalid(
            f"{_CLASS}    def _do_prepare(self, plugin_manager=None): ...\n",
            ("4:9-4:20",),
            "'Plugin._do_prepare'",
            fixed=f"{_PLAIN}    def _do_prepare(self, plugin_manager=None): ...\n",
        ),
        Invalid(
            f"{_PLAIN}    # before\n    @overrides_workflow(\n        reason='x',  # why\n    )\n"
            "    @staticmethod\n    def prepair(): ...\n",
            ("8:9-8:16",),
            fixed=f"{_PLAIN}    # before\n    @staticmethod\n    def prepair(): ...\n",
            unsafe=True,
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every escape on a name that is no workflow method of a base."""
        if not view.has_contract or any(base.unresolved for base in view.mro):
            return
        contract = inherited_contract(view)
        for name, bindings in view.own.items():
            slot = contract.get(name)
            if view.mark(bindings[-1]).escape and (slot is None or slot.kind != "workflow"):
                fields = {"class": view.name, "method": name, "line": _line(view, bindings[-1])}
                span = view.span(bindings[-1].site)
                yield self.finding(view.module.shown, span, fields, cure="remove @overrides_workflow")

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the removal of the decorator's lines."""
        import libcst as cst

        syntax = document.syntax
        for decorator in getattr(syntax.definition(cst.FunctionDef, finding.span), "decorators", ()):
            span = syntax.span(decorator)
            if str(syntax.span(decorator.decorator).line) == finding.fact("line"):
                lines = document.lines[span.line - 1 : span.end_line]
                applicability: Applicability = "unsafe" if any("#" in line for line in lines) else "safe"
                edit = document.delete_lines(span.line, span.end_line)
                return Fix("remove @overrides_workflow", applicability, (edit,))
        return None


def _line(view: ClassView, binding: Binding) -> str:
    """Return the line of the escape."""
    sites = [decorator.reference.site for decorator, names in view.decorators(binding) if names & ESCAPE]
    return str(view.span(sites[0]).line) if sites else ""

"""PG106: the escape from the contract stands on a method that needs none."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.contract import inherited_contract
from panther_gen.lint.hierarchy import ClassView
from panther_gen.lint.model import Finding
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["NeedlessEscape"]

_CLASS = (
    "from panther.plugins.services.base import BaseServiceManager, overrides_workflow\n"
    "class Plugin(BaseServiceManager):\n    @overrides_workflow(reason='prepared by systemd')\n"
)


class NeedlessEscape(ClassRule):
    """A method carries ``@overrides_workflow``, but overrides no workflow method."""

    code = "PG106"
    name = "needless-escape"
    message = "'{class}.{method}' carries @overrides_workflow, but overrides no workflow method"
    explanation = """
The escape marks the few places where a plugin rewires the machine. On a template method, or on a method
whose name is misspelt, it says something that is not so. (Best practice 3: workflow methods are overridden
only where that is absolutely necessary.)
"""
    valid = (Valid(f"{_CLASS}    def prepare(self, plugin_manager=None): ...\n"),)
    invalid = (
        Invalid(
            f"{_CLASS}    def _do_prepare(self, plugin_manager=None): ...\n",
            ("4:9-4:20",),
            "'Plugin._do_prepare'",
        ),
        Invalid(f"{_CLASS}    def prepair(self, plugin_manager=None): ...\n", ("4:9-4:16",)),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every escape on a name that is no workflow method of a base."""
        if not view.has_contract or any(base.unresolved for base in view.mro):
            return
        contract = inherited_contract(view)
        for name, bindings in view.own.items():
            slot = contract.get(name)
            if view.mark(bindings[-1]).escape and (slot is None or slot.kind != "workflow"):
                fields = {"class": view.name, "method": name}
                span = view.span(bindings[-1].site)
                yield self.finding(view.module.shown, span, fields, cure="remove @overrides_workflow")

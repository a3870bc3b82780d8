"""PG102: the one escape from the contract does not say why it is taken."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.contract import inherited_workflow, place_of
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.model import Finding
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["EscapeWithoutReason"]

_CLASS = (
    "from panther.plugins.services.base import BaseServiceManager, overrides_workflow\n"
    "class Plugin(BaseServiceManager):\n"
)
_METHOD = "    def prepare(self, plugin_manager=None): ...\n"


class EscapeWithoutReason(ClassRule):
    """A workflow method is overridden with the escape, but without a reason that can be read."""

    code = "PG102"
    name = "escape-without-reason"
    message = "'{class}' overrides the workflow method '{method}' of '{owner}' without saying why"
    explanation = """
`@overrides_workflow` takes one thing: `reason`, as literal text that is not blank. Whoever reviews the
plugin, or changes the base class, needs to know why no template method served. A name or an f-string
cannot be read without running the plugin. (Best practice 3: do not override workflow methods
unnecessarily.)
"""
    valid = (
        Valid(f"{_CLASS}    @overrides_workflow(reason='preparation is done by ' 'systemd')\n{_METHOD}"),
        Valid(f"{_CLASS}    def _do_prepare(self, plugin_manager=None): ...\n"),
    )
    invalid = (
        Invalid(f"{_CLASS}    @overrides_workflow()\n{_METHOD}", ("4:9-4:16",)),
        Invalid(f"{_CLASS}    @overrides_workflow\n{_METHOD}", ("4:9-4:16",)),
        Invalid(f"{_CLASS}    @overrides_workflow(reason=' ')\n{_METHOD}", ("4:9-4:16",)),
        Invalid(f"{_CLASS}    @overrides_workflow('systemd')\n{_METHOD}", ("4:9-4:16",)),
        Invalid(f"{_CLASS}    @overrides_workflow(reason=WHY)\n{_METHOD}", ("4:9-4:16",)),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every escape without a reason."""
        workflow = inherited_workflow(view)
        for slot in (workflow[name] for name in workflow if name in view.own):
            for binding in view.own[slot.name]:
                if view.mark(binding).escape == "no reason":
                    fields = {"class": view.name, "method": slot.name, "owner": slot.owner.name}
                    cure = '@overrides_workflow(reason="…") with the reason as literal text'
                    span = view.span(binding.site)
                    yield self.finding(view.module.shown, span, fields, cure=cure, places=(place_of(slot),))

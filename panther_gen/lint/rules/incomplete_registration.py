"""PG309: a plugin is registered without what every plugin has to say."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.model import Finding
from panther_gen.lint.plugins.registration import registered
from panther_gen.lint.reading.summary import Argument
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["IncompleteRegistration"]

_IMPORTS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseServiceManager\n"
)
_CLASS = "class Sample(BaseServiceManager): ...\n"
_REQUIRED = ("plugin_type", "name", "version")


class IncompleteRegistration(ClassRule):
    """``@register_plugin`` lacks the type, the name or the version."""

    code = "PG309"
    name = "incomplete-registration"
    message = "'{class}' is registered without {arguments}: the plugin cannot be imported"
    explanation = """
`register_plugin` requires `plugin_type`, `name` and `version`; without one of them Python raises a TypeError
when the plugin is imported, in the middle of a run. (Best practice 4: required identification.)
"""
    valid = (
        Valid(f"{_IMPORTS}@register_plugin('iut', 'sample', version='1.0.0')\n{_CLASS}"),
        Valid(f"{_IMPORTS}@register_plugin(**FACTS)\n{_CLASS}"),
        Valid(f"{_IMPORTS}@register_plugin(*FACTS)\n{_CLASS}"),
    )
    invalid = (
        Invalid(f"{_IMPORTS}@register_plugin('iut', 'sample')\n{_CLASS}", ("3:2-3:17",), "without 'version'"),
        Invalid(f"{_IMPORTS}@register_plugin()\n{_CLASS}", ("3:2-3:17",), "'plugin_type', 'name', 'version'"),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a finding if an argument is missing."""
        decorator, given = view.registration, registered(view)
        if decorator is None or not decorator.called or any(map(_may_be_many, decorator.arguments)):
            return
        missing = ", ".join(f"'{name}'" for name in _REQUIRED if name not in given)
        if missing:
            fields = {"class": view.name, "arguments": missing}
            span = view.span(decorator.reference.site)
            cure = "write @register_plugin(plugin_type=…, name=…, version=…)"
            yield self.finding(view.module.shown, span, fields, cure=cure)


def _may_be_many(argument: Argument) -> bool:
    """Tell whether an argument may stand for several: ``*names``, ``**names``."""
    is_computed = argument.text is None and argument.words is None
    return argument.keyword == "**" or (not argument.keyword and is_computed)

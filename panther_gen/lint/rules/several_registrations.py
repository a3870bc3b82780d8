"""PG305: a plugin directory registers more than one class."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.model import Finding, Place
from panther_gen.lint.plugins.plugin_view import PluginView
from panther_gen.lint.rule import Invalid, PluginRule, Valid

__all__ = ["SeveralRegistrations"]

_IMPORTS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseServiceManager\n"
)
_ONE = f"{_IMPORTS}@register_plugin('iut', 'sample', '1.0.0')\nclass A(BaseServiceManager): ...\n"
_SECOND = "@register_plugin('iut', 'sample', '1.0.0')\nclass B(BaseServiceManager): ...\n"


class SeveralRegistrations(PluginRule):
    """Two classes of one plugin directory carry ``@register_plugin``."""

    code = "PG305"
    name = "several-registrations"
    message = "'{class}' is registered, but so is '{first}': a plugin has one registered class"
    explanation = """
A plugin is one directory, one name and one service manager. Which of two registered classes a run would
use depends on which is imported last. (Guide, "Create the Plugin Directory Structure": one main service
manager; "Register the Modern Plugin": one registration; best practice 1: base classes for what is common.)

Give the other implementation a directory of its own; classes without `@register_plugin` may be shared.
"""
    valid = (
        Valid(_ONE),
        Valid(f"{_ONE}class Shared(BaseServiceManager): ...\n"),
        Valid(_ONE, files={"panther/plugins/services/iut/quic/other/other.py": _IMPORTS + _SECOND}),
    )
    invalid = (
        Invalid(_ONE + _SECOND, ("6:7-6:8",), "so is 'A'"),
        Invalid(
            _ONE,
            ("4:7-4:8",),
            "so is 'B'",
            files={"panther/plugins/services/iut/quic/sample/first.py": _IMPORTS + _SECOND},
        ),
    )

    def check(self, plugin: PluginView) -> Iterator[Finding]:
        """Yield a finding for each registered class but the first."""
        for view in plugin.managers[1:]:
            first = plugin.managers[0]
            line = first.span(first.summary.site).line
            label = f"'{first.name}' is registered here"
            place = Place(first.module.shown, line, ((line, first.module.source.line(line)),), label)
            fields = {"class": view.name, "first": first.name}
            cure = "move one of them to a plugin directory of its own"
            span = view.span(view.summary.site)
            yield self.finding(view.module.shown, span, fields, cure=cure, places=(place,))

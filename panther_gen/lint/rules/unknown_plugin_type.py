"""PG301: a plugin is registered as something that there is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.spelling import distance
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.plugins.registration import argument_span, registered
from panther_gen.lint.rule import ClassRule, Invalid, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["UnknownPluginType"]

_IMPORTS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseServiceManager\n"
)
_CLASS = "class P(BaseServiceManager): ...\n"
_KINDS = ("iut", "testers")


class UnknownPluginType(ClassRule):
    """``plugin_type`` is neither ``iut`` nor ``testers``, or not the directory that the plugin is in."""

    code = "PG301"
    name = "unknown-plugin-type"
    message = "'{class}' is registered as plugin_type '{value}'{but}"
    explanation = """
An experiment file looks a plugin up by its type, `iut` for an implementation under test and `testers` for
a plugin that judges others, and the plugin's directory lies below a directory of that name. Another type
is refused when the plugin is imported. (Guide, "Register the Modern Plugin"; best
practice 4: required identification.)

The fix writes the nearest type, or that of the directory. It is unsafe: it is a guess.
"""
    valid = (
        Valid(f"{_IMPORTS}@register_plugin('iut', name='sample', version='1.0.0')\n{_CLASS}"),
        Valid(
            f"{_IMPORTS}@register_plugin(plugin_type='testers')\n{_CLASS}",
            path="panther/plugins/services/testers/quic/sample/sample.py",
        ),
        Valid(f"{_IMPORTS}KIND = make()\n@register_plugin(plugin_type=KIND)\n{_CLASS}"),
        Valid("def register_plugin(**k): ...\n@register_plugin(plugin_type='x')\nclass P(dict): ...\n"),
    )
    invalid = (
        Invalid(
            f"{_IMPORTS}@register_plugin(name='é', plugin_type='itu')\n{_CLASS}",
            ("3:40-3:45",),
            "'itu', which is no type of plugin",
            fixed=f"{_IMPORTS}@register_plugin(name='é', plugin_type='iut')\n{_CLASS}",
            unsafe=True,
        ),
        Invalid(
            f"{_IMPORTS}@register_plugin('tester')\n{_CLASS}",
            ("3:18-3:26",),
            "'tester'",
            path="fragment.py",
            fixed=f"{_IMPORTS}@register_plugin('testers')\n{_CLASS}",
            unsafe=True,
        ),
        Invalid(
            f"{_IMPORTS}@register_plugin(plugin_type='testers')\n{_CLASS}",
            ("3:30-3:39",),
            "but stands in 'iut'",
            fixed=f"{_IMPORTS}@register_plugin(plugin_type='iut')\n{_CLASS}",
            unsafe=True,
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a finding if the literal type is unknown, or another one than the directory's."""
        given = registered(view).get("plugin_type")
        if given is None or given.text is None:
            return
        where = view.module.plugin_directory
        if given.text not in _KINDS:
            close = min(_KINDS, key=lambda kind: distance(given.text or "", kind))
            cure = f"use 'iut' or 'testers'; the nearest is '{close}'"
            but = ", which is no type of plugin"
            wanted = close
        elif where is not None and where.kind != given.text:
            cure = f"write '{where.kind}', or move the plugin below 'services/{given.text}/'"
            but = f", but stands in '{where.kind}'"
            wanted = where.kind
        else:
            return
        fields = {"class": view.name, "value": given.text, "but": but, "wanted": wanted}
        yield self.finding(view.module.shown, argument_span(view, "plugin_type"), fields, cure=cure)

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the other literal."""
        from panther_gen.lint.edits.python_code import replaced_literal

        wanted = finding.fact("wanted")
        edits = replaced_literal(document, finding.span, wanted) if wanted else ()
        return Fix(f"write '{wanted}'", "unsafe", edits) if edits else None

"""PG302: a plugin is registered under another name than its directory's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.plugins.registration import argument_span, registered
from panther_gen.lint.rule import ClassRule, Invalid, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["NameNotDirectory"]

_IMPORTS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseServiceManager\n"
)
_CLASS = "class P(BaseServiceManager): ...\n"


class NameNotDirectory(ClassRule):
    """The registered name differs from the name of the plugin's directory."""

    code = "PG302"
    name = "name-not-directory"
    message = "'{class}' is registered as '{value}', but its directory is '{directory}'"
    explanation = """
A plugin is found by its directory and named by its registration: an experiment file says one name and
means both. Where they differ, the plugin cannot be found under the name that it gives itself. (Guide,
"Create the Plugin Directory Structure": the directory, the module and the plugin have one name;
best practice 4: required identification.)

The fix writes the directory's name. It is unsafe: experiment files may say the other one.

A plugin that registers several classes is `PG305`'s business.
"""
    valid = (
        Valid(f"{_IMPORTS}@register_plugin('iut', 'sample', '1.0.0')\n{_CLASS}"),
        Valid(f"{_IMPORTS}NAME = make()\n@register_plugin('iut', name=NAME)\n{_CLASS}"),
        Valid(f"{_IMPORTS}@register_plugin('iut', name='elsewhere')\n{_CLASS}", path="fragment.py"),
    )
    invalid = (
        Invalid(
            f"{_IMPORTS}@register_plugin('iut', name='simple')\n{_CLASS}",
            ("3:30-3:38",),
            "'sample'",
            fixed=f"{_IMPORTS}@register_plugin('iut', name='sample')\n{_CLASS}",
            unsafe=True,
        ),
        Invalid(
            f"{_IMPORTS}@register_plugin(\n 'iut',\n  'Sample')\n{_CLASS}",
            ("5:3-5:11",),
            "'Sample'",
            fixed=f"{_IMPORTS}@register_plugin(\n 'iut',\n  'sample')\n{_CLASS}",
            unsafe=True,
        ),
        Invalid(f"{_IMPORTS}@register_plugin('iut', 'Sam' \"ple\")\n{_CLASS}", ("3:25-3:36",)),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a finding if the literal name is not the directory's."""
        given = registered(view).get("name")
        where = view.module.plugin_directory if given is not None else None
        if given is None or given.text is None or where is None or given.text == where.name:
            return
        fields = {"class": view.name, "value": given.text, "directory": where.name}
        cure = f'write name="{where.name}", or rename the directory'
        yield self.finding(view.module.shown, argument_span(view, "name"), fields, cure=cure)

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the other literal."""
        from panther_gen.lint.edits.python_code import replaced_literal

        wanted = finding.fact("directory")
        edits = replaced_literal(document, finding.span, wanted) if wanted else ()
        return Fix(f"register it as '{wanted}'", "unsafe", edits) if edits else None

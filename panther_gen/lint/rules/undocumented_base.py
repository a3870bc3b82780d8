"""PG801: a plugin's README does not name its base class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.model import Finding, Fix, Place
from panther_gen.lint.plugins.plugin_view import PluginView
from panther_gen.lint.plugins.readme import inheritance_heading, names
from panther_gen.lint.rule import SAMPLE_PATH, Invalid, PluginRule, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["UndocumentedBase"]

_CLASS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseQUICServiceManager\n"
    "@register_plugin('iut', 'sample', '1.0.0')\nclass P(BaseQUICServiceManager): ...\n"
)
_README = "panther/plugins/services/iut/quic/sample/README.md"
_FILES = {SAMPLE_PATH: _CLASS}


class UndocumentedBase(PluginRule):
    """README.md is there, but says nothing of the class that the service manager derives from."""

    code = "PG801"
    name = "undocumented-base"
    message = "the README does not name '{base}', the base class of '{class}'"
    explanation = """
A reader of a plugin wants to know first what is inherited, because that is most of it: the base class
says which protocol, parameters and workflow a plugin has. (Best practice 7: document inheritance patterns;
the guide's README starts with `Base Class`.)

The fix writes the name where the README speaks of inheritance. It is unsafe: a README is made of sentences.
"""
    valid = (
        Valid("# Sample\n\n> **Base Class**: `BaseQUICServiceManager`\n", files=_FILES, path=_README),
        Valid("# Sample\n", path=_README),
        Valid(_CLASS),
    )
    invalid = (
        Invalid(
            "# Sample\n<!-- BaseQUICServiceManager -->\n",
            ("1:1-1:9",),
            files=_FILES,
            path=_README,
            fixed="# Sample\n<!-- BaseQUICServiceManager -->\n\n> **Base class**: `BaseQUICServiceManager`\n",
            unsafe=True,
        ),
        Invalid(
            "# Sample\n\nA plugin.\n",
            ("1:1-1:9",),
            "'BaseQUICServiceManager'",
            files=_FILES,
            path=_README,
            fixed="# Sample\n\nA plugin.\n\n> **Base class**: `BaseQUICServiceManager`\n",
            unsafe=True,
        ),
        Invalid(
            "\n# Héllo\n## Inheritance Pattern\nOf MyBaseQUICServiceManager.\n",
            ("3:1-3:23",),
            files=_FILES,
            path=_README,
            fixed="\n# Héllo\n## Inheritance Pattern\nOf MyBaseQUICServiceManager.\n\n"
            "> **Base class**: `BaseQUICServiceManager`\n",
            unsafe=True,
        ),
        Invalid(
            "",
            ("1:1-1:1",),
            files=_FILES,
            path=_README,
            fixed="> **Base class**: `BaseQUICServiceManager`\n",
            unsafe=True,
        ),
    )

    def check(self, plugin: PluginView) -> Iterator[Finding]:
        """Yield a finding if the README names none of the classes that a manager derives from."""
        readme = plugin.text("README.md")
        for view in plugin.managers if readme is not None else ():
            bases = [base for _, base in view.bases if base.has_contract or base.declares_contract]
            if readme is None or not bases or any(names(readme.source.text, base.name) for base in bases):
                continue
            line = view.span(view.summary.site).line
            label = f"'{view.name}' derives from '{bases[0].name}'"
            place = Place(view.module.shown, line, ((line, view.module.source.line(line)),), label)
            fields = {"base": bases[0].name, "class": view.name}
            cure = f"write it where the README says what is inherited: `{bases[0].name}`"
            span = inheritance_heading(readme.source.text)
            yield self.finding(readme.shown, span, fields, cure=cure, places=(place,))

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return a line for it at the end of the part that speaks of inheritance."""
        from panther_gen.lint.plugins.readme import added_line

        edit = added_line(document, finding.span.line, f"> **Base class**: `{finding.fact('base')}`")
        return Fix("name the base class", "unsafe", (edit,))

"""PG802: a plugin's README does not name a template method that it fills in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.model import Finding, Fix, Place
from panther_gen.lint.plugins.plugin_view import PluginView
from panther_gen.lint.plugins.readme import inheritance_heading, names
from panther_gen.lint.rule import SAMPLE_PATH, Invalid, PluginRule, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["UndocumentedMethods"]

_CLASS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseQUICServiceManager\n"
    "@register_plugin('iut', 'sample', '1.0.0')\nclass P(BaseQUICServiceManager):\n"
    "    def _get_binary_name(self): ...\n    def _do_prepare(self, plugin_manager=None): ...\n"
)
_README = "panther/plugins/services/iut/quic/sample/README.md"
_FILES = {SAMPLE_PATH: _CLASS}


class UndocumentedMethods(PluginRule):
    """README.md is there, but leaves out an optional template method that the service manager has."""

    code = "PG802"
    name = "undocumented-methods"
    message = "the README does not name '{method}', which '{class}' fills in"
    explanation = """
What a plugin adds to its base class is what its README is for: the guide's has the tree of the template
methods that the class fills in. (Best practice 7: document inheritance patterns and
implementation-specific features, not the functionality of the base class.)

The two methods that every plugin must have need not be named.

The fix adds a line with the name where the README speaks of inheritance. It is unsafe: what the method
does is yet to be written.
"""
    valid = (
        Valid("# Sample\n\n- `_do_prepare()` compiles it\n", files=_FILES, path=_README),
        Valid("# Sample\n", path=_README),
        Valid(_CLASS),
    )
    invalid = (
        Invalid(
            "# Sample\n",
            ("1:1-1:9",),
            "'_do_prepare'",
            files=_FILES,
            path=_README,
            fixed="# Sample\n\n- `_do_prepare()`\n",
            unsafe=True,
        ),
        Invalid(
            "# Sample\n\n## Inheritance Pattern\n\n- `x()`\n  é\n\n```sh\n# no heading\n```\n\n## More\n",
            ("3:1-3:23",),
            files=_FILES,
            path=_README,
            fixed="# Sample\n\n## Inheritance Pattern\n\n- `x()`\n  é\n\n```sh\n# no heading\n```\n\n"
            "- `_do_prepare()`\n\n## More\n",
            unsafe=True,
        ),
        Invalid(
            "# Sample\n\n## Inheritance\n\n- `x()`",
            ("3:1-3:15", "3:1-3:15"),
            files={SAMPLE_PATH: f"{_CLASS}    def _get_environment(self, **kwargs): ...\n"},
            path=_README,
            fixed="# Sample\n\n## Inheritance\n\n- `x()`\n- `_do_prepare()`\n- `_get_environment()`",
            unsafe=True,
        ),
    )

    def check(self, plugin: PluginView) -> Iterator[Finding]:
        """Yield a finding for each overridden method that the README does not name."""
        readme = plugin.text("README.md")
        for view in plugin.managers if readme is not None else ():
            for method in plugin.overridden(view):
                if readme is None or names(readme.source.text, method):
                    continue
                line = view.span(view.own[method][-1].site).line
                label = f"'{view.name}' fills it in"
                place = Place(view.module.shown, line, ((line, view.module.source.line(line)),), label)
                fields = {"method": method, "class": view.name}
                cure = f"add a line to the inheritance pattern: `{method}()`, and what it does"
                span = inheritance_heading(readme.source.text)
                yield self.finding(readme.shown, span, fields, cure=cure, places=(place,))

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return a line for it at the end of the part that speaks of inheritance."""
        from panther_gen.lint.plugins.readme import added_line

        edit = added_line(document, finding.span.line, f"- `{finding.fact('method')}()`")
        return Fix("name the method", "unsafe", (edit,))

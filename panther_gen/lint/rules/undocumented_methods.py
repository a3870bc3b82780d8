"""PG802: a plugin's README does not name a template method that it fills in."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.model import Finding, Place
from panther_gen.lint.plugin_view import PluginView
from panther_gen.lint.readme import inheritance_heading, names
from panther_gen.lint.rule import SAMPLE_PATH, Invalid, PluginRule, Valid

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
"""
    valid = (
        Valid("# Sample\n\n- `_do_prepare()` compiles it\n", files=_FILES, path=_README),
        Valid("# Sample\n", path=_README),
        Valid(_CLASS),
    )
    invalid = (
        Invalid("# Sample\n", ("1:1-1:9",), "'_do_prepare'", files=_FILES, path=_README),
        Invalid("# Sample\n\n## Inheritance Pattern\n", ("3:1-3:23",), files=_FILES, path=_README),
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

"""PG404: the configuration and the service manager say different names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import literal_of, method_node, returned, span_of
from panther_gen.lint.model import Finding, Fix, Place
from panther_gen.lint.plugins.config_fields import fields_of
from panther_gen.lint.plugins.plugin_view import PluginView
from panther_gen.lint.reading.source import Source
from panther_gen.lint.rule import SAMPLE_PATH, Invalid, PluginRule, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["NamesDisagree"]

_CONFIG_PATH = "panther/plugins/services/iut/quic/sample/config_schema.py"
_CONFIG = (
    "from dataclasses import dataclass\nfrom panther.config.core.models import IUTConfig\n"
    "@dataclass\nclass C(IUTConfig):\n"
)
_CLASS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseServiceManager\n"
    "@register_plugin('iut', 'sample', '1.0.0')\nclass P(BaseServiceManager):\n"
    "    def _get_implementation_name(self):\n        'Its name.'\n        return 'sample'\n"
    "    def _get_binary_name(self):\n        return f'{self.x}'\n"
)
_FILES = {SAMPLE_PATH: _CLASS}
_NAMES = {"implementation_name": "_get_implementation_name", "binary_name": "_get_binary_name"}


class NamesDisagree(PluginRule):
    """The default of implementation_name or binary_name is not what the class's method returns."""

    code = "PG404"
    name = "names-disagree"
    message = "'{config}.{field}' is '{default}', but '{class}.{method}' returns '{value}'"
    explanation = """
The same name is written twice, in the configuration and in the service manager, and the base class uses
both: events and results carry one, the command line the other. (Guide, "Define the Configuration Schema":
"implementation identification (required by base class)"; best practice 4.)

The fix writes here what the method returns. It is unsafe: the other name may be the right one.

Only literal defaults and methods that do nothing but return a literal are compared.
"""
    valid = (
        Valid(f"{_CONFIG}    implementation_name: str = 'sample'\n", files=_FILES, path=_CONFIG_PATH),
        Valid(f"{_CONFIG}    implementation_name: str = ''\n", files=_FILES, path=_CONFIG_PATH),
        Valid(f"{_CONFIG}    binary_name: str = 'other'\n", files=_FILES, path=_CONFIG_PATH),
        Valid(f"{_CONFIG}    implementation_name: str = 'x'\n", path=_CONFIG_PATH),
    )
    invalid = (
        Invalid(
            f"{_CONFIG}    implementation_name: str = 'simple'\n",
            ("5:32-5:40",),
            "'P._get_implementation_name' returns 'sample'",
            files=_FILES,
            path=_CONFIG_PATH,
            fixed=f"{_CONFIG}    implementation_name: str = 'sample'\n",
            unsafe=True,
        ),
    )

    def check(self, plugin: PluginView) -> Iterator[Finding]:
        """Yield a finding for each default that differs from the plugin's one manager."""
        if len(plugin.managers) != 1:
            return
        for config in plugin.configs:
            for field in fields_of(config):
                default, method = literal_of(field.value), _NAMES.get(field.name)
                if default and method and field.value is not None:
                    yield from self._compare(
                        config, field.value, (field.name, default), plugin.managers[0], method
                    )

    def _compare(
        self, config: ClassView, node: ast.expr, default: tuple[str, str], manager: ClassView, method: str
    ) -> Iterator[Finding]:
        source = manager.module.source
        # Most plugins repeat the literal in the line below the method's, or below its docstring.
        start = rf'def {method}\(self\)[^\n]*:\n(?:\s*"""[^"]*"""\n)?'
        plain = rf'{start}\s*return "{re.escape(default[1])}"\n'
        if isinstance(source, Source) and re.search(plain, source.text):
            return
        function = method_node(manager, method)
        value = literal_of(returned(function)) if function is not None else None
        if function is None or value is None or value == default[1]:
            return
        fields = {
            "config": config.name,
            "field": default[0],
            "default": default[1],
            "class": manager.name,
            "method": method,
            "value": value,
        }
        place = Place(
            manager.module.shown,
            function.body[-1].lineno,
            tuple(
                (line, manager.module.source.line(line))
                for line in (function.lineno, function.body[-1].lineno)
            ),
            f"'{manager.name}' says '{value}'",
        )
        cure = f"write '{value}' here, or return '{default[1]}' there"
        span = span_of(config.module, node)
        yield self.finding(config.module.shown, span, fields, cure=cure, places=(place,))

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the other literal."""
        from panther_gen.lint.edits.python_code import replaced_literal

        wanted = finding.fact("value")
        edits = replaced_literal(document, finding.span, wanted) if wanted else ()
        return Fix(f"write '{wanted}'", "unsafe", edits) if edits else None

"""PG903: a command template and the method of its role write the same option."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import method_node, span_of
from panther_gen.lint.model import Finding, Place
from panther_gen.lint.plugins.command_template import flags_of
from panther_gen.lint.plugins.plugin_view import PluginView, TextFile
from panther_gen.lint.reading.source import Source
from panther_gen.lint.rule import Invalid, PluginRule, Valid

__all__ = ["FlagWrittenTwice"]

_PLACE = "panther/plugins/services/iut/quic/sample/"
_CLASS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseServiceManager\n"
    "@register_plugin('iut', 'sample', '1.0.0')\nclass P(BaseServiceManager):\n"
    "    def _get_server_specific_args(self, **kwargs):\n        'Not --listen.'\n"
)
_FILES = {
    f"{_PLACE}templates/server_command.jinja": "{{ p }} \\\n  --listen {{ port }} --cert={{ c }} -v\n",
    f"{_PLACE}templates/client_command.jinja": "# --other\n{{ binary_name }} --connect {{ port }}\n",
}
_FLAG = re.compile(r"--?[A-Za-z][\w-]*")


class FlagWrittenTwice(PluginRule):
    """An option appears in a role's template and, as literal text, in that role's argument method."""

    code = "PG903"
    name = "flag-written-twice"
    message = "'{class}.{method}' writes '{flag}', and so does '{template}'"
    explanation = """
Where a role has a template, the template spells the command and the method returns extra arguments,
which the template puts in as `extra_args`. An option that both write comes twice; most programs refuse
that, or take the value that was not meant. (Guide, "Command Template Integration"; best practice 3.)

Keep it in one place: what has a parameter in the template, what takes a decision in the method.
"""
    valid = (
        Valid(f"{_CLASS}        return ['--other', '--connect', 'x--listen', '--listening']\n", files=_FILES),
        Valid(f"{_CLASS}        return ['--listen', kwargs['port']]\n"),
    )
    invalid = (
        Invalid(
            f"{_CLASS}        return ['é', '--listen', '1']\n", ("7:22-7:32",), "'--listen'", files=_FILES
        ),
        Invalid(
            f"{_CLASS}        return [f'--cert={{self.x}}', '-v']\n", ("7:17-7:35", "7:37-7:41"), files=_FILES
        ),
    )

    def check(self, plugin: PluginView) -> Iterator[Finding]:
        """Yield every literal option of an argument method that the role's template writes too."""
        for manager in plugin.managers:
            for role in ("server", "client"):
                method = f"_get_{role}_specific_args"
                file = plugin.text(f"templates/{role}_command.jinja") if method in manager.own else None
                if file is not None:
                    yield from self._compare(manager, method, file)

    def _compare(self, manager: ClassView, method: str, file: TextFile) -> Iterator[Finding]:
        source = manager.module.source
        text = source.text if isinstance(source, Source) else ""
        flags = flags_of(file.source.text)
        # Looked at only where an option stands behind a quotation mark.
        if not any(re.search(rf"[\"']{flag}\b", text) for flag in flags):
            return
        for node in _literals(method_node(manager, method)):
            match = _FLAG.match(_start(node))
            if match is None or match[0] not in flags:
                continue
            line = file.source.text.count("\n", 0, flags[match[0]]) + 1
            label = "the template of the role writes it here"
            place = Place(file.shown, line, ((line, file.source.line(line)),), label)
            fields = {"class": manager.name, "method": method, "flag": match[0], "template": file.path.name}
            cure = f"remove '{match[0]}' from the method, or from the template"
            span = span_of(manager.module, node)
            yield self.finding(manager.module.shown, span, fields, cure=cure, places=(place,))


def _literals(function: ast.FunctionDef | ast.AsyncFunctionDef | None) -> list[ast.expr]:
    """Return the texts in a function, those with fields whole; a docstring is none."""
    if function is None:
        return []
    parts = {
        id(part) for node in ast.walk(function) if isinstance(node, ast.JoinedStr) for part in node.values
    }
    found = [node for node in ast.walk(function) if isinstance(node, (ast.Constant, ast.JoinedStr))]
    return sorted(
        (node for node in found if id(node) not in parts), key=lambda node: (node.lineno, node.col_offset)
    )


def _start(node: ast.expr) -> str:
    """Return the literal text that an expression starts with."""
    if isinstance(node, ast.JoinedStr):
        return _start(node.values[0]) if node.values else ""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""

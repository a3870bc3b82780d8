"""PG701: a plugin adds arguments that none of its tests is about."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from panther_gen.lint.model import Finding
from panther_gen.lint.plugins.plugin_view import PluginView
from panther_gen.lint.reading.ast_values import dotted
from panther_gen.lint.reading.parsing import parse
from panther_gen.lint.reading.source import Source
from panther_gen.lint.rule import SAMPLE_PATH, Invalid, PluginRule, Valid

__all__ = ["UntestedArguments"]

_CLASS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseServiceManager\n"
    "@register_plugin('iut', 'sample', '1.0.0')\nclass P(BaseServiceManager):\n"
)
_ARGS = f"{_CLASS}    def _get_client_specific_args(self, **kwargs): ...\n"
_TEST = "panther/plugins/services/iut/quic/sample/tests/test_sample.py"
_METHODS = ("_get_server_specific_args", "_get_client_specific_args")
_ABOUT = re.compile(
    r"\b(?:_get_server_specific_args|_get_client_specific_args|build_command|generate_run_command)\b"
)
_ASSERTS = re.compile(r"assert\w*|raises|warns|fail")
_UNITTEST = (
    "class T(TestCase):\n    def test_x(self): self.assertEqual(make()._get_client_specific_args(), [])\n"
)


class UntestedArguments(PluginRule):
    """A registered class has argument methods of its own, but no test calls them or composes a command."""

    code = "PG701"
    name = "untested-arguments"
    message = "'{class}.{method}' is tested by nothing in the plugin's 'tests/'"
    explanation = """
What a plugin adds to the command line is what it is there for, and the part that the base class's tests
cannot cover. (Best practice 5: test implementation-specific logic, do not test inherited functionality.)

One test in the plugin's `tests/` is enough that calls `_get_server_specific_args`,
`_get_client_specific_args`, `build_command` or `generate_run_command`, and asserts something. A name in a
comment, or a call whose result nobody looks at, tests nothing.
"""
    valid = (
        Valid(_ARGS, files={_TEST: "def test_x(m): assert m.build_command('client')\n"}),
        Valid(_ARGS, files={_TEST.replace("tests/", ""): _UNITTEST}),
        Valid(f"{_CLASS}    def _get_binary_name(self): ...\n"),
        Valid(_ARGS, path="fragment.py"),
    )
    invalid = (
        Invalid(_ARGS, ("5:9-5:34",), "'P._get_client_specific_args'"),
        Invalid(_ARGS, ("5:9-5:34",), files={_TEST: "def test_x(m): m.prepare()\n"}),
        Invalid(_ARGS, ("5:9-5:34",), files={_TEST: "def test_x(m): m.build_command('client')\n"}),
        Invalid(_ARGS, ("5:9-5:34",), files={_TEST: "# build_command\ndef test_x(): assert True\n"}),
        Invalid(_ARGS, ("5:9-5:34",), files={f"{SAMPLE_PATH[:-3]}_notes.py": "build_command\n"}),
    )

    def check(self, plugin: PluginView) -> Iterator[Finding]:
        """Yield a finding for the first argument method that a manager fills in."""
        for view in plugin.managers:
            method = next((name for name in view.own if name in _METHODS), None)
            if method is None or any(_tests_arguments(text) for text in _tests(plugin)):
                continue
            span = view.span(view.own[method][-1].site)
            fields = {"class": view.name, "method": method}
            cure = f"add a test to tests/test_{plugin.directory.name}.py that compares what it returns"
            yield self.finding(view.module.shown, span, fields, cure=cure)


def _tests_arguments(text: str) -> bool:
    """Tell whether a test's file calls what composes a command, and asserts something."""
    if not _ABOUT.search(text):
        return False
    try:
        nodes = list(ast.walk(parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True  # what cannot be read is not said to lack anything
    called = {dotted(one.func)[-1:] or (_attribute(one.func),) for one in nodes if isinstance(one, ast.Call)}
    names = {name for parts in called for name in parts}
    asserts = any(isinstance(one, ast.Assert) for one in nodes) or any(_ASSERTS.match(one) for one in names)
    return asserts and any(_ABOUT.fullmatch(one) for one in names)


def _attribute(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def _tests(plugin: PluginView) -> Iterator[str]:
    for text in plugin.below("tests", ".py"):
        yield text.source.text
    for module in plugin.modules:
        if module.path.name.startswith("test_") and isinstance(module.source, Source):
            yield module.source.text

"""PG501: a plugin runs a command through a shell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from panther_gen.lint.classes.look import literal_of, span_of, tree_of
from panther_gen.lint.disk.modules import Module
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.reading.source import Source
from panther_gen.lint.rule import Invalid, ModuleRule, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["ShellCommand"]

_SUSPICIOUS = ("shell", "system", "popen", "getoutput", "getstatusoutput", "sh'", 'sh"')
_SHELL = re.compile(r"(?:/(?:usr/)?bin/)?(?:ba|da|a|k|z)?sh")
_RUNS_TEXT = re.compile(r"-\w*c")
_FUNCTIONS = {
    "asyncio": {"create_subprocess_shell"},
    "os": {"system", "popen"},
    "subprocess": {"getoutput", "getstatusoutput"},
}
_IN_TESTS = ("tests", "test")


class ShellCommand(ModuleRule):
    """``shell=True``, ``os.system``, ``subprocess.getoutput`` or ``["sh", "-c", …]`` in a plugin."""

    code = "PG501"
    name = "shell-command"
    message = "{what} gives a command to a shell, which splits and expands every value in it"
    explanation = """
Ports, hosts and paths come from experiment files. A shell takes a space, `;` or `$` in one for syntax, so
the command that runs is not the one that the events report. The base class composes an argument list,
validates it and starts it without a shell. (Best practices 1 and 3; the guide's "structured command
generation and validation".)

The fix takes `shell=True` off a call with a literal list, and makes one of plain words. It is unsafe: with
a list, a shell ran the first word alone.

Return the arguments from a template method; in `_do_prepare`, call `subprocess.run([...])` with a list.
"""
    valid = (
        Valid("import subprocess\nsubprocess.run(['make', 'all'], check=True, shell=False)\n"),
        Valid("ARGUMENTS = ['sh', 'x', '-c'], ('-c', 'sh'), ['sh', x], ['-v', 'bash']\n"),
        Valid("import platform\nplatform.system()\nsystem = 'os.system(x)'\n"),
        Valid("import os\nos.system('true')\n", path="elsewhere.py"),
        Valid(
            "import os\nos.system('true')\n", path="panther/plugins/services/iut/quic/sample/tests/test_x.py"
        ),
    )
    invalid = (
        Invalid("import subprocess as s\ns.run('é $HOME', shell=True)\n", ("2:18-2:28",), "'shell=True'"),
        Invalid(
            "import subprocess as s\ns.run('make -j4 all', shell=True, check=True)\n",
            ("2:23-2:33",),
            fixed="import subprocess as s\ns.run(['make', '-j4', 'all'], check=True)\n",
            unsafe=True,
        ),
        Invalid(
            "import subprocess as s\ns.run(\n    ['make', x],  # é\n    shell=True,\n)\n",
            ("4:5-4:15",),
            fixed="import subprocess as s\ns.run(\n    ['make', x],  # é\n)\n",
            unsafe=True,
        ),
        Invalid("import os\ndef f():\n    os.system('x')\n", ("3:5-3:14",), "'os.system'"),
        Invalid("from os import popen as p\np('x')\n", ("2:1-2:2",), "'os.popen'"),
        Invalid("import subprocess\nsubprocess.getoutput('x')\n", ("2:1-2:21",), "'subprocess.getoutput'"),
        Invalid(
            "import asyncio as a\nasync def f(): await a.create_subprocess_shell('x')\n",
            ("2:22-2:47",),
            "'asyncio.create_subprocess_shell'",
        ),
        Invalid("def f(x):\n    return ['/bin/sh', '-ec', x]\n", ("2:12-2:33",), "'/bin/sh -ec'"),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield every such call in a module of a plugin."""
        if not isinstance(module.source, Source) or not any(
            word in module.source.text for word in _SUSPICIOUS
        ):
            return
        where = module.plugin_directory
        tree = tree_of(module)
        if where is None or tree is None or _is_test(module, where.path):
            return
        known = _imported(tree)
        for node in ast.walk(tree):
            found = _shell(node, known) if isinstance(node, ast.Call) else _listed(node)
            if found is not None:
                what, place = found
                cure = "give the program and its arguments as a list, to subprocess.run"
                fields = {"what": f"'{what}'"}
                yield self.finding(module.shown, span_of(module, place), fields, cure=cure)

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the removal of ``shell=True`` from a call whose command is a literal list of words.

        Plain words in one literal text become such a list.
        """
        import libcst as cst

        from panther_gen.lint.edits.shell import as_list, without_argument

        argument = document.syntax.find(cst.Arg, finding.span)
        call = document.syntax.around(argument, cst.Call) if argument is not None else None
        if argument is None or call is None or call.args[0] is argument or call.args[0].keyword is not None:
            return None
        command = call.args[0].value
        if isinstance(command, (cst.List, cst.Tuple)) and not call.args[0].star:
            return Fix("start it without a shell", "unsafe", (without_argument(document, call, argument),))
        words = as_list(command)
        if words is None:
            return None
        edit = document.replace(document.syntax.span(command), words)
        return Fix("start it without a shell", "unsafe", (edit, without_argument(document, call, argument)))


def _is_test(module: Module, plugin: Path) -> bool:
    below = module.path.absolute().relative_to(plugin).parts
    return bool(set(below) & set(_IN_TESTS)) or module.path.name.startswith("test_")


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return what names of ``os`` and ``subprocess`` are called in a module."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known.update({one.asname or one.name: one.name for one in node.names if one.name in _FUNCTIONS})
        elif isinstance(node, ast.ImportFrom) and node.module in _FUNCTIONS:
            known.update({one.asname or one.name: f"{node.module}.{one.name}" for one in node.names})
    return known


def _listed(node: ast.AST) -> tuple[str, ast.expr] | None:
    """Return what a literal list of arguments starts if that is a shell with a text to run, and the list."""
    if not isinstance(node, (ast.List, ast.Tuple)) or len(node.elts) < len(("sh", "-c", "text")):
        return None
    program, option = (literal_of(one) or "" for one in node.elts[:2])
    is_shell = _SHELL.fullmatch(program) and _RUNS_TEXT.fullmatch(option)
    return (f"{program} {option}", node) if is_shell else None


def _shell(node: ast.Call, known: dict[str, str]) -> tuple[str, ast.expr] | None:
    """Return what is called with a shell, and the expression to blame."""
    for keyword in node.keywords:
        if keyword.arg == "shell" and isinstance(keyword.value, ast.Constant) and keyword.value.value:
            start = ast.copy_location(ast.Constant(0), keyword)
            return f"shell={ast.unparse(keyword.value)}", start
    parts = ast.unparse(node.func).split(".")
    module, _, name = ".".join([known.get(parts[0], ""), *parts[1:]]).rpartition(".")
    return (f"{module}.{name}", node.func) if name in _FUNCTIONS.get(module, ()) else None

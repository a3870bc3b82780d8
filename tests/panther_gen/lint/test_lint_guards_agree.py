"""The linter finds an override exactly where the runtime refuses the class when it is defined."""

from __future__ import annotations

from pathlib import Path

import pytest

from panther_gen.lint.running.engine import check_files

HEADER = (
    "from panther.plugins.services.base import BaseServiceManager, overrides_workflow\n"
    "class Mixin:\n    def prepare(self): ...\n"
    "class Base(BaseServiceManager): ...\n"
)

#: Bodies of ``class Plugin(Base)``.
BODIES = [
    "pass",
    "def prepare(self): ...",
    "async def prepare(self): ...",
    "prepare = 1",
    "prepare: int = 1",
    "prepare: int",
    "prepare = property(lambda self: 1)",
    "@staticmethod\n    def prepare(): ...",
    "a = prepare = b = 1",
    "(a, [prepare, *b]) = 1, [2, 3]",
    "for prepare in (1,): ...",
    "for a in (1,):\n        def prepare(self): ...",
    "while not locals().get('prepare'): prepare = 1",
    "with open('/dev/null') as prepare: ...",
    "import os as prepare",
    "from os import path as prepare",
    "from os import path",
    "x = (prepare := 1)",
    "x = (lambda q=(prepare := 1): q)",
    "x = (lambda: (prepare := 1))",
    "def f(self, a=(prepare := 1)): ...",
    "def f(self):\n        prepare = 1",
    "x = [prepare for prepare in (1,)]",
    "match 1:\n        case prepare: ...",
    "match [1, 2]:\n        case [_, *prepare]: ...",
    "class prepare: ...",
    "class other:\n        def prepare(self): ...",
    "try: 1 / 0\n    except ZeroDivisionError as prepare: ...",
    "try: prepare = 1\n    finally: ...",
    "if True: prepare = 1",
    "if False: prepare = 1",
    "if 0: ...\n    else: prepare = 1",
    "def prepare(self): ...\n    del prepare",
    "global prepare\n    prepare = 1",
    "@overrides_workflow(reason='tried by hand')\n    def prepare(self): ...",
    "prepare = 1\n    @overrides_workflow(reason='tried by hand')\n    def prepare(self): ...",
    "@overrides_workflow(reason='tried by hand')\n    def prepare(self): ...\n    prepare = 1",
    "@overrides_workflow(reason='  ')\n    def prepare(self): ...",
    "locals()['prepare'] = 1",
    "vars().update(prepare=1)",
    "exec('def prepare(self): ...')",
    "exec('own = 1')",
    "__slots__ = ('prepare',)",
    "__slots__ = ('own',)",
    "prepare = Base.prepare",
    "prepare = Base.emit_event",
    "def generate_run_command(self): ...",
    "def _do_prepare(self, plugin_manager=None): ...",
]
CLASSES = [
    *(f"class Plugin(Base):\n    {body}\n" for body in BODIES),
    "class Plugin(Mixin, Base): ...\n",
    "class Plugin(Base, Mixin): ...\n",
    "Plugin = type('Plugin', (Base,), {'prepare': 1})\n",
    "Plugin = type('Plugin', (Base,), {'own': 1})\n",
    "class Plugin(type('Y', (Base,), dict(prepare=1))): ...\n",
    "import types\nPlugin = types.new_class('P', (Base,), {}, lambda n: n.update(prepare=1))\n",
    "import abc\nclass M(abc.ABCMeta): ...\nPlugin = M('Plugin', (Base,), {'prepare': 1})\n",
    "class Middle(Mixin): ...\nclass Plugin(Middle, Base): ...\n",
]


@pytest.mark.parametrize("classes", CLASSES)
def test_the_linter_and_the_runtime_agree(classes, tree):
    errors = pytest.importorskip("panther.errors")
    text = HEADER + classes
    tree({"sample.py": text})
    found = {one.code for one in check_files([Path("sample.py")]).findings} & {"PG101", "PG102"}
    try:
        exec(compile(text, "sample.py", "exec"), {"__name__": "sample"})
        refused = False
    except errors.ContractError:
        refused = True
    assert bool(found) is refused

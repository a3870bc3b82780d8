"""What the plain text says of attributes that are set is never less than what the syntax tree says."""

from __future__ import annotations

import ast
import unicodedata
import warnings
from pathlib import Path

import pytest

from panther_gen.lint.reading.patch_words import may_patch
from panther_gen.lint.reading.source import UnreadableError, read_source

FORMS = [
    "p.run = 1",
    "p.run: int = 1",
    "p.run += 1",
    "p.run >>= 1",
    "p.run @= 1",
    "p.run //= 1",
    "(p.run) = 1",
    "(p.run  # why\n) = 1",
    "p.run, q = 1, 2",
    "q, *p.run = 1, 2",
    "[q, p.run] = 1, 2",
    "(q,\n  p . run\n) = 1, 2",
    "p.\\\nrun \\\n = 1",
    "(p.  # here\n run) = 1",
    "p\t.\trun\t=\t1",
    "for p.run in x: ...",
    "for p.run\\\n in x: ...",
    "for p.run, q in x: ...",
    "[1 for p.run in x]",
    "with f() as p.run: ...",
    "with f() as (p.run): ...",
    "with (f() as p.run, g() as q): ...",
    "del p.run",
    "del p.run; x = 1",
    "del q, (p.run)",
    "del \\\n  p.run",
    "del(p.run)",
    "p.\N{FULLWIDTH LATIN SMALL LETTER R}un = 1",
    "p.run = q = 1",
    "q = p.run = 1",
    "p().x[0].run = 1",
    "setattr(p, 'run', 1)",
    "p.__dict__['run'] = 1",
    "vars(p).update(run=1)",
    "exec('p.run = 1')",
    "delattr(p, 'run')",
    "type.__setattr__(p, 'run', 1)",
    "super().__delattr__('run')",
    "eval('setatt' 'r(p, x, 1)')",
    "p.run.__code__ = f.__code__",
]
NONE = [
    "def run(p): ...",
    "run = 1",
    "p.run()",
    "p.run(x=1)",
    "p.run.x = 1",
    "p.run[0] = 1",
    "x = p.run",
    "x = p.run\ny = 1",
    "p.running = 1",
    "x = 'executable', variables, 'exec_'",
    "p.run == 1",
    "model.run()",
]


@pytest.mark.parametrize("code", FORMS)
def test_each_form_that_sets_an_attribute_is_seen(code):
    ast.parse(code)
    assert may_patch(code, {"run"})


@pytest.mark.parametrize("code", NONE)
def test_what_only_looks_like_it_costs_no_second_look(code):
    ast.parse(code)
    assert not may_patch(code, {"run"})


def test_no_attribute_that_real_code_sets_is_missed():
    files = sorted(Path(ast.__file__).parent.glob("*.py"))
    assert len(files) > 100
    for file in files:
        try:
            text = read_source(file).text
        except UnreadableError:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
        names = {node.attr for node in nodes if not isinstance(node.ctx, ast.Load)}
        unseen = [name for name in names if not may_patch(text, {unicodedata.normalize("NFKC", name)})]
        assert unseen == [], file

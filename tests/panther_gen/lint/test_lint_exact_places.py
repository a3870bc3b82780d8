"""Reading only the statements in question gives the same places as reading the whole module."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from panther_gen.lint.disk.modules import Module
from panther_gen.lint.reading.ast_reader import read_with_ast
from panther_gen.lint.reading.cst_reader import read_with_cst
from panther_gen.lint.reading.source import Source, read_source
from panther_gen.lint.rules import RULES
from panther_gen.lint.running.exact import make_exact, reduced

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted((ROOT / "panther_gen").rglob("*.py"))[::5]
CASES = [
    case.code
    for rule in RULES
    if rule.code not in {"PG001", "PG206"}  # whose cases the running Python refuses
    for case in rule.invalid
    if case.path.endswith(".py")
]
ODD = '''
import a.b, c.d as e; from f import g
class A(B[int],
        C.D): x = 1; y = 2
@deco(
    1)
class E(F):
    """Text
    over lines."""
    if a: b = 1
    elif (c :=
          2):
        d, (e, *f) = 1, (2, 3)
    else:
        # a comment
        g = """
    not code
"""; h = 2
    try:
        i = 1
    except (X, Y) as j: k = 1
    except Z:
        l = 1
    finally: m = 1
    match n:
        case [o, *p]: q = 1
        case _:
            async def r(self, s, /, t=1, *, u): return (
                1)
    def v(self):
        class W(A): z = "é"; 漢 = 1
        return W
    for x1, x2 in (): y1 = \\
        1
\tz1 = 1
'''.replace("\tz1", "    z1")


def module_of(text: str) -> Module:
    summary = read_with_ast(text)
    return Module(Path("m.py"), "m", False, (), summary, Source(text), "m.py")


@pytest.mark.parametrize("text", [ODD, *CASES])
def test_every_line_alone_gets_the_places_of_the_whole(text):
    whole = read_with_cst(text)
    for line in sorted({span.line for span in whole.spans}):
        module = module_of(text)
        make_exact(module, [line])
        theirs = sorted(span for span in whole.spans if span.line == line)
        assert sorted(span for span in module.summary.spans if span.line == line) == theirs, line


def test_all_lines_together_in_this_repository():
    assert FILES
    for path in FILES:
        text = read_source(path).text
        whole = read_with_cst(text)
        module = module_of(text)
        make_exact(module, {span.line for span in whole.spans})
        assert {span.line for span in module.summary.spans} <= {span.line for span in whole.spans}
        assert set(module.summary.spans) <= set(whole.spans), path


@pytest.mark.parametrize("text", [ODD, *CASES])
def test_what_is_left_parses_and_knows_its_lines(text):
    tree, lines = ast.parse(text), text.split("\n")
    for line in range(1, len(lines) + 1):
        left, numbers = reduced(text, tree, [line])
        ast.parse(left)
        kept = left.split("\n")
        assert len(kept) == len(numbers)
        assert all(
            one.strip() == "pass" or one == lines[at - 1] for one, at in zip(kept, numbers, strict=True)
        )
        statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
        if any(one.lineno <= line <= one.end_lineno for one in statements):
            assert line in numbers


def test_a_statement_that_a_backslash_joins_to_the_one_before_has_its_place():
    text = "class A(B):\n    x = 1; \\\n    y = 2\n    z = 3\n"
    for line in (2, 3, 4):
        module = module_of(text)
        make_exact(module, [line])
        theirs = [span for span in read_with_cst(text).spans if span.line == line]
        assert [span for span in module.summary.spans if span.line == line] == theirs

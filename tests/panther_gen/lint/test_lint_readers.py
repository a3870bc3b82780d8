"""The fast reader and the exact reader see the same, and the exact one's spans hold the names."""

from __future__ import annotations

from pathlib import Path

import pytest

from panther_gen.lint.reading.ast_reader import read_with_ast
from panther_gen.lint.reading.cst_reader import read_with_cst
from panther_gen.lint.reading.source import read_source
from panther_gen.lint.rules import RULES

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted([*(ROOT / "panther_gen").rglob("*.py"), *(ROOT / "runtime" / "panther").rglob("*.py")])
CASES = [
    case.code
    for rule in RULES
    if rule.code not in {"PG001", "PG206"}  # whose cases the running Python refuses
    for case in (*rule.valid, *rule.invalid)
    if case.path.endswith(".py")
]

ODD = '''
import a.b, c.d as e
from . import f
from .g import *
class A \\
  (B [int], C.D, *args, metaclass=M, x=(w1 := 1)) :
    global glob
    glob = 1
    x: int
    y: int = 1; z = w2 = (lambda q=(w3 := 2), *, k: (n := 3))
    (p, [q, *r]) = s = 1, (2, 3)
    def f(self, a, /, b=1, *c, d, e=(w4 := 2), **g) -> (w5 := int): inner = 1
    @deco ("x" "y", k=f"z", *a, **b)
    async def g(*, a): ...
    for i, (j.k, l[0]) in (): m = 1
    else: n = 1
    while (o := 1): u = 1
    with a as b, c as (d1, e1): v = 1
    try: t1 = 1
    except* (t5 := E) as err: t2 = 1
    else: t3 = 1
    finally: t4 = 1
    match (m0 := x):
        case [m1, *m2] | {"a": m3, **m4} if (m5 := 1): m6 = 1
        case K(m7, k=m8) as m9: ...
    if TYPE_CHECKING: never = 1
    elif 0: never = 2
    else: always = 1
    if not TYPE_CHECKING: always2 = 1
    del x, (y, z)
    l1 = [h for h in range(3)]
    augmented += 1
    class Inner(A):
        def deep(self):
            class Deepest(Inner): name = "é"
async def outer():
    class Local(A, B): prepare = "ü"; x = """
    class NotOne: ...
"""
'''


MADE = """
import types as t, builtins
from types import new_class as nc
from dataclasses import make_dataclass
class M(type): ...
P = type("P", (Base,), {"prepare": f, **{"b": lambda self: 1}, **x, (y): 2})
Q = t.new_class("Q", (Base, type("In", (*a, B), {})), {"metaclass": M}, lambda ns: ns.update(prepare=f))
R = nc("R", (Base,), None, lambda ns: (ns.update({"prepare": f}), ns.__setitem__("c", 1), g(ns)))
V = W = nc(name="V", bases=bases, kwds=kw, exec_body=fill)
D: type = make_dataclass("D", [], bases=(Base,), namespace=dict(prepare=f, **z))
E = builtins.type(name(), (Base,), {})
N = type.__new__(type, "N", (Base,), dict(x))
not_one = type(*spec), type("x", y), other("P", (1, 2), {})
class X(type(
    "Y", (Base,), dict(prepare=f)), metaclass=M, **kw):
    __slots__ = ("prepare", "b")
    locals()["c"] = 1
    vars().update(d=1, **more)
    exec("def e(self): ...")
    exec(make())
    exec("x = 1", {}); exec("x = 1", globals(), locals()); exec("x = (")
    if "a" in locals(): z = locals()["z"]
    y = {k: 1 for k in locals()}; w = lambda: locals()
    g(locals())
    x = dict(locals())
    for locals()["h"] in (): ...
    a, (*locals()["i"], locals()[j]) = b
    locals().setdefault("s", 1); locals().pop("s"); locals().clear()
    sys._getframe().f_locals["k"] = 1
class Z:
    __slots__ = "prepare"
    __slots__: tuple = {"q": "doc"}
    __slots__ = computed
S = register_plugin("iut")(type("S", (Base,), {}))
def f(a=type("A", (Base,), {})):
    return M("T", (Base,), {"u": 1})
"""


def described(summary):
    """Everything in a summary but the order of what one statement binds, and columns."""

    def line(site):
        return summary.spans[site].line

    def decorators(found):
        return [(one.reference.parts, one.arguments, line(one.reference.site)) for one in found]

    def binding(one):
        facts = (one.how, one.conditional, one.target, one.alias, one.called, one.signature, one.constant)
        return (line(one.site), *facts, decorators(one.decorators), one.klass >= 0)

    def scope(index):
        found = summary.scopes[index]
        names = {name: sorted(map(repr, map(binding, every))) for name, every in found.bindings.items()}
        opaque = sorted((reason, line(site)) for reason, site in found.opaque)
        stars = [(star.target, star.conditional) for star in found.stars]
        return found.kind, names, stars, opaque

    def reference(one):
        inner = summary.classes[one.klass].name if one.klass >= 0 else ""
        return one.parts, line(one.site), inner

    classes = [
        (
            one.qualname,
            line(one.site),
            [reference(base) for base in one.bases],
            decorators(one.decorators),
            one.maker and reference(one.maker),
            one.metaclass and reference(one.metaclass),
            scope(one.body),
        )
        for one in summary.classes
    ]
    return scope(0), sorted(classes, key=repr)


@pytest.mark.parametrize("text", [ODD, MADE, *CASES])
def test_the_readers_agree_on_samples(text):
    assert described(read_with_ast(text)) == described(read_with_cst(text))


def test_the_readers_agree_on_this_repository():
    assert FILES
    for path in FILES:
        text = read_source(path).text
        assert described(read_with_ast(text)) == described(read_with_cst(text)), path


@pytest.mark.parametrize("text", [ODD, ODD.replace("    ", "\t"), MADE, *CASES])
def test_an_exact_span_holds_its_name(text):
    summary = read_with_cst(text)
    lines = text.split("\n")
    for scope in summary.scopes:
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                span = summary.spans[binding.site]
                shown = lines[span.line - 1][span.column - 1 : span.end_column - 1]
                assert shown in {name, f"'{name}'", f'"{name}"', "exec"}


def test_a_base_is_shown_whole_where_it_stands_on_one_line():
    summary = read_with_cst("class A(first.Base[int], (Second), make(1)(2), third\n    .Base): ...\n")
    spans = [summary.spans[base.site] for base in summary.classes[0].bases]
    assert [(span.column, span.end_column) for span in spans] == [(9, 24), (27, 33), (36, 46), (48, 53)]

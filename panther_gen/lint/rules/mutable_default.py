"""PG402: a configuration's default is a list, dict or set that all its objects would share."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import span_of
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.plugins.config_fields import fields_of
from panther_gen.lint.plugins.shipped import is_config
from panther_gen.lint.reading.ast_values import dotted
from panther_gen.lint.rule import ClassRule, Invalid, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["MutableDefault"]

_MODELS = "from panther.config.core.models import ImplementationConfig\n"
_C = "class C(ImplementationConfig):\n"
_CLASS = f"from dataclasses import dataclass, field\n{_MODELS}@dataclass\n{_C}"
_NO_FIELD = f"from dataclasses import dataclass\n{_MODELS}@dataclass\n{_C}"
_MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_MAKERS = {
    "ChainMap",
    "Counter",
    "OrderedDict",
    "UserDict",
    "UserList",
    "bytearray",
    "defaultdict",
    "deque",
    "dict",
    "list",
    "set",
}


class MutableDefault(ClassRule):
    """A field's default is a mutable literal, or a call of ``list``, ``deque`` or another such factory."""

    code = "PG402"
    name = "mutable-default"
    message = "the default of '{class}.{field}' is a {kind}, which every configuration would share"
    explanation = """
A default is made once, when the class is defined: `dataclass` refuses a list, dict or set there, and the
plugin cannot be imported. (Best practice 4, and the guide's own schema: `field(default_factory=list)`.)

The fix is safe: it imports `field` where that is missing. Where the default uses a name of the class's
body, which a lambda there cannot see, there is none.

`field(default_factory=lambda: ["h2", "h3"])` makes a new list with values for each configuration.
"""
    valid = (
        Valid(f"{_CLASS}    words: list[str] = field(default_factory=list)\n    pair: object = (1, 2)\n"),
        Valid(f"{_CLASS}    words: list[str] = field(default_factory=lambda: ['h2'])\n    x: int\n"),
        Valid("from typing import ClassVar\n" + f"{_CLASS}    KNOWN: ClassVar[list[str]] = ['a']\n"),
        Valid("class Other:\n    words: list[str] = []\n"),
    )
    invalid = (
        Invalid(
            f"{_CLASS}    words: list[str] = []\n",
            ("5:24-5:26",),
            "is a list",
            fixed=f"{_CLASS}    words: list[str] = field(default_factory=list)\n",
        ),
        Invalid(
            f"{_NO_FIELD}    words: list[str] = [  # é\n        'x',\n    ]  # mine\n"
            "    y: set[int] = {1}\n",
            ("5:24-7:6", "8:19-8:22"),
            fixed=f"{_CLASS}    words: list[str] = field(default_factory=lambda: [  # é\n        'x',\n"
            "    ])  # mine\n    y: set[int] = field(default_factory=lambda: {1})\n",
        ),
        Invalid(
            f"'D.'\n{_MODELS}import dataclasses as d\n@d.dataclass\n{_C}    x: list[str] = []\n",
            ("6:20-6:22",),
            fixed=f"'D.'\n{_MODELS}import dataclasses as d\n@d.dataclass\n{_C}"
            "    x: list[str] = d.field(default_factory=list)\n",
        ),
        Invalid(
            f"import collections as c\n{_CLASS}    a: object = c.deque()\n    b: object = c.Counter('x')\n",
            ("6:17-6:26", "7:17-7:31"),
            "is a deque",
            fixed=f"import collections as c\n{_CLASS}    a: object = field(default_factory=c.deque)\n"
            "    b: object = field(default_factory=lambda: c.Counter('x'))\n",
        ),
        Invalid(f"{_CLASS}    words: list[str] = field(default=[])\n", ("5:38-5:40",), "is a list"),
        Invalid(
            f"{_CLASS}    base: str = 'x'\n    words: list[str] = [base]\n",
            ("6:24-6:30",),
        ),
        Invalid(
            f"{_CLASS}    words: dict[str, str] = {{'é': ''}}; x: set[str] = set()\n",
            ("5:29-5:38", "5:54-5:59"),
            fixed=f"{_CLASS}    words: dict[str, str] = field(default_factory=lambda: {{'é': ''}}); "
            "x: set[str] = field(default_factory=set)\n",
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every field of the class's body with a mutable default."""
        for field in fields_of(view) if is_config(view) else ():
            value = _default(field.value)
            kind = _kind(value)
            if kind and value is not None:
                maker = ast.unparse(value.func) if isinstance(value, ast.Call) else kind
                factory = maker if _is_empty(value) else f"lambda: {ast.unparse(value)}"
                cure = (
                    f"write {field.name}: {ast.unparse(field.annotation)} = field(default_factory={factory})"
                )
                fields = {
                    "class": view.name,
                    "field": field.name,
                    "kind": kind,
                    "factory": maker if _is_empty(value) else "",
                    "given": "" if value is field.value else "field",
                }
                yield self.finding(view.module.shown, span_of(view.module, value), fields, cure=cure)

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the default factory, and the import that it needs."""
        import libcst as cst

        from panther_gen.lint.edits.python_code import imported

        syntax, source = document.syntax, document.part(finding.span)
        value = syntax.expression(finding.span)
        around = syntax.around(value, cst.ClassDef) if value is not None else None
        found = imported(document, "dataclasses", "field", finding.span.line)
        if value is None or around is None or found is None or finding.fact("given"):
            return None
        factory = finding.fact("factory")
        if not factory:
            factory = f"lambda: {source}"
            if syntax.uses_names_of(value, around):  # which the lambda would not see
                return None
        name, edits = found
        new = document.replace(finding.span, f"{name}(default_factory={factory})")
        return Fix(f"make it anew: {name}(default_factory=…)", "safe", (*edits, new))


def _default(value: ast.expr | None) -> ast.expr | None:
    """Return a field's default, also where it stands in ``field(default=…)``."""
    if isinstance(value, ast.Call) and dotted(value.func)[-1:] == ("field",):
        return next((one.value for one in value.keywords if one.arg == "default"), None)
    return value


def _kind(value: ast.expr | None) -> str:
    if isinstance(value, _MUTABLE):
        return type(value).__name__.removesuffix("Comp").lower()
    name = dotted(value.func)[-1:] if isinstance(value, ast.Call) else ()
    return name[0] if name and name[0] in _MAKERS else ""


def _is_empty(value: ast.expr) -> bool:
    parts = [*getattr(value, "elts", ()), *getattr(value, "keys", ()), *getattr(value, "args", ())]
    return not parts and not isinstance(value, (ast.ListComp, ast.DictComp, ast.SetComp))

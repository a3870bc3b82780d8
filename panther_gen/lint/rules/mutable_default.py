"""PG402: a configuration's default is a list, dict or set that all its objects would share."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from panther_gen.lint.config_fields import fields_of
from panther_gen.lint.hierarchy import ClassView
from panther_gen.lint.look import span_of
from panther_gen.lint.model import Finding
from panther_gen.lint.rule import ClassRule, Invalid, Valid
from panther_gen.lint.shipped import is_config

__all__ = ["MutableDefault"]

_CLASS = (
    "from dataclasses import dataclass, field\n"
    "from panther.config.core.models import ImplementationConfig\n"
    "@dataclass\nclass C(ImplementationConfig):\n"
)
_MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_MAKERS = {"list", "dict", "set"}


class MutableDefault(ClassRule):
    """A field's default is a mutable literal, or a call of ``list``, ``dict`` or ``set``."""

    code = "PG402"
    name = "mutable-default"
    message = "the default of '{class}.{field}' is a {kind}, which every configuration would share"
    explanation = """
A default is made once, when the class is defined: `dataclass` refuses a list, dict or set there, and the
plugin cannot be imported. (Best practice 4, and the guide's own schema: `field(default_factory=list)`.)

`field(default_factory=lambda: ["h2", "h3"])` makes a new list with values for each configuration.
"""
    valid = (
        Valid(f"{_CLASS}    words: list[str] = field(default_factory=list)\n    pair: object = (1, 2)\n"),
        Valid(f"{_CLASS}    words: list[str] = field(default_factory=lambda: ['h2'])\n    x: int\n"),
        Valid("from typing import ClassVar\n" + f"{_CLASS}    KNOWN: ClassVar[list[str]] = ['a']\n"),
        Valid("class Other:\n    words: list[str] = []\n"),
    )
    invalid = (
        Invalid(f"{_CLASS}    words: list[str] = []\n", ("5:24-5:26",), "is a list"),
        Invalid(
            f"{_CLASS}    words: dict[str, str] = {{'é': ''}}; x: set[str] = set()\n",
            ("5:29-5:38", "5:54-5:59"),
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every field of the class's body with a mutable default."""
        for field in fields_of(view) if is_config(view) else ():
            kind = _kind(field.value)
            if kind and field.value is not None:
                factory = kind if _is_empty(field.value) else f"lambda: {ast.unparse(field.value)}"
                cure = (
                    f"write {field.name}: {ast.unparse(field.annotation)} = field(default_factory={factory})"
                )
                fields = {"class": view.name, "field": field.name, "kind": kind}
                yield self.finding(view.module.shown, span_of(view.module, field.value), fields, cure=cure)


def _kind(value: ast.expr | None) -> str:
    if isinstance(value, _MUTABLE):
        return type(value).__name__.removesuffix("Comp").lower()
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in _MAKERS:
        return value.func.id
    return ""


def _is_empty(value: ast.expr) -> bool:
    parts = [*getattr(value, "elts", ()), *getattr(value, "keys", ()), *getattr(value, "args", ())]
    return not parts and not isinstance(value, (ast.ListComp, ast.DictComp, ast.SetComp))

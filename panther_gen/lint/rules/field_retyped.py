"""PG401: a configuration redefines a field of its base with another type."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import span_of
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.plugins.config_fields import Field, annotation_key, fields_of
from panther_gen.lint.plugins.shipped import config_fields, is_config
from panther_gen.lint.rule import ClassRule, Invalid, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["FieldRetyped"]

_CLASS = (
    "from dataclasses import dataclass, field\nfrom typing import Dict, Literal, Optional\n"
    "from panther.config.core.models import IUTConfig\n@dataclass\nclass C(IUTConfig):\n"
)


class FieldRetyped(ClassRule):
    """A field of ImplementationConfig or IUTConfig is annotated with a type that differs."""

    code = "PG401"
    name = "field-retyped"
    message = "'{class}' gives the inherited field '{field}' the type '{type}', but it is '{known}'"
    explanation = """
The base class's code, the check of experiment files and every reader of the configuration count on the
type of an inherited field. (Best practice 4: do not redefine common parameters.)

A new default is fine: repeat the type and change the value. A choice of values may narrow a `str` or `int`
to a `Literal`. For something else, add a field of another name.

The fix writes the inherited type. It is unsafe: a default of the other type has to follow.
"""
    valid = (
        Valid(f"{_CLASS}    default_port: int = 4443\n    binary_name: str = 'x'\n"),
        Valid(f"{_CLASS}    custom_options: dict[str, str] = field(default_factory=dict)\n"),
        Valid(f"{_CLASS}    dockerfile_template: Optional[str]\n    base_image_override: 'None|str'\n"),
        Valid(f"{_CLASS}    protocol_version: Literal['1.0', '2.0'] = '2.0'\n    own: float = 1.0\n"),
        Valid(f"{_CLASS}    default_port = 4443\n"),
        Valid("class Other:\n    default_port: str = ''\n"),
    )
    invalid = (
        Invalid(
            f"{_CLASS}    default_port: str = '4443'\n",
            ("6:19-6:22",),
            "but it is 'int'",
            fixed=f"{_CLASS}    default_port: int = '4443'\n",
            unsafe=True,
        ),
        Invalid(
            f"{_CLASS}    connect_timeout: int = 1\n",
            ("6:22-6:25",),
            "but it is 'float'",
            fixed=f"{_CLASS}    connect_timeout: float = 1\n",
            unsafe=True,
        ),
        Invalid(
            f"{_CLASS}    custom_options: Dict[str, int] = field()\n",
            ("6:21-6:35",),
            fixed=f"{_CLASS}    custom_options: Dict[str, str] = field()\n",
            unsafe=True,
        ),
        Invalid(
            f"{_CLASS}    binary_name: Optional[str]\n",
            ("6:18-6:31",),
            "'Optional[str]'",
            fixed=f"{_CLASS}    binary_name: str\n",
            unsafe=True,
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every field of the class's body that has another type than the inherited one."""
        if not is_config(view):
            return
        known = config_fields(view)
        for field in fields_of(view):
            inherited = known.get(field.name)
            if inherited is None or _agrees(field, inherited[0]):
                continue
            annotation, place = inherited
            fields = {
                "class": view.name,
                "field": field.name,
                "type": ast.unparse(field.annotation),
                "known": annotation,
            }
            cure = f"write '{field.name}: {annotation}' with a default of your own, or choose another name"
            span = span_of(view.module, field.annotation)
            yield self.finding(view.module.shown, span, fields, cure=cure, places=(place,))

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the inherited annotation, spelt with the names that the file has."""
        from panther_gen.lint.edits.python_code import expression_source

        known = expression_source(document, finding.fact("known"))
        if known is None:
            return None
        return Fix(f"annotate it with '{known}'", "unsafe", (document.replace(finding.span, known),))


def _agrees(field: Field, known: str) -> bool:
    own, base = annotation_key(field.annotation), annotation_key(ast.parse(known, mode="eval").body)
    # A name that is neither builtin nor typing's may stand for anything: a type alias, a NewType.
    is_alias = isinstance(field.annotation, ast.Name) and field.annotation.id[:1].isupper()
    return own == base or is_alias or (own.startswith("Literal[") and base in {"str", "int"})

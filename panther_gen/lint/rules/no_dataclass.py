"""PG403: a configuration with fields is no dataclass."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.config_fields import fields_of
from panther_gen.lint.hierarchy import ClassView
from panther_gen.lint.look import span_of
from panther_gen.lint.model import Finding
from panther_gen.lint.rule import ClassRule, Invalid, Valid
from panther_gen.lint.shipped import is_config

__all__ = ["NoDataclass"]

_MODELS = "from panther.config.core.models import IUTConfig\n"
_C = "class C(IUTConfig):\n"


class NoDataclass(ClassRule):
    """A class derived from ImplementationConfig annotates fields, but lacks ``@dataclass``."""

    code = "PG403"
    name = "no-dataclass"
    message = "'{class}' adds '{field}', but lacks @dataclass: the field is no part of the configuration"
    explanation = """
Without `@dataclass`, annotated names in a subclass stay mere class attributes: an experiment file cannot
set them, new defaults of inherited fields have no effect, and nothing says so. (Guide, "Define the
Configuration Schema"; best practice 4.)
"""
    valid = (
        Valid(f"from dataclasses import dataclass\n{_MODELS}@dataclass\n{_C}    own: int = 1\n"),
        Valid(f"import dataclasses as d\n{_MODELS}@d.dataclass(frozen=False)\n{_C}    own: int = 1\n"),
        Valid(f"{_MODELS}class C(IUTConfig):\n    'Nothing of its own.'\n"),
        Valid(f"{_MODELS}from mine import configuration\n@configuration\n{_C}    own: int = 1\n"),
        Valid("class Other:\n    own: int = 1\n"),
    )
    invalid = (
        Invalid(f"{_MODELS}{_C}    own: int = 1\n    x: str = ''\n", ("2:7-2:8",), "adds 'own'"),
        Invalid(
            f"from dataclasses import dataclass\n{_MODELS}@dataclass\nclass B(IUTConfig):\n    own: int = 1\n"
            "class C(B):\n    own: int = 2\n",
            ("6:7-6:8",),
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a finding if the class annotates a field and has no decorator."""
        # Another decorator may make it a dataclass.
        if view.summary.decorators or not is_config(view):
            return
        for field in fields_of(view)[:1]:
            span = view.span(view.summary.site)
            line = span_of(view.module, field.node).line
            fields = {"class": view.name, "field": field.name}
            cure = f"write @dataclass above it; '{field.name}' is in line {line}"
            yield self.finding(view.module.shown, span, fields, cure=cure)

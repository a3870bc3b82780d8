"""PG403: a configuration with fields is no dataclass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import span_of
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.plugins.config_fields import fields_of
from panther_gen.lint.plugins.shipped import is_config
from panther_gen.lint.rule import ClassRule, Invalid, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["NoDataclass"]

_MODELS = "from panther.config.core.models import IUTConfig\n"
_C = "class C(IUTConfig):\n"
_IMPORT = "from dataclasses import dataclass\n"


class NoDataclass(ClassRule):
    """A class derived from ImplementationConfig annotates fields, but lacks ``@dataclass``."""

    code = "PG403"
    name = "no-dataclass"
    message = "'{class}' adds '{field}', but lacks @dataclass: the field is no part of the configuration"
    explanation = """
Without `@dataclass`, annotated names in a subclass stay mere class attributes: an experiment file cannot
set them, new defaults of inherited fields have no effect, and nothing says so. (Guide, "Define the
Configuration Schema"; best practice 4.)

The fix writes the decorator, and imports it. It is unsafe where the class has an `__init__` of its own.
Where a field lacks a default there is none: it has to be given one first.
"""
    valid = (
        Valid(f"from dataclasses import dataclass\n{_MODELS}@dataclass\n{_C}    own: int = 1\n"),
        Valid(f"import dataclasses as d\n{_MODELS}@d.dataclass(frozen=False)\n{_C}    own: int = 1\n"),
        Valid(f"{_MODELS}class C(IUTConfig):\n    'Nothing of its own.'\n"),
        Valid(f"{_MODELS}from mine import configuration\n@configuration\n{_C}    own: int = 1\n"),
        Valid("class Other:\n    own: int = 1\n"),
    )
    invalid = (
        Invalid(
            f"{_MODELS}{_C}    own: int = 1\n    x: str = ''\n",
            ("2:7-2:8",),
            "adds 'own'",
            fixed=f"{_IMPORT}{_MODELS}@dataclass\n{_C}    own: int = 1\n    x: str = ''\n",
        ),
        Invalid(f"{_MODELS}{_C}    own: int\n", ("2:7-2:8",)),
        Invalid(
            f"{_MODELS}{_C}    own: int = 1\n    def __init__(self): ...\n",
            ("2:7-2:8",),
            fixed=f"from dataclasses import dataclass\n{_MODELS}@dataclass\n{_C}    own: int = 1\n"
            "    def __init__(self): ...\n",
            unsafe=True,
        ),
        Invalid(
            "'D.'\nfrom __future__ import annotations\n"
            f"if True:\n    {_MODELS}    {_C}        own: int = 1\n",
            ("5:11-5:12",),
            fixed="'D.'\nfrom __future__ import annotations\n\nfrom dataclasses import dataclass\n"
            f"if True:\n    {_MODELS}    @dataclass\n    {_C}        own: int = 1\n",
        ),
        Invalid(
            f"from dataclasses import dataclass\n{_MODELS}@dataclass\nclass B(IUTConfig):\n    own: int = 1\n"
            "class C(B):\n    own: int = 2\n",
            ("6:7-6:8",),
            fixed=f"{_IMPORT}{_MODELS}@dataclass\nclass B(IUTConfig):\n    own: int = 1\n"
            "@dataclass\nclass C(B):\n    own: int = 2\n",
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
            bare = next((one.name for one in fields_of(view) if one.value is None), "")
            fields = {"class": view.name, "field": field.name, "without_default": bare}
            cure = f"write @dataclass above it; '{field.name}' is in line {line}"
            yield self.finding(view.module.shown, span, fields, cure=cure)

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the decorator, and the import that it needs."""
        import libcst as cst

        from panther_gen.lint.edits.classes import method_named
        from panther_gen.lint.edits.python_code import imported

        node = document.syntax.definition(cst.ClassDef, finding.span)
        line = finding.span.line
        found = imported(document, "dataclasses", "dataclass", line)
        if node is None or found is None or finding.fact("without_default"):
            return None
        name, edits = found
        new = document.insert_lines(line, [f"{document.syntax.indent(node)}@{name}"])
        has_own = method_named(node, "__init__") is not None
        return Fix(f"write @{name} above it", "unsafe" if has_own else "safe", (*edits, new))

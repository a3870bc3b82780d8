"""PG103: a class of which objects are made lacks a required template method."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.classes.completeness import lacking
from panther_gen.lint.classes.contract import inherited_contract, place_of
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.method_form import form_of
from panther_gen.lint.classes.spelling import misspelt
from panther_gen.lint.edits.signatures import written
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.rule import ClassRule, Invalid, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["RequiredMethodMissing"]

_BASE = "from panther.plugins.services.base import BaseServiceManager\n"
_REGISTERED = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    f"{_BASE}@register_plugin(plugin_type='iut', name='sample', version='1.0.0')\n"
)
_NAME = "    def _get_implementation_name(self):\n        return 'sample'\n"
_BINARY = "    def _get_binary_name(self):\n        return 'sample'\n"
# What a stub of each form begins with; of other forms none is written.
_STUBS: dict[str, list[str]] = {"method": [], "property": ["@property"]}


class RequiredMethodMissing(ClassRule):
    """No object of a class can be made, because a required template method is abstract."""

    code = "PG103"
    name = "required-method-missing"
    message = "'{class}' {why}, but lacks the required {word} method '{method}'"
    explanation = """
A required template method is abstract in the base class: Python refuses to make an object of a class
that lacks one, and the run would stop there. Only registered classes must be complete; a class without
`@register_plugin` may be a base class of others. (Best practice 3: implement the abstract methods.)

Below a base class of another framework (`--contract`) a class must be complete if it is called in its own
file, or is `@final`. Where a base class or a decorator that is not known may define the method, nothing is
reported.

The fix renames a misspelt method; it is unsafe where another file of the plugin uses that name. Where
there is none, it adds a method that raises NotImplementedError, which is unsafe: it has to be filled in.
"""
    valid = (
        Valid(f"{_REGISTERED}class Plugin(BaseServiceManager):\n{_NAME}{_BINARY}"),
        Valid(f"{_BASE}class Half(BaseServiceManager):\n{_NAME}"),
        Valid(f"{_BASE}class Half(BaseServiceManager):\n{_BINARY}{_REGISTERED}class Plugin(Half):\n{_NAME}"),
        Valid(
            f"{_REGISTERED}class Plugin(BaseServiceManager):\n"
            "    _get_implementation_name = _get_binary_name = lambda self: 'sample'\n"
        ),
    )
    invalid = (
        Invalid(
            f"{_REGISTERED}class Plugin(BaseServiceManager):\n{_NAME}",
            ("4:7-4:13",),
            "'_get_binary_name'",
            fixed=f"{_REGISTERED}class Plugin(BaseServiceManager):\n{_NAME}\n"
            "    def _get_binary_name(self) -> str:\n        raise NotImplementedError\n",
            unsafe=True,
        ),
        Invalid(
            f"{_REGISTERED}class Plugin(BaseServiceManager):\n{_NAME}    def _get_binayr_name(self): ...\n",
            ("4:7-4:13",),
            "'_get_binary_name'",
            fixed=f"{_REGISTERED}class Plugin(BaseServiceManager):\n{_NAME}"
            "    def _get_binary_name(self): ...\n",
        ),
        Invalid(
            f"{_REGISTERED}class Plugin(BaseServiceManager): ...\n",
            ("4:7-4:13", "4:7-4:13"),
            fixed=f"{_REGISTERED}class Plugin(BaseServiceManager):\n"
            "    def _get_binary_name(self) -> str:\n        raise NotImplementedError\n\n"
            "    def _get_implementation_name(self) -> str:\n        raise NotImplementedError\n",
            unsafe=True,
        ),
        Invalid(
            "from abc import abstractmethod\n"
            f"{_REGISTERED}class Plugin(BaseServiceManager):\n{_NAME}{_BINARY}"
            "    @abstractmethod\n    def own(self): ...\n",
            ("5:7-5:13",),
            "'own'",
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every required method that the class and its bases leave abstract."""
        why, slots = lacking(view)
        for slot in slots:
            contract = inherited_contract(view)
            wrong = {misspelt(name, contract): name for name in view.own}.get(slot.name)
            fields = {
                "class": view.name,
                "why": why,
                "word": slot.word,
                "method": slot.name,
                "wrong": wrong or "",
                "form": "own" if slot.name in view.own else form_of(slot.owner, slot.binding),
                "signature": written(slot.signature) if slot.signature else "",
                "returns": slot.binding.returns,
            }
            cure = f"rename '{wrong}' to '{slot.name}'" if wrong else f"define '{slot.name}' in '{view.name}'"
            span = view.span(view.summary.site)
            yield self.finding(view.module.shown, span, fields, cure=cure, places=(place_of(slot),))

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the renaming of a misspelt method that nothing names, or else a stub of the missing one."""
        import libcst as cst

        from panther_gen.lint.edits.classes import append_method, method_named
        from panther_gen.lint.edits.python_code import expression_source, named_elsewhere

        node = document.syntax.definition(cst.ClassDef, finding.span)
        if node is None:
            return None
        method, wrong = finding.fact("method"), finding.fact("wrong")
        function = method_named(node, wrong) if wrong else None
        if function is not None and len(re.findall(rf"\b{wrong}\b", document.text)) == 1:
            edit = document.replace(document.syntax.span(function.name), method)
            elsewhere = named_elsewhere(document.path, wrong)
            return Fix(f"rename '{wrong}' to '{method}'", "unsafe" if elsewhere else "safe", (edit,))
        form = finding.fact("form")
        if form not in _STUBS:
            return None
        returns = expression_source(document, finding.fact("returns"))
        arrow = f" -> {returns}" if returns else ""
        lines = [
            *_STUBS[form],
            f"def {method}({finding.fact('signature') or 'self'}){arrow}:",
            "    raise NotImplementedError",
        ]
        stub = append_method(document, node, lines)
        if stub is None:
            return None
        return Fix(f"add a '{method}' that raises NotImplementedError", "unsafe", (stub,))

"""PG104: a method that nothing calls has nearly the name of a template method."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.classes.completeness import lacking
from panther_gen.lint.classes.contract import Slot, contract_of, inherited_contract, place_of
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.spelling import misspelt
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.rule import SAMPLE_PATH, ClassRule, Invalid, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["MisspeltTemplateMethod"]

_CLASS = "from panther.plugins.services.base import BaseServiceManager\nclass Plugin(BaseServiceManager):\n"


class MisspeltTemplateMethod(ClassRule):
    """A method is defined whose name differs from a template method's by a slip of the pen."""

    code = "PG104"
    name = "misspelt-template-method"
    message = "'{class}' defines '{method}', which nothing calls; the {word} method is '{template}'"
    explanation = """
The base class calls template methods by their names, so a misspelt one is never called, and no error
says so: the plugin runs without the arguments that it thinks it adds. (Best practice 3: the template method
pattern.)

A method that the file uses under its own name is a helper, however close its name is. Where the template
method is required and the class must be complete, `PG103` reports it. In a class below another framework's
base class (`--contract`) only a name that is close to a required method which the class lacks is reported:
its other methods may be called from anywhere.

The fix renames the definition. It is unsafe where another file of the plugin uses the name: that file
would have to follow.
"""
    valid = (
        Valid(
            f"{_CLASS}    def _setup_implementation(self): ...\n    def _validate_requirements(self): ...\n"
        ),
        Valid(
            f"{_CLASS}    def _get_programs(self): ...\n"
            "    def _get_program(self, **kwargs):\n        return self._get_programs()\n"
        ),
        Valid("class Other:\n    def _get_binary_nam(self): ...\n"),
    )
    invalid = (
        Invalid(
            f"{_CLASS}    def _get_server_specifc_args(self, **kwargs): ...\n",
            ("3:9-3:33",),
            "'_get_server_specific_args'",
            fixed=f"{_CLASS}    def _get_server_specific_args(self, **kwargs): ...\n",
        ),
        Invalid(
            f"{_CLASS}    def get_binary_name(self): ...\n",
            ("3:9-3:24",),
            "'_get_binary_name'",
            files={SAMPLE_PATH.replace("sample.py", "tests/test_it.py"): "P().get_binary_name()\n"},
            fixed=f"{_CLASS}    def _get_binary_name(self): ...\n",
            unsafe=True,
        ),
        Invalid(
            f"{_CLASS}    def _doPrepare(self, manager=None): ...\n",
            ("3:9-3:19",),
            "'_do_prepare'",
            fixed=f"{_CLASS}    def _do_prepare(self, manager=None): ...\n",
        ),
        Invalid(
            f"{_CLASS}    _get_binayr_name = lambda self: ''\n",
            ("3:5-3:21",),
            "'_get_binary_name'",
            fixed=f"{_CLASS}    _get_binary_name = lambda self: ''\n",
        ),
        Invalid(
            f"{_CLASS}    def get_binary_name(self): ...\n"
            "class Other(BaseServiceManager):\n    def get_binary_name(self): ...\n",
            ("3:9-3:24", "5:9-5:24"),
            fixed=f"{_CLASS}    def _get_binary_name(self): ...\n"
            "class Other(BaseServiceManager):\n    def _get_binary_name(self): ...\n",
        ),
        Invalid(
            f"{_CLASS}    def _get_binayr_name(self): ...\n    def _get_binary_name(self): ...\n",
            ("3:9-3:25",),
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every function in the class's body whose name is nearly a template method's."""
        contract = inherited_contract(view)
        for name, bindings in view.own.items() if contract else ():
            binding = bindings[-1]
            if binding.signature is None or not (meant := misspelt(name, contract)):
                continue
            if any(name in base.own for base in view.mro[1:]) or _is_used(view, name):
                continue
            if meant in {slot.name for slot in lacking(view)[1]}:  # another rule reports that
                continue
            if _is_free(view, contract[meant]):
                continue
            fields = {
                "class": view.name,
                "method": name,
                "template": meant,
                "word": contract[meant].word,
                "defined": "yes" if meant in view.own else "",
            }
            span = view.span(binding.site)
            places = (place_of(contract[meant]),)
            yield self.finding(view.module.shown, span, fields, cure=f"rename it to '{meant}'", places=places)

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the renaming; where the class has the template method too, only one of them can stay."""
        from panther_gen.lint.edits.python_code import named_elsewhere

        if finding.fact("defined"):
            return None
        meant = finding.fact("template")
        elsewhere = named_elsewhere(document.path, finding.fact("method"))
        edits = (document.replace(finding.span, meant),)
        return Fix(f"rename it to '{meant}'", "unsafe" if elsewhere else "safe", edits)


def _is_free(view: ClassView, slot: Slot) -> bool:
    """Tell whether a class may well have a method whose name is close to one of another framework's."""
    if not slot.owner.is_foreign or not slot.owner.mark(slot.binding).abstract:
        return False  # a mark of the runtime's own says that the base class calls it
    is_abstract = any(view.mark(binding).abstract for bindings in view.own.values() for binding in bindings)
    return is_abstract or not contract_of(view)[slot.name].abstract


def _is_used(view: ClassView, name: str) -> bool:
    """Tell whether the file names it outside of its definitions."""
    lines = view.module.summary.spans
    defined = {
        lines[binding.site].line for binding in view.module.summary.scopes[view.summary.body].bindings[name]
    }
    pattern = re.compile(rf"(?<!def )\b{re.escape(name)}\b")  # another class's method is no use of it
    return any(number not in defined for number in view.module.source.lines_with(pattern))

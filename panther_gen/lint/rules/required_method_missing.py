"""PG103: a class of which objects are made lacks a required template method."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.completeness import lacking
from panther_gen.lint.contract import inherited_contract, place_of
from panther_gen.lint.hierarchy import ClassView
from panther_gen.lint.model import Finding
from panther_gen.lint.rule import ClassRule, Invalid, Valid
from panther_gen.lint.spelling import misspelt

__all__ = ["RequiredMethodMissing"]

_BASE = "from panther.plugins.services.base import BaseServiceManager\n"
_REGISTERED = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    f"{_BASE}@register_plugin(plugin_type='iut', name='sample', version='1.0.0')\n"
)
_NAME = "    def _get_implementation_name(self):\n        return 'sample'\n"
_BINARY = "    def _get_binary_name(self):\n        return 'sample'\n"


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
            f"{_REGISTERED}class Plugin(BaseServiceManager):\n{_NAME}", ("4:7-4:13",), "'_get_binary_name'"
        ),
        Invalid(
            f"{_REGISTERED}class Plugin(BaseServiceManager):\n{_NAME}    def _get_binayr_name(self): ...\n",
            ("4:7-4:13",),
            "'_get_binary_name'",
        ),
        Invalid(f"{_REGISTERED}class Plugin(BaseServiceManager): ...\n", ("4:7-4:13", "4:7-4:13")),
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
            fields = {"class": view.name, "why": why, "word": slot.word, "method": slot.name}
            contract = inherited_contract(view)
            written = {misspelt(name, contract): name for name in view.own}
            wrong = written.get(slot.name)
            cure = f"rename '{wrong}' to '{slot.name}'" if wrong else f"define '{slot.name}' in '{view.name}'"
            span = view.span(view.summary.site)
            yield self.finding(view.module.shown, span, fields, cure=cure, places=(place_of(slot),))

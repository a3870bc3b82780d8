"""PG105: a template method that cannot be called as the base class calls it."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.calls import call_refusal
from panther_gen.lint.contract import Slot, inherited_contract, place_of
from panther_gen.lint.hierarchy import ClassView
from panther_gen.lint.method_form import CONSTRUCTORS, form_of
from panther_gen.lint.model import Finding
from panther_gen.lint.returns import returns_plainly
from panther_gen.lint.rule import ClassRule, Invalid, Valid
from panther_gen.lint.summary import Binding, Parameter, Signature

__all__ = ["IncompatibleSignature"]

_CLASS = "from panther.plugins.services.base import BaseServiceManager\nclass Plugin(BaseServiceManager):\n"
_SELF = Parameter("self", "positional", required=True)


class IncompatibleSignature(ClassRule):
    """A template method is overridden by something that cannot take the calls of the base class."""

    code = "PG105"
    name = "incompatible-signature"
    message = "'{class}.{method}' cannot be called as '{owner}' calls it: {reason}"
    explanation = """
The base class calls a template method as it declares it: `_get_server_specific_args` gets every parameter
as a keyword, `_do_prepare` gets the plugin manager or nothing. An override must take those calls, and it
must be a plain function: not a coroutine, a property or a value. (Best practice 3: the template method
pattern.)
"""
    valid = (
        Valid(f"{_CLASS}    def _get_server_specific_args(self, port=4443, *, host, **kwargs): ...\n"),
        Valid(f"{_CLASS}    def _do_prepare(self, manager=None): ...\n"),
        Valid(f"{_CLASS}    def _do_prepare(self, *args, **kwargs): ...\n"),
        Valid(f"{_CLASS}    @staticmethod\n    def _get_binary_name(): ...\n"),
        Valid(f"{_CLASS}    @classmethod\n    def _get_binary_name(cls, suffix=''): ...\n"),
        Valid(f"{_CLASS}    _get_binary_name = lambda self: 'sample'\n"),
        Valid(f"{_CLASS}    async def own(self): ...\n"),
    )
    invalid = (
        Invalid(
            f"{_CLASS}    def _get_server_specific_args(self): ...\n", ("3:9-3:34",), "it takes no **kwargs"
        ),
        Invalid(
            f"{_CLASS}    def _get_server_specific_args(kwargs): ...\n", ("3:9-3:34",), "it takes no **kwargs"
        ),
        Invalid(
            f"{_CLASS}    def _do_prepare(self): ...\n", ("3:9-3:20",), "it does not take 'plugin_manager'"
        ),
        Invalid(
            f"{_CLASS}    def _do_prepare(self, plugin_manager): ...\n",
            ("3:9-3:20",),
            "it requires 'plugin_manager'",
        ),
        Invalid(
            f"{_CLASS}    def _get_binary_name(self, suffix): ...\n", ("3:9-3:25",), "it requires 'suffix'"
        ),
        Invalid(
            f"{_CLASS}    def _get_binary_name(self, *, suffix): ...\n", ("3:9-3:25",), "it requires 'suffix'"
        ),
        Invalid(f"{_CLASS}    def _get_binary_name(): ...\n", ("3:9-3:25",), "it takes no 'self'"),
        Invalid(f"{_CLASS}    async def _get_binary_name(self): ...\n", ("3:15-3:31",), "a coroutine"),
        Invalid(f"{_CLASS}    @property\n    def _get_binary_name(self): ...\n", ("4:9-4:25",), "a property"),
        Invalid(f"{_CLASS}    _get_binary_name = 'sample'\n", ("3:5-3:21",), "a value"),
        Invalid(f"{_CLASS}    _get_binary_name = lambda: 'sample'\n", ("3:5-3:21",), "it takes no 'self'"),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every override of a template method that cannot take its calls."""
        for slot in inherited_contract(view).values():
            for binding in view.own.get(slot.name, ()) if slot.kind == "template" else ():
                reason = _refusal(view, slot, binding)
                if reason:
                    fields = {
                        "class": view.name,
                        "method": slot.name,
                        "owner": slot.owner.name,
                        "reason": reason,
                    }
                    cure = "declare it as the base class does"
                    span = view.span(binding.site)
                    yield self.finding(view.module.shown, span, fields, cure=cure, places=(place_of(slot),))


def _refusal(view: ClassView, slot: Slot, binding: Binding) -> str:
    wanted, found = form_of(slot.owner, slot.binding), form_of(view, binding)
    if wanted == "other" or slot.name in CONSTRUCTORS:
        return ""
    if wanted == "property":
        is_method = binding.signature is not None and found not in {"property", "other"}
        return "it is a method, not a property" if is_method else ""
    if binding.constant:
        return "it is a value, not a method"
    if binding.signature is None or slot.signature is None or found == "other":
        return ""
    if found == "property":
        return "it is a property, not a method"
    if binding.signature.is_async and not slot.signature.is_async and returns_plainly(slot):
        return "it is a coroutine, whose result nobody awaits"
    expected = slot.signature
    if wanted == "staticmethod":
        expected = Signature((_SELF, *expected.parameters))
    return call_refusal(expected, binding.signature, is_static=found == "staticmethod")

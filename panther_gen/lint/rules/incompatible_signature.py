"""PG105: a template method that cannot be called as the base class calls it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from panther_gen.lint.classes.calls import call_refusal
from panther_gen.lint.classes.contract import Slot, filled_in, place_of
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.method_form import CONSTRUCTORS, form_of
from panther_gen.lint.classes.super_calls import definitions_of, yields
from panther_gen.lint.edits.signatures import repaired, written
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.plugins.returns import returns_plainly
from panther_gen.lint.reading.source import Source
from panther_gen.lint.reading.summary import Binding, Parameter, Signature
from panther_gen.lint.rule import ClassRule, Invalid, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

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
must be a plain function: not a coroutine, a generator, a property or a value. (Best practice 3: the template
method pattern.)

The fix adds what is missing, and `=None` where a caller may leave a parameter out. That is unsafe for a
parameter that the base class does not know: what it should be then is its author's to say.
"""
    valid = (
        Valid(f"{_CLASS}    def _get_server_specific_args(self, port=4443, *, host, **kwargs): ...\n"),
        Valid(f"{_CLASS}    def _do_prepare(self, manager=None): ...\n"),
        Valid(f"{_CLASS}    def _do_prepare(self, *args, **kwargs): ...\n"),
        Valid(f"{_CLASS}    @staticmethod\n    def _get_binary_name(): ...\n"),
        Valid(f"{_CLASS}    @classmethod\n    def _get_binary_name(cls, suffix=''): ...\n"),
        Valid(f"{_CLASS}    _get_binary_name = lambda self: 'sample'\n"),
        Valid(f"{_CLASS}    async def own(self): ...\n    def more(self):\n        yield 1\n"),
        Valid(
            f"{_CLASS}    def _get_server_specific_args(self, **kwargs):\n        def each():\n"
            "            yield '-x'\n        return list(each())\n"
        ),
    )
    invalid = (
        Invalid(
            f"{_CLASS}    def _get_server_specific_args(self): ...\n",
            ("3:9-3:34",),
            "it takes no **kwargs",
            fixed=f"{_CLASS}    def _get_server_specific_args(self, **kwargs): ...\n",
        ),
        Invalid(
            f"{_CLASS}    def _get_server_specific_args(\n        self,\n        *,\n"
            "        port: int,  # its\n    ): ...\n",
            ("3:9-3:34",),
            "it takes no **kwargs",
            fixed=f"{_CLASS}    def _get_server_specific_args(\n        self,\n        *,\n"
            "        port: int,  # its\n        **kwargs,\n    ): ...\n",
        ),
        Invalid(
            f"{_CLASS}    def _get_server_specific_args(kwargs): ...\n", ("3:9-3:34",), "it takes no **kwargs"
        ),
        Invalid(
            f"{_CLASS}    def _do_prepare(self): ...\n",
            ("3:9-3:20",),
            "it does not take 'plugin_manager'",
            fixed=f"{_CLASS}    def _do_prepare(self, plugin_manager=None): ...\n",
        ),
        Invalid(
            f"{_CLASS}    def _do_prepare(self, plugin_manager): ...\n",
            ("3:9-3:20",),
            "it requires 'plugin_manager'",
            fixed=f"{_CLASS}    def _do_prepare(self, plugin_manager=None): ...\n",
        ),
        Invalid(
            f"{_CLASS}    def _get_binary_name(self, suffix: str, x): ...\n",
            ("3:9-3:25",),
            "it requires 'suffix'",
            fixed=f"{_CLASS}    def _get_binary_name(self, suffix: str = None, x=None): ...\n",
            unsafe=True,
        ),
        Invalid(
            f"{_CLASS}    def _get_binary_name(self, *, suffix): ...\n",
            ("3:9-3:25",),
            "it requires 'suffix'",
            fixed=f"{_CLASS}    def _get_binary_name(self, *, suffix=None): ...\n",
            unsafe=True,
        ),
        Invalid(
            f"{_CLASS}    def _get_binary_name(): ...\n",
            ("3:9-3:25",),
            "it takes no 'self'",
            fixed=f"{_CLASS}    def _get_binary_name(self): ...\n",
        ),
        Invalid(f"{_CLASS}    async def _get_binary_name(self): ...\n", ("3:15-3:31",), "a coroutine"),
        Invalid(
            f"{_CLASS}    def _get_server_specific_args(self, **kwargs):\n        yield '-x'\n",
            ("3:9-3:34",),
            "a generator",
        ),
        Invalid(f"{_CLASS}    @property\n    def _get_binary_name(self): ...\n", ("4:9-4:25",), "a property"),
        Invalid(f"{_CLASS}    _get_binary_name = 'sample'\n", ("3:5-3:21",), "a value"),
        Invalid(f"{_CLASS}    _get_binary_name = lambda: 'sample'\n", ("3:5-3:21",), "it takes no 'self'"),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every override of a template method that cannot take its calls."""
        for slot in filled_in(view):
            for binding in view.own[slot.name]:
                reason = _refusal(view, slot, binding)
                if reason:
                    fields = {
                        "class": view.name,
                        "method": slot.name,
                        "owner": slot.owner.name,
                        "reason": reason,
                        "signature": written(_expected(slot, slot.signature)) if slot.signature else "",
                        "static": "yes" if form_of(view, binding) == "staticmethod" else "",
                    }
                    cure = "declare it as the base class does"
                    span = view.span(binding.site)
                    yield self.finding(view.module.shown, span, fields, cure=cure, places=(place_of(slot),))

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the change of the parameters; of what is no plain function, none."""
        import libcst as cst

        function = document.syntax.definition(cst.FunctionDef, finding.span)
        if function is None or finding.fact("reason").startswith("it is "):
            return None
        is_static = bool(finding.fact("static"))
        around = function.whitespace_before_params
        found = repaired(function.params, around, finding.fact("signature"), is_static=is_static)
        if found is None:
            return None
        parameters, invented = found
        changed = document.syntax.module.deep_replace(function.params, parameters)
        edits = (document.change_to(cast("cst.Module", changed).code),)
        return Fix("take the calls of the base class", "unsafe" if invented else "safe", edits)


def _is_generator(view: ClassView, slot: Slot, binding: Binding) -> bool:
    source, line = view.module.source, view.span(binding.site).line
    if not isinstance(source, Source) or "yield" not in source.text:
        return False
    return any(node.lineno == line and yields(node) for node in definitions_of(view, slot.name))


def _expected(slot: Slot, signature: Signature) -> Signature:
    """Return the parameters that the base class gives, the object itself first."""
    is_static = form_of(slot.owner, slot.binding) == "staticmethod"
    return Signature((_SELF, *signature.parameters)) if is_static else signature


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
    if returns_plainly(slot) and _is_generator(view, slot, binding):
        return "it is a generator, whose values nobody collects"
    expected = _expected(slot, slot.signature)
    return call_refusal(expected, binding.signature, is_static=found == "staticmethod")

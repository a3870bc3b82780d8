"""PG108: a template method says that it returns something else than the base class expects."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from panther_gen.lint.classes.contract import Slot, filled_in, place_of
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import method_node, span_of
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.plugins.returns import fits
from panther_gen.lint.reading.source import Source
from panther_gen.lint.rule import ClassRule, Invalid, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["IncompatibleReturn"]

_CLASS = (
    "from typing import Any, Dict, List, Literal, Sequence\n"
    "from panther.plugins.services.base import BaseServiceManager\n"
    "class P(BaseServiceManager):\n"
)


class IncompatibleReturn(ClassRule):
    """The return annotation of an override contradicts the base class's."""

    code = "PG108"
    name = "incompatible-return"
    message = "'{class}.{method}' returns '{own}', but '{owner}' expects '{expected}'"
    explanation = """
The base class puts what a template method returns into the command, the environment or the list of
features, and refuses what has another type when the plugin runs. (Best practice 3: the template method
pattern; the guide annotates `List[str]`, `Dict[str, bool]` and `str`.)

`List` and `list`, `Dict` and `dict` are the same. Only annotations of builtin types are compared; a type
alias, a class or `Any` is left to the type checker.

The fix writes the annotation of the base class. It is unsafe: where the old one was true, the body must
be changed.
"""
    valid = (
        Valid(f"{_CLASS}    def _get_server_specific_args(self, **kwargs) -> list[str]: ...\n"),
        Valid(f"{_CLASS}    def _get_server_specific_args(self, **kwargs) -> 'List[str]': ...\n"),
        Valid(f"{_CLASS}    def _get_server_specific_args(self, **kwargs) -> list[Any]: ...\n"),
        Valid(f"{_CLASS}    def _get_server_specific_args(self, **kwargs) -> Words: ...\n"),
        Valid(f"{_CLASS}    def _get_environment(self, **kwargs) -> dict: ...\n"),
        Valid(
            f"{_CLASS}    def _get_binary_name(self) -> Literal['x']: ...\n    def own(self) -> int: ...\n"
        ),
        Valid(f"{_CLASS}    def _get_binary_name(self): ...\n"),
        Valid("class Other:\n    def _get_binary_name(self) -> int: ...\n"),
    )
    invalid = (
        Invalid(
            f"{_CLASS}    def _get_server_specific_args(self, é=1, **kwargs) -> str: ...\n",
            ("4:59-4:62",),
            "returns 'str', but 'BaseServiceManager' expects 'List[str]'",
            fixed=f"{_CLASS}    def _get_server_specific_args(self, é=1, **kwargs) -> List[str]: ...\n",
            unsafe=True,
        ),
        Invalid(
            f"{_CLASS}    def _get_binary_name(self) -> List[str]: ...\n",
            ("4:35-4:44",),
            "expects 'str'",
            fixed=f"{_CLASS}    def _get_binary_name(self) -> str: ...\n",
            unsafe=True,
        ),
        Invalid(
            "from panther.plugins.services.base import BaseServiceManager\nclass P(BaseServiceManager):\n"
            "    def _get_server_specific_args(self, **k) -> str: ...\n",
            ("3:49-3:52",),
            fixed="from panther.plugins.services.base import BaseServiceManager\n"
            "class P(BaseServiceManager):\n"
            "    def _get_server_specific_args(self, **k) -> list[str]: ...\n",
            unsafe=True,
        ),
        Invalid(
            f"{_CLASS}    def _get_environment(self, **k) -> Dict[str, int]: ...\n",
            ("4:40-4:54",),
            fixed=f"{_CLASS}    def _get_environment(self, **k) -> Dict[str, str]: ...\n",
            unsafe=True,
        ),
        Invalid(
            f"{_CLASS}    def _get_binary_name(self) -> str | None: ...\n",
            ("4:35-4:45",),
            fixed=f"{_CLASS}    def _get_binary_name(self) -> str: ...\n",
            unsafe=True,
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every override of a template method whose annotation contradicts the base's."""
        for slot in filled_in(view):
            if not slot.binding.returns:
                continue
            expected = slot.binding.returns
            function = None if _is_plainly_same(view, slot) else method_node(view, slot.name)
            if function is None or function.returns is None or fits(function.returns, expected):
                continue
            fields = {
                "class": view.name,
                "method": slot.name,
                "own": ast.unparse(function.returns),
                "owner": slot.owner.name,
                "expected": expected,
            }
            span = span_of(view.module, function.returns)
            cure = f"return a '{expected}', and say so"
            yield self.finding(view.module.shown, span, fields, cure=cure, places=(place_of(slot),))

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the base class's annotation, spelt with the names that the file has."""
        from panther_gen.lint.edits.python_code import expression_source

        expected = expression_source(document, finding.fact("expected"))
        if expected is None:
            return None
        return Fix(f"annotate it with '{expected}'", "unsafe", (document.replace(finding.span, expected),))


def _is_plainly_same(view: ClassView, slot: Slot) -> bool:
    """Tell from the line of the definition alone that the annotation is absent or the base's own."""
    source = view.module.source
    line = source.line(view.span(view.own[slot.name][-1].site).line) if isinstance(source, Source) else ""
    return _says_plainly(line, slot.binding.returns.lower())


@lru_cache(maxsize=512)  # plugins have the same few methods
def _says_plainly(line: str, returns: str) -> bool:
    """Tell whether a definition ends on its line, without an annotation or with that one."""
    match = re.search(r"\)\s*(?:->\s*([^:#]+?)\s*)?:\s*(?:#.*|\.\.\.)?$", line)
    found = match[1] if match else ""
    return match is not None and (found is None or found.lower() == returns)

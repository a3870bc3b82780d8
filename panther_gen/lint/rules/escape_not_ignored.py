"""PG113: an escape from the contract that the project's type checkers refuse all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.classes.contract import inherited_contract, place_of
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.plugins.type_checkers import CODES, configured, is_ignored
from panther_gen.lint.reading.summary import Binding
from panther_gen.lint.rule import ClassRule, Invalid, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["EscapeNotIgnored"]

_CLASS = (
    "from panther.plugins.services.base import BaseServiceManager, overrides_workflow\n"
    "class Plugin(BaseServiceManager):\n"
)
_ESCAPE = "    @overrides_workflow(reason='é')"
_DEF = "    def prepare(self, plugin_manager=None):"
_PYRIGHT = "  # pyright: ignore[reportIncompatibleMethodOverride]"
_BOTH = f"{_CLASS}{_ESCAPE}  # type: ignore[misc]\n{_DEF}{_PYRIGHT}\n        ...\n"
_MYPY = {"pyproject.toml": "[tool.mypy]\nstrict = true\n"}


class EscapeNotIgnored(ClassRule):
    """``@overrides_workflow`` stands without the comments that type checkers need."""

    code = "PG113"
    name = "escape-not-ignored"
    message = "'{class}.{method}' has leave to override, but {who} will not know"
    explanation = """
Workflow methods are final for type checkers, and no decorator of ours can take that back. An override
with `@overrides_workflow` therefore needs a comment for each: mypy reports it in the line of the first
decorator, pyright in the line of the name. (Best practice 3: workflow methods are overridden only where
that is absolutely necessary.)

    @overrides_workflow(reason="systemd prepares it")  # type: ignore[misc]
    def prepare(self, plugin_manager=None):  # pyright: ignore[reportIncompatibleMethodOverride]

This is checked in projects that configure mypy or pyright: in `pyproject.toml`, `setup.cfg`, `mypy.ini` or
`pyrightconfig.json`, between the file and the working directory or the root of the repository. The fix is
safe, and writes both comments.
"""
    valid = (
        Valid(f"{_CLASS}{_ESCAPE}\n{_DEF} ...\n"),
        Valid(_BOTH, files={**_MYPY, "pyrightconfig.json": "{}"}),
        Valid(f"{_CLASS}{_ESCAPE}  # type: ignore\n{_DEF} ...\n", files=_MYPY),
        Valid(f"{_CLASS}    def prepare(self): ...\n", files=_MYPY),
        Valid(f"{_CLASS}{_ESCAPE}\n{_DEF} ...\n", files={"pyproject.toml": "[tool.ruff]\n"}),
    )
    invalid = (
        Invalid(
            f"{_CLASS}{_ESCAPE}\n{_DEF}\n        ...\n",
            ("4:9-4:16",),
            "but mypy will not know",
            files=_MYPY,
            fixed=_BOTH,
        ),
        Invalid(
            f"{_CLASS}    @overrides_workflow(  # type: ignore[arg-type] # é\n        reason='x'\n    )\n"
            "    async def prepare(  # noqa: E501\n        self\n    ): ...\n",
            ("6:15-6:22",),
            "but mypy and pyright will not know",
            files={**_MYPY, "pyrightconfig.json": "{}"},
            fixed=f"{_CLASS}    @overrides_workflow(  # type: ignore[arg-type, misc] # é\n"
            "        reason='x'\n    )\n    async def prepare("
            f"{_PYRIGHT}  # noqa: E501\n        self\n    ): ...\n",
        ),
        Invalid(
            f"{_CLASS}    @overrides_workflow(reason='''x\n''')\n    def prepare(self): ...\n",
            ("5:9-5:16",),
            files=_MYPY,
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every escaped override that lacks a comment for a checker that the project configures."""
        contract = inherited_contract(view)
        for name, bindings in view.own.items():
            slot, binding = contract.get(name), bindings[-1]
            is_escape = slot is not None and slot.kind == "workflow" and view.mark(binding).escape == "reason"
            if slot is None or not is_escape or not binding.how.endswith("def"):
                continue
            lines = _lines(view, binding)
            text = {checker: view.module.source.line(line) for checker, line in lines.items()}
            who = [
                one for one in configured(view.module.path, view.content) if not is_ignored(text[one], one)
            ]
            if who:
                fields = {
                    "class": view.name,
                    "method": name,
                    "who": " and ".join(who),
                    **{checker: str(line) for checker, line in lines.items()},
                }
                cure = "write " + " and ".join(f"`# {CODES[one]}`" for one in who)
                span = view.span(binding.site)
                yield self.finding(view.module.shown, span, fields, cure=cure, places=(place_of(slot),))

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the comments, each before another one on its line."""
        from panther_gen.lint.edits.comments import with_comment

        edits = []
        for checker, comment in CODES.items():
            number = int(finding.fact(checker))
            if not is_ignored(document.lines[number - 1], checker):
                edits.append(with_comment(document, number, comment))
        known = tuple(edit for edit in edits if edit is not None)
        return Fix("tell the type checkers", "safe", known) if len(known) == len(edits) else None


def _lines(view: ClassView, binding: Binding) -> dict[str, int]:
    """Return the line in which each checker reports an override."""
    first = min(view.span(decorator.reference.site).line for decorator in binding.decorators)
    return {"mypy": first, "pyright": view.span(binding.site).line}

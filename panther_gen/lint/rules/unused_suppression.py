"""PG003: a comment that leaves nothing out would one day hide something that nobody has seen."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from panther_gen.lint.model import Finding, Fix, Span
from panther_gen.lint.rule import SAMPLE_PATH, Invalid, Rule, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["UnusedSuppression"]

_CLASS = "from panther.plugins.services.base import BaseServiceManager\nclass Plugin(BaseServiceManager):\n"


class UnusedSuppression(Rule):
    """A ``# panther-gen: ignore[CODE] reason`` stands on a line that has no such finding."""

    code = "PG003"
    name = "unused-suppression"
    message = "the suppression {what}leaves nothing out{why}"
    explanation = """
What a suppression was written for may be mended, moved to another line, or never have been there. Left
where it is, it hides the next finding of that rule on its line, for a reason that no longer holds. One that
names no rule, `# panther-gen: ignore`, does nothing: write the codes or the names of the rules. It is
judged by what the rules find, whichever of them are selected. (Best practice 7: document what is specific to
the implementation; a suppression does that for as long as it is true.)

The fix removes the code, or the comment with its only code; another comment on the line stays.
"""
    valid = (
        Valid(f"{_CLASS}    prepare = 1  # panther-gen: ignore[PG101] prepared by systemd\n"),
        Valid(f"{_CLASS}    prepare = 1  # panther-gen: ignore[workflow-overridden] prepared by systemd\n"),
        Valid("text = '# panther-gen: ignore[PG101] no comment'\n"),
        Valid("x = 1  # panther-gen: ignore[PG101, PG003] comes back with the next release\n"),
    )
    invalid = (
        Invalid(
            f"{_CLASS}    _own = 1  # panther-gen: ignore[PG101] prepared by systemd\n",
            ("3:37-3:42",),
            "'PG101' leaves nothing out",
            fixed=f"{_CLASS}    _own = 1\n",
        ),
        Invalid(
            f"{_CLASS}    prepare = 1  # panther-gen: ignore[PG101, PG105] prepared by systemd\n",
            ("3:47-3:52",),
            fixed=f"{_CLASS}    prepare = 1  # panther-gen: ignore[PG101] prepared by systemd\n",
        ),
        Invalid(
            "x = 1  # panther-gen: ignore[PG999] no such thing\n",
            ("1:30-1:35",),
            "leaves nothing out: there is no such rule",
            fixed="x = 1\n",
        ),
        Invalid("x = 1  # panther-gen: ignore tried by hand\n", ("1:23-1:29",), "it names no rule"),
        Invalid(
            "x = 1  # panther-gen: ignore[workflow-overridden] gone\n",
            ("1:30-1:49",),
            "'workflow-overridden' leaves nothing out",
            fixed="x = 1\n",
        ),
        Invalid(
            "x = 1  # noqa: E1 # panther-gen: ignore[PG101, PG105] see #12  # type: ignore\n",
            ("1:41-1:46", "1:48-1:53"),
            fixed="x = 1  # noqa: E1 # type: ignore\n",
        ),
        Invalid(
            "# panther-gen: ignore[PG101] gone\nx = 1\n",
            ("1:23-1:28",),
            fixed="x = 1\n",
        ),
        Invalid(
            "# panther-gen: ignore[PG602] the newest is tested\nFROM debian:12\nUSER me\n",
            ("1:23-1:28",),
            files={SAMPLE_PATH: ""},
            path="panther/plugins/services/iut/quic/sample/Dockerfile",
            fixed="FROM debian:12\nUSER me\n",
        ),
    )

    def report(self, path: str, span: Span, word: str, *, known: bool, here: Collection[str] = ()) -> Finding:
        """Return the finding for one code of a suppression.

        Args:
            path: the file, as it is printed.
            span: of the code.
            word: the code, or name, as it is written; empty: the suppression names none.
            known: there is such a rule.
            here: the codes of what is found where the suppression stands.
        """
        if not word:
            codes = ", ".join(dict.fromkeys(here)) or "PG101"
            cure = f"write # panther-gen: ignore[{codes}] and the reason, or remove it"
            return self.finding(path, span, {"what": "", "why": ": it names no rule"}, cure=cure)
        why = "" if known else ": there is no such rule"
        return self.finding(path, span, {"what": f"of '{word}' ", "why": why}, cure="remove it")

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the removal of the code, and with the last one of the comment."""
        from panther_gen.lint.edits.comments import without_code

        edit = without_code(document, finding.span)
        return None if edit is None else Fix("remove it", "safe", (edit,))

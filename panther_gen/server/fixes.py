"""What mends a finding: the seam between code actions and the linter's fixes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from panther_gen.lint.disk.modules import shown
from panther_gen.lint.model import Finding, Span
from panther_gen.lint.running.engine import check_files
from panther_gen.server.documents import Document
from panther_gen.server.projects import Project

__all__ = ["Change", "fixed", "fixes_for"]


@dataclass(frozen=True, slots=True)
class Change:
    """What mends one finding.

    Attributes:
        finding: what it mends.
        title: what it does, as an order to a person.
        is_safe: it may be made without being looked at.
        edits: the file, the span and what comes in its place, of each edit.
    """

    finding: Finding
    title: str
    is_safe: bool
    edits: tuple[tuple[Path, Span, str], ...]


def fixes_for(findings: Iterable[Finding], contents: Mapping[Path, bytes]) -> list[Change]:
    """Return what mends findings, of those that anything mends.

    Args:
        findings: of one check.
        contents: what the check took for the content of files that are not saved.
    """
    # Only where fixes are asked for: they need libcst.
    from panther_gen.lint.fixing import available

    return [
        Change(
            finding,
            fix.title,
            fix.applicability == "safe",
            tuple((Path(edit.path).absolute(), edit.span, edit.text) for edit in fix.edits),
        )
        for finding, fix in available.fixes_for(findings, contents)
    ]


def fixed(document: Document, documents: Iterable[Document], project: Project) -> str:
    """Return the text of a document with every safe fix made and verified, of this document alone."""
    from panther_gen.lint.fixing.passes import Fixing
    from panther_gen.lint.fixing.verification import Checked

    name = shown(document.path)
    others = {other.path: other.content for other in documents if other.path != document.path}

    def check(contents: Mapping[Path, bytes]) -> Checked:
        found = [
            one
            for one in check_files([document.path], {**others, **contents}, project.contracts).findings
            if one.path == name
        ]
        selection = project.selection
        return Checked(found, [one for one in found if selection is None or selection.wants(one)])

    outcome = Fixing(check, unsafe=False, contents={Path(name): document.content}).run()
    content = outcome.after.get(name)
    return document.text if content is None else document.with_content(content)

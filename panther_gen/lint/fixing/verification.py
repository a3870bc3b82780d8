"""Whether a fix holds: what it must leave as it was, and what it must have mended."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from panther_gen.lint.edits.document import UnfixableError
from panther_gen.lint.fixing.available import Documents
from panther_gen.lint.model import Edit, Finding, Fix

__all__ = [
    "Change",
    "Checked",
    "Proposal",
    "broken_file",
    "change_of",
    "key_of",
    "news",
    "objection",
    "touch",
]

#: A finding, and what would mend it.
Proposal = tuple[Finding, Fix]

#: Contents before and after, by the path that findings print.
Change = dict[str, tuple[bytes, bytes]]

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: everything, and of that what is wanted."""

    all: list[Finding]
    wanted: list[Finding]


def change_of(batch: Iterable[Proposal], documents: Documents) -> Change:
    """Return what files become by fixes that do not touch each other.

    Raises:
        UnfixableError: one of the files cannot be changed.
    """
    by_path: dict[str, dict[Edit, None]] = {}
    for _, fix in batch:
        for edit in fix.edits:
            by_path.setdefault(edit.path, {})[edit] = None
    change: Change = {}
    for path, edits in by_path.items():
        document = documents.get(path)
        if document is None:
            raise UnfixableError(documents.refused.get(path, f"'{path}' cannot be read"))
        change[path] = (document.content, document.edited(edits))
    return change


def touch(edit: Edit, other: Edit) -> bool:
    """Tell whether two edits meet; the same edit twice is one, such as an import that two fixes need."""
    if edit.path != other.path or edit == other:
        return False
    first, second = edit.span, other.span
    ends_before = (first.end_line, first.end_column) < (second.line, second.column)
    starts_behind = (first.line, first.column) > (second.end_line, second.end_column)
    return not (ends_before or starts_behind)


def broken_file(change: Change) -> str:
    """Return a Python file that could be compiled before and cannot be now; empty if there is none."""
    files = (path for path in change if path.endswith(".py"))
    return next((path for path in files if _compiles(change[path][0]) and not _compiles(change[path][1])), "")


def objection(mended: Iterable[Finding], before: Checked, after: Checked) -> str:
    """Say why fixes do not hold; empty if they mend what they should and bring nothing else."""
    gone = {key_of(finding) for finding in mended}
    for path, code, message in _more(mended, before, after):
        if (path, code, message) in gone:
            return "its fix does not mend it"
        return f"its fix would bring {code} in '{path}': {message}"
    return ""


def news(before: Checked, after: Checked) -> list[Finding]:
    """Return the findings that there were not before."""
    known = {key_of(finding) for finding in before.all}
    return [finding for finding in after.all if key_of(finding) not in known]


def key_of(finding: Finding) -> _Key:
    """Return what a finding is known by while lines move."""
    return (finding.path, finding.code, finding.message)


def _more(mended: Iterable[Finding], before: Checked, after: Checked) -> list[_Key]:
    """Return what there is more of than there should be."""
    gone = Counter(map(key_of, mended))
    found: list[_Key] = []
    for old, new in ((before.all, after.all), (before.wanted, after.wanted)):
        found += Counter(map(key_of, new)) - (Counter(map(key_of, old)) - gone)
    return found


def _compiles(content: bytes) -> bool:
    with warnings.catch_warnings():  # of the checked code, such as an invalid escape sequence
        warnings.simplefilter("ignore")
        try:
            compile(content, "<fixed>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True

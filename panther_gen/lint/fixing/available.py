"""Which findings have a fix: for outputs, and for editors that offer one."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from panther_gen.lint.edits.document import Document, UnfixableError
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.rule import Rule
from panther_gen.lint.rules import RULES

__all__ = ["Documents", "fixes_for", "may_be_fixed", "with_fixes"]

_RULES = {rule.code: rule for rule in RULES}


class Documents:
    """The files that findings are in, each read once.

    Args:
        contents: of files, in place of what is saved.

    Attributes:
        refused: why a file cannot be changed, by the path that findings print.
    """

    def __init__(self, contents: Mapping[Path, bytes] | None = None) -> None:
        self._contents = {str(path.absolute()): content for path, content in (contents or {}).items()}
        self._known: dict[str, Document | None] = {}
        self.refused: dict[str, str] = {}

    def get(self, path: str) -> Document | None:
        """Return a file by the path that findings print; None if it cannot be changed."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def fix(self, finding: Finding) -> Fix | None:
        """Return what mends a finding; None if nothing does."""
        document = self.get(finding.path) if may_be_fixed(finding) else None
        if document is None:
            return None
        rule = _RULES[finding.code]
        try:
            with warnings.catch_warnings():  # of the checked code, such as an invalid escape sequence
                warnings.simplefilter("ignore")
                fix = rule.fix(finding, document)
            if fix is not None and finding.path.endswith(".py"):
                _ = document.syntax  # refuses what it does not give back letter by letter
            return fix
        except UnfixableError as error:
            self.refused[finding.path] = str(error)
            return None

    def _read(self, path: str) -> Document | None:
        content = self._contents.get(str(Path(path).absolute()))
        try:
            return Document(path, Path(path).read_bytes() if content is None else content)
        except UnfixableError as error:
            self.refused[path] = str(error)
        except OSError:
            pass
        return None


def may_be_fixed(finding: Finding) -> bool:
    """Tell whether the finding's rule has fixes; it may have none for this one."""
    rule = _RULES.get(finding.code)
    return rule is not None and type(rule).fix is not Rule.fix


def fixes_for(
    findings: Iterable[Finding], contents: Mapping[Path, bytes] | None = None
) -> list[tuple[Finding, Fix]]:
    """Return the findings that a fix mends, each with it.

    An editor makes a change of each edit: lines and columns of its span count from 1, in code points, and
    the end is behind the last one. A fix is not verified here; ``--fix`` does that before it writes.

    Args:
        findings: of :func:`panther_gen.lint.running.engine.check_files`.
        contents: what the files were taken to hold then, where that was not what is saved.
    """
    documents = Documents(contents)
    found = ((finding, documents.fix(finding)) for finding in findings)
    return [(finding, fix) for finding, fix in found if fix is not None]


def with_fixes(findings: Iterable[Finding], contents: Mapping[Path, bytes] | None = None) -> list[Finding]:
    """Return the findings, each with its fix if it has one."""
    documents = Documents(contents)
    return [replace(finding, fix=documents.fix(finding)) for finding in findings]

"""One check of everything that is open, as the linter would check it on disk."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from panther_gen.lint.model import Finding
from panther_gen.lint.running import engine
from panther_gen.server.documents import Document
from panther_gen.server.projects import Problem, Project, Projects

__all__ = ["Checked", "Checker", "Outcome"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one document.

    Attributes:
        document: as it was checked.
        findings: those that are wanted, in their order.
        project: the settings that it was checked with.
    """

    document: Document
    findings: tuple[Finding, ...]
    project: Project


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check found: a result for each open document, and settings that cannot be used."""

    results: tuple[Checked, ...]
    problems: tuple[Problem, ...]


class Checker:
    """Checks documents together, so that a base class that is edited in one counts in the others.

    It is used by one thread at a time.
    """

    def __init__(self) -> None:
        self._projects = Projects()

    def check(self, documents: Sequence[Document]) -> Outcome:
        """Return what is found in documents; the others of a plugin are read from disk."""
        checked = [document for document in documents if document.is_checked]
        projects, problems = self._projects.read(document.path.parent for document in checked)
        wanted = {document.path: projects[document.path.parent] for document in checked}
        contents = {document.path: document.content for document in documents}
        by_file: dict[str, list[Finding]] = {}
        for contracts, paths in _groups(checked, wanted).items():
            for finding in engine.check_files(paths, contents, contracts).findings:
                by_file.setdefault(os.path.realpath(finding.path), []).append(finding)
        results = (_result(document, by_file.get(document.real_path, []), wanted) for document in documents)
        return Outcome(tuple(results), tuple(problems))


def _groups(documents: Sequence[Document], wanted: dict[Path, Project]) -> dict[tuple[Path, ...], list[Path]]:
    """Return the files to check by the contracts that they are checked against.

    A file that is open under two names is checked once.
    """
    kept = [document for document in documents if not _is_excluded(document, wanted)]
    groups: dict[tuple[Path, ...], list[Path]] = {}
    for path in {document.real_path: document.path for document in kept}.values():
        groups.setdefault(wanted[path].contracts, []).append(path)
    return groups


def _is_excluded(document: Document, wanted: dict[Path, Project]) -> bool:
    selection = wanted[document.path].selection
    return selection is not None and selection.excludes(document.path)


def _result(document: Document, findings: list[Finding], wanted: dict[Path, Project]) -> Checked:
    project = wanted.get(document.path)
    if project is None:
        return Checked(document, (), Project())
    kept = (one for one in findings if project.selection is None or project.selection.wants(one))
    return Checked(document, tuple(kept), project)

"""Findings as diagnostics: the words, the range, and the second places that explain them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from lsprotocol import types

from panther_gen.lint.model import Finding, Place, Span
from panther_gen.runtime import find_runtimes
from panther_gen.server.checking import Checked
from panther_gen.server.client import Client
from panther_gen.server.positions import Positions
from panther_gen.server.projects import Problem
from panther_gen.server.uris import uri_of

__all__ = ["SOURCE", "diagnostics_of", "problem_diagnostic", "sendable"]

#: What an editor names as the source of a diagnostic.
SOURCE = "panther-gen"

#: The rules whose findings are about something that does nothing, so that editors fade it.
_UNNECESSARY = {"unused-suppression", "unused-field", "needless-escape"}


def diagnostics_of(checked: Checked, client: Client, open_files: Collection[Path]) -> list[types.Diagnostic]:
    """Return what was found in a document.

    Args:
        checked: the document with its findings.
        client: decides about ranges, tags and second places.
        open_files: the paths of the documents that are open; a second place may be in one of them.
    """
    positions = Positions(checked.document.text, client.encoding)
    return [
        _diagnostic(finding, positions, checked.project.strict, client, open_files)
        for finding in checked.findings
    ]


def _diagnostic(
    finding: Finding, positions: Positions, strict: bool, client: Client, open_files: Collection[Path]
) -> types.Diagnostic:
    message = f"{finding.message}\nhelp: {finding.help}" if finding.help else finding.message
    is_error = strict or finding.severity == "error"
    tags = [types.DiagnosticTag.Unnecessary] if finding.name in _UNNECESSARY else []
    shown_tags = [tag for tag in tags if tag in client.tags]
    related = list(_related(finding, client.encoding, open_files)) if client.related else []
    return types.Diagnostic(
        range=positions.range(finding.span),
        message=sendable(message),
        severity=types.DiagnosticSeverity.Error if is_error else types.DiagnosticSeverity.Information,
        code=finding.code,
        source=SOURCE,
        tags=shown_tags or None,
        related_information=related or None,
        data={"name": finding.name},
    )


def _related(
    finding: Finding, encoding: str, open_files: Collection[Path]
) -> Iterator[types.DiagnosticRelatedInformation]:
    for place in finding.places:
        text = dict(place.lines).get(place.line, "")
        path = _file_of(place, text, open_files)
        if path is not None:
            shown = Positions(text, encoding).range(Span(1))
            shown.start.line = shown.end.line = place.line - 1
            location = types.Location(uri_of(path), shown)
            yield types.DiagnosticRelatedInformation(location, sendable(place.label))


def _file_of(place: Place, text: str, open_files: Collection[Path]) -> Path | None:
    """Return the file of a second place: in the tree, or in the runtime if that has this very line."""
    path = Path(place.path).absolute()
    if path in open_files or path.is_file():
        return path
    candidates = (runtime / place.path for runtime in find_runtimes())
    return next((file for file in candidates if _line(file, place.line) == text), None)


def _line(file: Path, number: int) -> str | None:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return lines[number - 1] if number <= len(lines) else None


def problem_diagnostic(problem: Problem, encoding: str) -> types.Diagnostic:
    """Return what is wrong with a project's settings as a diagnostic of the file that says them."""
    try:
        text = problem.path.read_bytes().decode("utf-8", "replace") if problem.path else ""
    except OSError:
        text = ""
    return types.Diagnostic(
        range=Positions(text, encoding).range(Span(problem.line)),
        message=sendable(problem.message),
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
    )


def sendable(text: str) -> str:
    """Return a text with what UTF-8 does not have, such as bytes of a file's name, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()

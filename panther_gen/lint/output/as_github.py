"""Findings as workflow commands of GitHub Actions, which shows them beside the changed lines.

The form is that of GitHub's "workflow commands": ``::error file=…,line=…::message``. In a message ``%``, CR
and LF are escaped; in a property also ``:`` and ``,``, which would end it.
"""

from __future__ import annotations

import os
from pathlib import Path

from panther_gen.lint.model import Finding
from panther_gen.lint.output.place_names import named_place
from panther_gen.lint.output.text import render_summary
from panther_gen.lint.report import Report

__all__ = ["render_github"]

_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}
_TO_DATA = str.maketrans(_DATA)
_TO_PROPERTY = str.maketrans(_PROPERTY)
_COMMANDS = {"error": "error", "note": "notice"}


def render_github(report: Report, *, strict: bool = False) -> str:
    """Return one command a finding, then the summary, which GitHub prints as it is.

    Args:
        report: what was found.
        strict: notes count as errors.
    """
    lines = [_command(finding, strict=strict) for finding in report.findings]
    return "\n".join([*lines, render_summary(report, strict=strict)]) + "\n"


def _command(finding: Finding, *, strict: bool) -> str:
    span = finding.span
    properties: dict[str, object] = {"file": _from_workspace(finding.path), "line": span.line}
    if span.column and span.end_line == span.line:  # GitHub knows columns within one line only
        properties |= {"col": span.column, "endColumn": span.end_column}
    elif span.end_line > span.line:
        properties["endLine"] = span.end_line
    properties["title"] = f"{finding.code} {finding.name}"
    spelt = ",".join(f"{name}={str(value).translate(_TO_PROPERTY)}" for name, value in properties.items())
    command = _COMMANDS["error" if strict else finding.severity]
    return f"::{command} {spelt}::{_message(finding).translate(_TO_DATA)}"


def _message(finding: Finding) -> str:
    places = [f"{named_place(place)}: {place.label}" for place in finding.places]
    cure = [f"help: {finding.help}"] if finding.help else []
    return "\n".join([finding.message, *places, *cure])


def _from_workspace(path: str) -> str:
    """Return a path relative to the checkout, where the command may have been started further down."""
    workspace = os.environ.get("GITHUB_WORKSPACE", "")
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 — without "..", but links stay as they are
    if not workspace or not absolute.is_relative_to(workspace):
        return path
    return str(absolute.relative_to(workspace))

"""Findings for a program, as one JSON document.

Lines and columns count from 1, columns count Unicode code points, and an end column is the one after the
last. A fix is null where there is none; its edits do not overlap, and their replacements end lines in line
feeds. Fields may be added to ``version`` 1; none is removed or changes its meaning.
"""

from __future__ import annotations

import json
from typing import Any

from panther_gen import __version__
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.output.place_names import package_of
from panther_gen.lint.report import Report

__all__ = ["render_json"]


def render_json(report: Report, *, strict: bool = False) -> str:
    """Return the findings as a JSON document that ends in a line feed."""
    document = {
        "version": 1,
        "tool": {"name": "panther-gen", "version": __version__},
        "findings": [_finding(finding) for finding in report.findings],
        "summary": {
            "files": report.files,
            "errors": report.count("error"),
            "notes": report.count("note"),
            "suppressed": report.suppressed,
            "excluded": report.excluded,
            "known": report.known,
            "stale": report.stale,
            "fixed": report.fixed,
            "strict": strict,
        },
    }
    return json.dumps(document, indent=2) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    span = finding.span
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help,
        "path": finding.path,
        "line": span.line,
        "column": max(span.column, 1),
        "end_line": span.end_line or span.line,
        "end_column": max(span.end_column, span.column, 1),
        "related": [
            {
                "path": place.path,
                "line": place.line,
                "message": place.label,
                "package": package_of(place) or None,
            }
            for place in finding.places
        ],
        "fix": finding.fix and _fix(finding.fix),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "applicability": fix.applicability,
        "edits": [
            {
                "path": edit.path,
                "line": edit.span.line,
                "column": edit.span.column,
                "end_line": edit.span.end_line,
                "end_column": edit.span.end_column,
                "replacement": edit.text,
            }
            for edit in fix.edits
        ],
    }

"""Findings as SARIF 2.1.0 (OASIS), the form that code scanning services and editors read.

Columns count Unicode code points, and the document says so. Paths are relative to the directory that the
linter was started in, the base ``%SRCROOT%``; a shipped base class lies below ``RUNTIME``.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from panther_gen import __version__
from panther_gen.lint.choosing.fingerprint import numbered
from panther_gen.lint.model import Finding, Fix, Place, Span
from panther_gen.lint.pages.explanation import short_description
from panther_gen.lint.reading.source import Lines
from panther_gen.lint.report import Report
from panther_gen.lint.rule import FAMILIES, Rule
from panther_gen.lint.rules import RULES

__all__ = ["render_sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_HOME = "https://github.com/panther-gen/panther-gen"
_BASES = {
    "%SRCROOT%": {"description": {"text": "The directory in which panther-gen lint was started."}},
    "RUNTIME": {"description": {"text": "The directory in which panther-gen-runtime is installed."}},
}
_INDEX = {rule.code: index for index, rule in enumerate(RULES)}


def render_sarif(report: Report, *, strict: bool = False) -> str:
    """Return the findings as a SARIF log that ends in a line feed.

    Args:
        report: what was found.
        strict: notes count as errors.
    """
    driver = {
        "name": "panther-gen",
        "version": __version__,
        "informationUri": _HOME,
        "rules": [_rule(rule, strict) for rule in RULES],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": _BASES,
        "results": [_result(one, mark, report, strict) for one, mark in numbered(report.findings, report)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule, strict: bool) -> dict[str, Any]:
    explanation = rule.explanation.strip()
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": short_description(rule)},
        "fullDescription": {"text": explanation},
        "help": {"text": explanation, "markdown": explanation},
        "defaultConfiguration": {"level": "error" if strict else rule.severity},
        "properties": {"tags": [FAMILIES[int(rule.code[2])]]},
    }


def _result(finding: Finding, mark: str, report: Report, strict: bool) -> dict[str, Any]:
    message = f"{finding.message}\nhelp: {finding.help}" if finding.help else finding.message
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": _INDEX[finding.code],
        "level": "error" if strict else finding.severity,
        "message": {"text": message},
        "locations": [_location(finding.path, _region(finding.span, report.sources.get(finding.path)))],
        "partialFingerprints": {"codeAndLine/v1": mark},
    }
    if finding.places:
        result["relatedLocations"] = [_related(place, n) for n, place in enumerate(finding.places, 1)]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix)]
    return result


def _fix(fix: Fix) -> dict[str, Any]:
    """Return a fix; its applicability is in a property, as SARIF has no word for it."""
    paths = dict.fromkeys(edit.path for edit in fix.edits)
    changes = [
        {
            "artifactLocation": _artifact(path),
            "replacements": [
                {"deletedRegion": _exact(edit.span), "insertedContent": {"text": edit.text}}
                for edit in fix.edits
                if edit.path == path
            ],
        }
        for path in paths
    ]
    return {
        "description": {"text": fix.title},
        "artifactChanges": changes,
        "properties": {"applicability": fix.applicability},
    }


def _exact(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _location(path: str, region: dict[str, Any], base: str = "%SRCROOT%") -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(path, base), "region": region}}


def _artifact(path: str, base: str = "%SRCROOT%") -> dict[str, str]:
    place = Path(path)
    if place.is_absolute() or ".." in place.parts:  # which a URI with a base must not have
        return {"uri": Path(os.path.abspath(place)).as_uri()}  # noqa: PTH100 — links stay as they are
    return {"uri": quote(os.fsencode(place.as_posix())), "uriBaseId": base}


def _region(span: Span, source: Lines | None) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": span.line}
    if span.column and (span.end_line, span.end_column) >= (span.line, span.column):
        region |= {"startColumn": span.column, "endLine": span.end_line, "endColumn": span.end_column}
    if source is not None and (line := source.line(span.line)):
        region["snippet"] = {"text": line}
    return region


def _related(place: Place, number: int) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": place.line}
    shown = [text for line, text in place.lines if line == place.line]
    if shown:
        region["snippet"] = {"text": shown[0]}
    # The linter knows the base classes without the runtime being there: such a path is no file of this tree.
    base = "%SRCROOT%" if Path(place.path).exists() else "RUNTIME"
    return {"id": number, **_location(place.path, region, base), "message": {"text": place.label}}

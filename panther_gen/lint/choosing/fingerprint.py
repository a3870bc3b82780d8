"""What names a finding for good: its rule and the words of its line, not the line's number.

Code moves whenever something is added above it. A finding is therefore recognised by its rule's code and the
text of its line without the indentation; several equal ones in a file are told apart by counting.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from panther_gen.lint.model import Finding
from panther_gen.lint.report import Report

__all__ = ["fingerprint", "numbered"]

_DIGITS = 16


def fingerprint(finding: Finding, report: Report) -> str:
    """Return 16 hexadecimal digits that stay as they are when the finding's line moves.

    Args:
        finding: one of the report's.
        report: knows the source; of a file that could not be read, the message stands for the line.
    """
    source = report.sources.get(finding.path)
    line = source.line(finding.span.line).strip() if source is not None else ""
    words = f"{finding.code}\0{line or finding.message}"
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def numbered(findings: Iterable[Finding], report: Report) -> list[tuple[Finding, str]]:
    """Return each finding with its fingerprint, a colon, and its number among equal ones of the file."""
    seen: Counter[tuple[str, str]] = Counter()
    result: list[tuple[Finding, str]] = []
    for finding in findings:
        key = (finding.path, fingerprint(finding, report))
        seen[key] += 1
        result.append((finding, f"{key[1]}:{seen[key]}"))
    return result

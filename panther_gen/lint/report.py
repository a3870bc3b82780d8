"""What a run of the linter found."""

from __future__ import annotations

from dataclasses import dataclass, field

from panther_gen.lint.model import Finding
from panther_gen.lint.reading.source import Lines

__all__ = ["Report"]


@dataclass(slots=True)
class Report:
    """What a run found.

    Attributes:
        findings: in the order of path and line.
        files: how many files were checked.
        left_out: the findings that a comment asked to leave out.
        excluded: how many files the configuration asked to leave out.
        known: how many findings were left out because they are in the baseline.
        stale: how many entries of the baseline stand for nothing any more.
        fixed: how many findings were mended before this check.
        fixed_files: in how many files.
        has_uncounted_fixes: so many findings may have a fix that nobody asked for each.
        sources: the lines of the files that findings are in, by printed path.
    """

    findings: list[Finding] = field(default_factory=list)
    files: int = 0
    left_out: list[Finding] = field(default_factory=list)
    excluded: int = 0
    known: int = 0
    stale: int = 0
    fixed: int = 0
    fixed_files: int = 0
    has_uncounted_fixes: bool = False
    sources: dict[str, Lines] = field(default_factory=dict)

    @property
    def suppressed(self) -> int:
        """How many findings a comment asked to leave out."""
        return len(self.left_out)

    def count(self, severity: str) -> int:
        """Return how many findings have that severity."""
        return sum(finding.severity == severity for finding in self.findings)

"""What execution environments saw, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from panther.bench.results import RunResult

__all__ = ["profile_lines"]


def profile_lines(run: RunResult) -> list[str]:
    """Return a heading and an aligned line for each profile, with the file that has more; none: no lines."""
    rows = list(_rows(run))
    if not rows:
        return []
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["profiles:"]
    for *cells, said in rows:
        aligned = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        lines.append(f"  {aligned}  {said}")
    return lines


def _rows(run: RunResult) -> Iterator[tuple[str, str, str, str]]:
    for test in run.tests:
        for service in test.services:
            for profile in service.profiles:
                said = profile.headline or f"nothing: {profile.problem}"
                note = f" ({profile.note})" if profile.note else ""
                yield test.label, service.name, profile.environment, f"{said}{note}"

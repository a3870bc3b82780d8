"""A profile as text for a person: ``summary.txt`` beside the product."""

from __future__ import annotations

from pathlib import Path

from panther.bench.execution.base import Profile, Spot

__all__ = ["write_summary"]


def write_summary(environment: str, profile: Profile, spot: Spot) -> Path:
    """Write what an environment saw of a service, and return the file.

    Raises:
        OSError: it cannot be written.
    """
    parts = [f"{environment} of service '{spot.service}': {profile.headline}"]
    if profile.note:
        parts.append(f"note: {profile.note}")
    if profile.rows:
        parts.append(_table((profile.columns, *profile.rows)))
    if profile.text:
        parts.append(profile.text.rstrip())
    if profile.products:
        parts.append("all of it: " + ", ".join(product.name for product in profile.products))
    path = spot.file("summary", ".txt")
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return path


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    numeric = [all(_is_number(cell) for cell in column[1:]) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in rows
    )


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()

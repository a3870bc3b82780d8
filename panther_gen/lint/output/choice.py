"""From a report to standard output, in the form that was asked for."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from panther_gen.errors import UsageError

if TYPE_CHECKING:
    from panther_gen.lint.report import Report

__all__ = ["OUTPUT_FORMATS", "check_format", "render", "wants_color", "write"]

#: What ``--format`` may be.
OUTPUT_FORMATS = ("text", "json", "github", "sarif")


def check_format(name: str) -> None:
    """Refuse a format that is not one of :data:`OUTPUT_FORMATS`.

    Raises:
        UsageError: it is none.
    """
    if name not in OUTPUT_FORMATS:
        known = f"{', '.join(OUTPUT_FORMATS[:-1])} or {OUTPUT_FORMATS[-1]}"
        raise UsageError(f"--format '{name}' is unknown", cure=f"use {known}")


def render(
    report: Report, output_format: str, *, strict: bool, color: bool, unsafe_fixes: bool = False
) -> str:
    """Return a report in one of the formats; only that format's module is imported."""
    if output_format == "json":
        from panther_gen.lint.output.as_json import render_json

        return render_json(report, strict=strict)
    if output_format == "github":
        from panther_gen.lint.output.as_github import render_github

        return render_github(report, strict=strict)
    if output_format == "sarif":
        from panther_gen.lint.output.as_sarif import render_sarif

        return render_sarif(report, strict=strict)
    from panther_gen.lint.output.text import render_text

    encoding = sys.stdout.encoding or "utf-8"
    return render_text(report, strict=strict, color=color, unsafe_fixes=unsafe_fixes, encoding=encoding)


def wants_color() -> bool:
    """Tell whether standard output shall show colours: on a terminal, or as the environment says.

    ``NO_COLOR`` goes before ``FORCE_COLOR``: who asks for none can be hurt by some, the other way round not.
    """
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR", "")
    return forced not in {"", "0"} or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def write(text: str, stream: TextIO | None = None) -> None:
    """Write to standard output, or another stream, what its encoding can say, and the rest as escapes."""
    stream = stream or sys.stdout
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.replace("…", "...")  # the one sign that is ours
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))

"""``panther-gen lint``: from paths to an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from panther_gen.errors import UsageError
from panther_gen.layout import hiding_files
from panther_gen.plugin.tree import plugin_trees, root_of

__all__ = ["OUTPUT_FORMATS", "run_lint"]

#: What ``--format`` may be.
OUTPUT_FORMATS = ("text", "json")


def run_lint(
    paths: Sequence[Path], *, output_format: str = "text", strict: bool = False, color: bool | None = None
) -> int:
    """Check plugins and print what was found.

    Args:
        paths: files, or directories in which every Python file is checked; none: the plugin trees below
            the working directory.
        output_format: one of :data:`OUTPUT_FORMATS`.
        strict: what could not be verified is an error.
        color: use colours; None: if standard output is a terminal and ``NO_COLOR`` is not set.

    Returns:
        0 if nothing was found, 1 if something was.

    Raises:
        UsageError: a path does not exist, there is nothing to check, or the format is unknown.
    """
    if output_format not in OUTPUT_FORMATS:
        raise UsageError(f"--format '{output_format}' is unknown", cure=f"use {' or '.join(OUTPUT_FORMATS)}")
    # Only now: a usage error needs no parser.
    from panther_gen.lint.engine import check_files

    report = check_files(_files(paths))
    _write(_renderer(output_format, strict=strict, color=_wants_color() if color is None else color)(report))
    return 1 if report.count("error") or (strict and report.findings) else 0


def _files(paths: Sequence[Path]) -> list[Path]:
    from panther_gen.lint.files import python_files

    chosen = list(paths) or _plugin_files()
    if not chosen:
        raise UsageError(
            f"no plugin found below '{Path.cwd()}': it holds no panther/plugins/",
            cure="start one with `panther-gen new-iut PROTOCOL NAME`, or name the files to check",
        )
    files = python_files(chosen)
    if not files:
        names = ", ".join(f"'{path}'" for path in chosen)
        raise UsageError(f"no Python file found in {names}", cure="name the files to check")
    return files


def _plugin_files() -> list[Path]:
    """Return the plugin trees below the working directory, and what hides the runtime from them."""
    trees = plugin_trees(Path())
    return [*trees, *(file for tree in trees for file in hiding_files(root_of(tree)))]


def _renderer(output_format: str, *, strict: bool, color: bool) -> Callable[..., str]:
    if output_format == "json":
        from panther_gen.lint.json_output import render_json

        return lambda report: render_json(report, strict=strict)
    from panther_gen.lint.text import render_text

    return lambda report: render_text(report, strict=strict, color=color)


def _wants_color() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _write(text: str) -> None:
    """Write to standard output what its encoding can say, and the rest as escapes."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))

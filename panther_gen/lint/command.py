"""``panther-gen lint``: from paths to an exit status."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from panther_gen.errors import UsageError
from panther_gen.layout import hiding_files
from panther_gen.lint.output import check_format, render, wants_color, write
from panther_gen.plugin.tree import plugin_trees, root_of

__all__ = ["run_lint"]


def run_lint(
    paths: Sequence[Path], *, output_format: str = "text", strict: bool = False, color: bool | None = None
) -> int:
    """Check plugins and print what was found.

    Args:
        paths: files, or directories in which every Python file is checked; none: the plugin trees below
            the working directory.
        output_format: one of :data:`panther_gen.lint.output.OUTPUT_FORMATS`.
        strict: what could not be verified is an error.
        color: use colours; None: if standard output is a terminal and ``NO_COLOR`` is not set.

    Returns:
        0 if nothing was found, 1 if something was.

    Raises:
        UsageError: a path does not exist, there is nothing to check, or the format is unknown.
    """
    check_format(output_format)
    # Only now: a usage error needs no parser.
    from panther_gen.lint.engine import check_files

    report = check_files(_files(paths))
    write(render(report, output_format, strict=strict, color=wants_color() if color is None else color))
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

"""``panther-gen lint``: from paths to an exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from panther_gen.errors import UsageError
from panther_gen.lint.output import check_format, render, wants_color, write
from panther_gen.lint.project import project_settings
from panther_gen.lint.targets import find_files, read_stdin

if TYPE_CHECKING:
    from panther_gen.lint.engine import Report
    from panther_gen.lint.model import Finding
    from panther_gen.lint.selection import Selection
    from panther_gen.lint.settings import Settings

__all__ = ["run_lint"]


def run_lint(
    paths: Sequence[Path],
    *,
    output_format: str = "text",
    strict: bool | None = None,
    color: bool | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    contracts: Sequence[Path] = (),
    stdin_filename: Path | None = None,
    baseline: Path | None = None,
    write_baseline: bool = False,
    cached: bool = True,
) -> int:
    """Check plugins and print what was found.

    Args:
        paths: files, or directories in which every Python file is checked; none: the plugin trees below
            the working directory; ``-`` alone: standard input.
        output_format: one of :data:`panther_gen.lint.output.OUTPUT_FORMATS`.
        strict: what could not be verified is an error, as is a stale baseline; None: as configured.
        color: use colours; None: if standard output is a terminal and ``NO_COLOR`` is not set.
        select: rules to use instead of those that the configuration selects and ignores.
        ignore: rules to leave out as well.
        contracts: files with the contracts of other packages, besides those that are configured.
        stdin_filename: the file that standard input is taken for.
        baseline: the file of the findings that are known and do not count.
        write_baseline: let that file know what is found, and report nothing.
        cached: take over what earlier runs found, where nothing that it rests on has changed.

    Returns:
        0 if nothing was found, 1 if something was.

    Raises:
        UsageError: an option, the configuration or the baseline cannot be used, or nothing is to check.
    """
    check_format(output_format)
    if write_baseline and baseline is None:
        cure = "write --baseline FILE --write-baseline"
        raise UsageError("--write-baseline does not say which file to write", cure=cure)
    settings = project_settings(Path())
    strict = bool(settings and settings.strict) if strict is None else strict
    selection = _selection(settings, select, ignore)
    every = [*(settings.contract if settings else ()), *contracts]
    report, checked = _check(paths, stdin_filename, selection, every, cached=cached)
    if baseline is not None and write_baseline:
        return _write_baseline(baseline, report, checked, selection)
    stale = _leave_out(baseline, report, checked, selection)
    write(render(report, output_format, strict=strict, color=wants_color() if color is None else color))
    return 1 if report.count("error") or (strict and (report.findings or stale)) else 0


def _selection(settings: Settings | None, select: Sequence[str], ignore: Sequence[str]) -> Selection | None:
    """Return what is wanted; None if that is everything."""
    if settings is None and not select and not ignore:
        return None
    from panther_gen.lint.selection import Selection
    from panther_gen.lint.settings import Settings

    return Selection(settings or Settings(), select, ignore)


def _check(
    paths: Sequence[Path],
    stdin_filename: Path | None,
    selection: Selection | None,
    contracts: Sequence[Path],
    *,
    cached: bool,
) -> tuple[Report, list[Path]]:
    """Return all findings, and the files that were checked: those that are not excluded."""
    stdin = read_stdin(paths, stdin_filename)
    files = [stdin[0]] if stdin else find_files(paths)
    checked = [file for file in files if selection is None or not selection.excludes(file)]
    # Only now: a usage error needs no parser.
    from panther_gen.lint.engine import check_files, usable_processors
    from panther_gen.lint.modules import shown

    cache = None
    if cached and stdin is None:
        from panther_gen.lint.cache import Cache, cache_directory

        cache = Cache(cache_directory(), contracts)
    report = check_files(
        checked, dict([stdin]) if stdin else {}, contracts, cache=cache, jobs=usable_processors()
    )
    report.excluded = len(files) - len(checked)
    if stdin is not None:  # an editor shows one file, and asks about that
        report.findings = [finding for finding in report.findings if finding.path == shown(stdin[0])]
        report.left_out = [finding for finding in report.left_out if finding.path == shown(stdin[0])]
    return report, checked


def _leave_out(
    baseline: Path | None, report: Report, checked: list[Path], selection: Selection | None
) -> bool:
    """Leave out findings that are not wanted, or known; tell whether the baseline is stale, and say so."""
    wanted = _wanted(report.findings, selection)
    report.left_out = _wanted(report.left_out, selection)
    if baseline is None:
        report.findings = wanted
        return False
    from panther_gen.lint.baseline import Baseline

    known = Baseline.read(baseline)
    stale = known.stale(report, checked)
    report.findings = known.unknown(wanted, report)
    report.known = len(wanted) - len(report.findings)
    for line in known.describe(stale):
        sys.stderr.write(f"panther-gen: {line}\n")
    if stale:
        sys.stderr.write("  cure: renew it with --write-baseline\n")
    return bool(stale)


def _write_baseline(path: Path, report: Report, checked: list[Path], selection: Selection | None) -> int:
    from panther_gen.lint.baseline import Baseline

    known = Baseline.read(path) if path.exists() else Baseline.empty(path)
    known.renew(_wanted(report.findings, selection), report, checked)
    known.write()
    total = known.counts.total()
    write(f"{path}: {total} known {'finding' if total == 1 else 'findings'}\n")
    return 0


def _wanted(findings: list[Finding], selection: Selection | None) -> list[Finding]:
    return [finding for finding in findings if selection is None or selection.wants(finding)]

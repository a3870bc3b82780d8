"""``panther-gen lint``: from paths to an exit status."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from panther_gen.errors import UsageError
from panther_gen.lint.configuration.project import project_settings
from panther_gen.lint.disk.targets import find_files, read_stdin
from panther_gen.lint.output.choice import check_format, render, wants_color, write

if TYPE_CHECKING:
    from panther_gen.lint.choosing.selection import Selection
    from panther_gen.lint.configuration.settings import Settings
    from panther_gen.lint.model import Finding
    from panther_gen.lint.report import Report

__all__ = ["run_lint"]

# Fixes; each has its file parsed for it, which takes longer than all the rest of the run.
_MOST_COUNTED = 25


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
    fix: bool = False,
    unsafe_fixes: bool = False,
    diff: bool = False,
) -> int:
    """Check plugins and print what was found.

    Args:
        paths: files, or directories in which every Python file is checked; none: the plugin trees below
            the working directory; ``-`` alone: standard input.
        output_format: one of :data:`panther_gen.lint.output.choice.OUTPUT_FORMATS`.
        strict: what could not be verified is an error, as is a stale baseline; None: as configured.
        color: use colours; None: if standard output is a terminal and ``NO_COLOR`` is not set.
        select: rules to use instead of those that the configuration selects and ignores.
        ignore: rules to leave out as well.
        contracts: files with the contracts of other packages, besides those that are configured.
        stdin_filename: the file that standard input is taken for.
        baseline: the file of the findings that are known and do not count.
        write_baseline: let that file know what is found, and report nothing.
        cached: take over what earlier runs found, where nothing that it rests on has changed.
        fix: mend what can be mended safely; of standard input, the result goes to standard output and the
            findings to standard error.
        unsafe_fixes: with ``fix`` or ``diff``, mend what needs a look afterwards as well.
        diff: print what ``fix`` would change, and change nothing.

    Returns:
        0 if nothing was found, 1 if something was, or with ``diff`` if something would be changed.

    Raises:
        UsageError: an option, the configuration or the baseline cannot be used, or nothing is to check.
        MachineError: a file cannot be written.
    """
    check_format(output_format)
    if diff and output_format != "text":
        cure = "leave --diff out: the fixes are in the findings, each with its edits"
        raise UsageError(f"--diff prints a diff, not --format {output_format}", cure=cure)
    if write_baseline:
        _check_writing(baseline, changes_files=fix or diff)
    settings = project_settings(Path())
    strict = bool(settings and settings.strict) if strict is None else strict
    selection = _selection(settings, select, ignore)
    every = [*(settings.contract if settings else ()), *contracts]
    job = _job(paths, stdin_filename, selection, every, cached=cached)
    mended = (0, 0)
    if fix or diff:
        from panther_gen.lint.fixing import command as fixing

        unknown = partial(_unknown, baseline, selection)
        outcome = fixing.find_fixes(job.check, unknown, job.contents, unsafe=unsafe_fixes)
        if diff:
            return fixing.show_difference(outcome)
        fixing.land(outcome, job.contents)
        job.contents = {name: outcome.after.get(str(name), was) for name, was in job.contents.items()}
        mended = len(outcome.fixed), len(outcome.after)
    report = job.check(job.contents)
    report.fixed, report.fixed_files = mended
    if baseline is not None and write_baseline:
        return _write_baseline(baseline, report, job.files, selection)
    report.stale = _leave_out(baseline, report, job.files, selection)
    _offer_fixes(report, job.contents, output_format)
    color = wants_color() if color is None else color
    text = render(report, output_format, strict=strict, color=color, unsafe_fixes=unsafe_fixes)
    write(text, sys.stderr if fix and job.contents else sys.stdout)
    return 1 if report.count("error") or (strict and (report.findings or report.stale)) else 0


def _check_writing(baseline: Path | None, *, changes_files: bool) -> None:
    """Refuse to write a baseline without its name, or of findings that are being fixed.

    Raises:
        UsageError: it is refused.
    """
    if changes_files:
        cure = "fix first, then write the baseline of what is left"
        raise UsageError("--write-baseline cannot be combined with --fix or --diff", cure=cure)
    if baseline is None:
        cure = "write --baseline FILE --write-baseline"
        raise UsageError("--write-baseline does not say which file to write", cure=cure)


def _selection(settings: Settings | None, select: Sequence[str], ignore: Sequence[str]) -> Selection | None:
    """Return what is wanted; None if that is everything."""
    if settings is None and not select and not ignore:
        return None
    from panther_gen.lint.choosing.selection import Selection
    from panther_gen.lint.configuration.settings import Settings

    return Selection(settings or Settings(), select, ignore)


@dataclass(slots=True)
class _Job:
    """What is to be checked.

    Attributes:
        files: those that are not excluded.
        contents: of standard input, by the name that it is checked under; else nothing.
        excluded: how many files are.
        contracts: the files with the contracts of other packages than the runtime.
        cached: take over what earlier runs found.
    """

    files: list[Path]
    contents: Mapping[Path, bytes]
    excluded: int
    contracts: Sequence[Path]
    cached: bool

    def check(self, contents: Mapping[Path, bytes]) -> Report:
        """Return all findings, with contents in place of what is saved."""
        # Only now: a usage error needs no parser.
        from panther_gen.lint.running.engine import check_files, usable_processors

        cache = None
        if self.cached and not self.contents:
            from panther_gen.lint.running.cache import Cache
            from panther_gen.seen import cache_directory

            cache = Cache(cache_directory(), self.contracts)
        report = check_files(self.files, contents, self.contracts, cache=cache, jobs=usable_processors())
        report.excluded = self.excluded
        for name in self.contents:  # an editor shows one file, and asks about that
            report.findings = [finding for finding in report.findings if finding.path == str(name)]
            report.left_out = [finding for finding in report.left_out if finding.path == str(name)]
        return report


def _job(
    paths: Sequence[Path],
    stdin_filename: Path | None,
    selection: Selection | None,
    contracts: Sequence[Path],
    *,
    cached: bool,
) -> _Job:
    stdin = read_stdin(paths, stdin_filename)
    if stdin:
        from panther_gen.lint.disk.modules import shown

        stdin = (Path(shown(stdin[0])), stdin[1])
    files = [stdin[0]] if stdin else find_files(paths)
    kept = [file for file in files if selection is None or not selection.excludes(file)]
    return _Job(kept, dict([stdin]) if stdin else {}, len(files) - len(kept), contracts, cached)


def _offer_fixes(report: Report, contents: Mapping[Path, bytes], output_format: str) -> None:
    """Give the findings their fixes; an annotation has no place for one, and text only counts them."""
    if report.findings and output_format != "github":
        from panther_gen.lint.fixing.available import may_be_fixed, with_fixes

        if output_format == "text" and sum(map(may_be_fixed, report.findings)) > _MOST_COUNTED:
            report.has_uncounted_fixes = True
        else:
            report.findings = with_fixes(report.findings, contents)


def _unknown(baseline: Path | None, selection: Selection | None, report: Report) -> list[Finding]:
    """Return the findings that are wanted and not in the baseline."""
    wanted = _wanted(report.findings, selection)
    if baseline is None:
        return wanted
    from panther_gen.lint.choosing.baseline import Baseline

    return Baseline.read(baseline).unknown(wanted, report)


def _leave_out(
    baseline: Path | None, report: Report, checked: list[Path], selection: Selection | None
) -> int:
    """Leave out findings that are not wanted, or known; say, and return, how many of the known are stale."""
    wanted = _wanted(report.findings, selection)
    report.left_out = _wanted(report.left_out, selection)
    if baseline is None:
        report.findings = wanted
        return 0
    from panther_gen.lint.choosing.baseline import Baseline

    known = Baseline.read(baseline)
    stale = known.stale(report, checked)
    report.findings = known.unknown(wanted, report)
    report.known = len(wanted) - len(report.findings)
    for line in known.describe(stale):
        sys.stderr.write(f"panther-gen: {line}\n")
    if stale:
        sys.stderr.write("  cure: renew it with --write-baseline\n")
    return sum(count for _, count in stale)


def _write_baseline(path: Path, report: Report, checked: list[Path], selection: Selection | None) -> int:
    from panther_gen.lint.choosing.baseline import Baseline

    known = Baseline.read(path) if path.exists() else Baseline.empty(path)
    known.renew(_wanted(report.findings, selection), report, checked)
    known.write()
    total = known.counts.total()
    write(f"{path}: {total} known {'finding' if total == 1 else 'findings'}\n")
    return 0


def _wanted(findings: list[Finding], selection: Selection | None) -> list[Finding]:
    return [finding for finding in findings if selection is None or selection.wants(finding)]

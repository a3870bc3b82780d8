"""``--fix`` and ``--diff``: what happens to the files, and what is said about it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from panther_gen.lint.fixing.difference import unified_diff
from panther_gen.lint.fixing.passes import Fixing, Outcome
from panther_gen.lint.fixing.verification import Checked
from panther_gen.lint.fixing.writing import write_files
from panther_gen.lint.model import Finding
from panther_gen.lint.report import Report

__all__ = ["find_fixes", "land", "show_difference"]

CheckFiles = Callable[[Mapping[Path, bytes]], Report]


def find_fixes(
    check: CheckFiles,
    wanted: Callable[[Report], list[Finding]],
    contents: Mapping[Path, bytes],
    *,
    unsafe: bool,
) -> Outcome:
    """Return what fixes come to, in memory, and say on standard error which could not be applied.

    Args:
        check: checks the files with contents in place of what is saved.
        wanted: returns the findings that are to be mended.
        contents: of standard input, by the name that it is checked under; none: files are fixed.
        unsafe: applies unsafe fixes as well.
    """

    def checked(changed: Mapping[Path, bytes]) -> Checked:
        report = check(changed)
        return Checked(report.findings, wanted(report))

    outcome = Fixing(checked, unsafe=unsafe, contents=contents).run()
    for remark in outcome.remarks:
        sys.stderr.write(f"panther-gen: {remark}\n")
    return outcome


def land(outcome: Outcome, contents: Mapping[Path, bytes]) -> None:
    """Write the fixed files, or to standard output what standard input should be.

    Args:
        outcome: of :func:`find_fixes`.
        contents: of standard input, by its name; none: files were fixed.

    Raises:
        MachineError: a file cannot be written; none is changed then.
    """
    if not contents:
        write_files(outcome.before, outcome.after)
    sys.stdout.flush()
    for name, content in contents.items():
        sys.stdout.buffer.write(outcome.after.get(str(name), content))
    sys.stdout.buffer.flush()


def show_difference(outcome: Outcome) -> int:
    """Write the unified diff to standard output, how much it mends to standard error; return the status."""
    sys.stdout.flush()
    sys.stdout.buffer.write(unified_diff(outcome.before, outcome.after))
    sys.stdout.buffer.flush()
    sys.stderr.write(f"Would fix {described(len(outcome.fixed), len(outcome.after))}\n")
    return 1 if outcome.after else 0


def described(findings: int, files: int) -> str:
    """Return ``2 findings in 1 file``."""
    one, many = "finding" if findings == 1 else "findings", "file" if files == 1 else "files"
    return f"{findings} {one} in {files} {many}"

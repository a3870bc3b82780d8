"""A baseline: the findings that an old code base starts with, so that only new ones count.

It is a JSON file that is kept with the code. A finding is recognised by its file, its rule and the words of
its line; where the line stands does not matter, and neither does it matter which of several equal ones was
mended. Paths are relative to the baseline's directory.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from panther_gen.errors import MachineError, UsageError, shown
from panther_gen.lint.choosing.fingerprint import fingerprint
from panther_gen.lint.model import Finding
from panther_gen.lint.report import Report
from panther_gen.lint.rules import UNREADABLE_FILE
from panther_gen.plugin.tree import directory_of

__all__ = ["Baseline", "Entry"]

#: A file that cannot be parsed: what else is wrong with it cannot be known.
_NEVER_KNOWN = "PG001"

_VERSION = 1


class Entry(NamedTuple):
    """What equal findings have in common.

    Attributes:
        path: the file, relative to the baseline's directory, with slashes.
        code: the rule's code.
        fingerprint: of the line.
    """

    path: str
    code: str
    fingerprint: str


@dataclass(slots=True)
class Baseline:
    """The entries of a baseline file, and how many findings each stands for.

    Attributes:
        path: the file.
        counts: how many findings of an entry are known.
        messages: what a person reads of an entry.
    """

    path: Path
    counts: Counter[Entry]
    messages: dict[Entry, str]

    @classmethod
    def empty(cls, path: Path) -> Baseline:
        """Return a baseline that knows nothing yet."""
        return cls(path, Counter(), {})

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """Return what a file says.

        Raises:
            UsageError: there is no such file, or it is no baseline.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            cure = "write it with --write-baseline"
            raise UsageError(f"the baseline {shown(path)} does not exist", cure=cure) from None
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            cure = "name a file that can be read"
            raise UsageError(f"the baseline {shown(path)} cannot be read: {reason}", cure=cure) from None
        baseline = cls.empty(path)
        anew = "write it anew with --write-baseline, after moving this one away"
        try:
            document = json.loads(text)
            if not isinstance(document, dict):
                raise TypeError("it is no object of JSON")
            if document["version"] != _VERSION:
                raise ValueError(f"its version is {document['version']!r}, not {_VERSION}")
            for row in document["findings"]:
                baseline._enter(row)
        except json.JSONDecodeError as error:
            place = f"{shown(path)[1:-1]}:{error.lineno}:{error.colno}"
            raise UsageError(f"it is no baseline: {error.msg}", where=place, cure=anew) from None
        except (ValueError, KeyError, TypeError) as error:
            reason = f"it has no {error}" if isinstance(error, KeyError) else str(error)
            raise UsageError(f"{shown(path)} is no baseline: {reason}", cure=anew) from None
        return baseline

    def _enter(self, row: Mapping[str, Any]) -> None:
        entry = Entry(str(row["path"]), str(row["code"]), str(row["fingerprint"]))
        self.counts[entry] += int(row.get("count", 1))
        self.messages[entry] = str(row.get("message", ""))

    def unknown(self, findings: Iterable[Finding], report: Report) -> list[Finding]:
        """Return the findings of a report that are not known."""
        left = Counter(self.counts)
        new: list[Finding] = []
        for finding in findings:
            entry = self._entry(finding, report)
            if left[entry] > 0 and finding.code != _NEVER_KNOWN:
                left[entry] -= 1
            else:
                new.append(finding)
        return new

    def stale(self, report: Report, checked: Iterable[Path]) -> list[tuple[Entry, int]]:
        """Return the entries that stand for more findings than there are, and for how many more.

        Args:
            report: with all findings, whichever of them are wanted.
            checked: what was checked; of other files, only those that are gone are judged.
        """
        left = self.counts - Counter(self._entry(finding, report) for finding in report.findings)
        judges = _Judge(report, checked)
        paths = {entry.path: self.path.parent / entry.path for entry in left}
        return sorted(
            (entry, count) for entry, count in left.items() if judges.knows_all_about(paths[entry.path])
        )

    def describe(self, stale: Iterable[tuple[Entry, int]]) -> list[str]:
        """Return a line for each stale entry."""
        return [
            f"stale in the baseline {shown(self.path)}: {entry.path} {entry.code} {self.messages[entry]}"
            + (f" ({count} times)" if count > 1 else "")
            for entry, count in stale
        ]

    def renew(self, wanted: Iterable[Finding], report: Report, checked: Iterable[Path]) -> None:
        """Let the baseline know the wanted findings, and forget what is stale."""
        for entry, count in self.stale(report, checked):
            self.counts[entry] -= count
        found: Counter[Entry] = Counter()
        for finding in wanted:
            if finding.code == _NEVER_KNOWN:
                continue
            entry = self._entry(finding, report)
            found[entry] += 1
            self.messages[entry] = finding.message
        self.counts |= found  # which drops entries that stand for nothing

    def write(self) -> None:
        """Replace the file, whole or not at all.

        Raises:
            MachineError: it cannot be written.
        """
        rows = [
            {**entry._asdict(), "count": count, "message": self.messages[entry]}
            for entry, count in sorted(self.counts.items())
        ]
        text = json.dumps({"version": _VERSION, "findings": rows}, indent=2) + "\n"
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(self.path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            message = f"the baseline {shown(self.path)} cannot be written: {error.strerror}"
            raise MachineError(message, cure="name a file in a directory that you may write in") from None

    def _entry(self, finding: Finding, report: Report) -> Entry:
        return Entry(self._relative(finding.path), finding.code, fingerprint(finding, report))

    def _relative(self, path: str | Path) -> str:
        return os.path.relpath(path, self.path.parent).replace(os.sep, "/")


class _Judge:
    """Knows of which files a run would have found everything.

    A file that cannot be parsed hides what else is wrong with it, and with the plugin that it belongs to.
    """

    def __init__(self, report: Report, checked: Iterable[Path]) -> None:
        broken = [Path(one.path) for one in report.findings if one.code == UNREADABLE_FILE.code]
        given = list(checked)
        self._files = {_real(path) for path in given} - {_real(path) for path in broken}
        self._plugins = {directory_of(path) for path in given} - {directory_of(path) for path in broken}

    def knows_all_about(self, path: Path) -> bool:
        """Tell whether a finding in a file would have been found."""
        if not path.exists() or _real(path) in self._files:
            return True
        plugin = directory_of(Path(os.path.abspath(path)))  # noqa: PTH100 — without ".."
        return path.suffix != ".py" and plugin is not None and plugin in self._plugins


def _real(path: Path) -> str:
    return os.path.realpath(path)

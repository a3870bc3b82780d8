"""Verdicts of earlier runs, each with the evidence that it rests on.

A verdict is taken over if every piece of its evidence is what it was: the content of the group's files and
of every module that a base class was looked for in, the names in directories, and that nothing stands where
nothing stood. The file lies in the user's cache directory, one for each working directory, and is replaced
as a whole, so that two linters at once, or a killed one, can do no more than cost time.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panther_gen import __version__
from panther_gen.lint.choosing.suppression import Comment
from panther_gen.lint.disk.evidence import Fact, still_holds
from panther_gen.lint.model import Finding, Place, Span
from panther_gen.lint.running.judge import Group, Verdict
from panther_gen.seen import replace_file

if TYPE_CHECKING:
    from panther_gen.lint.disk.summaries import Summaries

__all__ = ["Cache"]

_FORMAT = 2

# More groups than any project has that is checked as a whole; what was not asked for lately goes first.
_MOST_GROUPS = 50_000

# What a damaged file can bring about; it counts as empty.
_DAMAGED = (ValueError, LookupError, TypeError, AttributeError)


class Cache:
    """The verdicts of the runs in one working directory.

    Args:
        directory: where the file lies; it need not exist.
        contracts: the files with the contracts of other packages than the runtime; they decide with.
    """

    def __init__(self, directory: Path, contracts: Iterable[Path] = ()) -> None:
        working = os.getcwd()
        self._file = directory / f"lint-{hashlib.sha256(os.fsencode(working)).hexdigest()[:16]}.json"
        self._tool = _tool()
        self._key = [_FORMAT, working, self._tool, *map(_state, contracts)]
        self._facts: list[tuple[str, Fact]] = []
        self._groups: dict[str, list[Any]] = {}

    def summaries(self) -> Summaries:
        """Return the summaries of the files that were judged; nothing is read yet."""
        from panther_gen.lint.disk.summaries import Summaries

        return Summaries(self._file.with_suffix(".summaries"), f"{_FORMAT} {self._tool}")

    def verdicts(self, groups: Sequence[Group], changed: Iterable[Path] = ()) -> dict[str, Verdict]:
        """Return the verdicts that still hold, by the names of their groups.

        Args:
            groups: those that are asked for.
            changed: files with another content than the saved one; no verdict that rests on one holds.
        """
        self._load()
        known = self._void(changed)
        found: dict[str, Verdict] = {}
        with suppress(*_DAMAGED):
            for group in groups:
                entry = self._groups.get(group.name)
                if entry is None or entry[0] != [str(file) for file in group.files]:
                    continue
                if all(self._holds(number, known) for number in entry[1]):
                    found[group.name] = _verdict(entry[2])
        return found

    def _void(self, changed: Iterable[Path]) -> dict[int, bool]:
        """Return the facts that are none with other contents, by their numbers."""
        places = {os.path.realpath(path) for path in changed}
        if not places:
            return {}
        with suppress(*_DAMAGED):
            keys = [(number, key.partition(" ")) for number, (key, _) in enumerate(self._facts)]
            contents = ((number, path) for number, (what, _, path) in keys if what == "content")
            return {number: False for number, path in contents if os.path.realpath(path) in places}
        return {}

    def enter(self, judged: Mapping[str, tuple[Group, Verdict]]) -> None:
        """Keep new verdicts beside those of other groups; if that cannot be done, they are not kept."""
        self._load()  # another run may have added some
        with suppress(OSError, *_DAMAGED):
            replace_file(self._file, self._merged(judged))

    def _merged(self, judged: Mapping[str, tuple[Group, Verdict]]) -> str:
        numbers: dict[str, int] = {}
        facts: list[tuple[str, Fact]] = []

        def numbered(key: str, fact: Fact) -> int:
            word = json.dumps([key, fact])
            if word not in numbers:
                numbers[word] = len(facts)
                facts.append((key, fact))
            return numbers[word]

        groups: dict[str, list[Any]] = {}
        for name, (group, verdict) in judged.items():
            if verdict.grounds is not None:
                grounds = [numbered(key, fact) for key, fact in verdict.grounds.items()]
                groups[name] = [[str(file) for file in group.files], grounds, _entry(verdict)]
        for name, entry in self._groups.items():
            if name not in judged and len(groups) < _MOST_GROUPS:
                groups[name] = [entry[0], [numbered(*self._facts[one]) for one in entry[1]], entry[2]]
        return json.dumps({"key": self._key, "facts": facts, "groups": groups})

    def _holds(self, number: int, known: dict[int, bool]) -> bool:
        if number not in known:
            known[number] = still_holds(*self._facts[number])
        return known[number]

    def _load(self) -> None:
        """Read the file; one that is damaged, or of another version, counts as empty."""
        self._facts, self._groups = [], {}
        try:
            content = json.loads(self._file.read_bytes())
            if content["key"] == self._key:
                self._facts = content["facts"]
                self._groups = content["groups"]
        except (OSError, *_DAMAGED):
            pass


def _tool() -> str:
    """Return what tells this linter from others: its version, its files, the Python that parses."""
    lint = Path(__file__).parents[1]
    packages = (Path(entry) for entry in os.scandir(lint) if entry.is_dir())
    places = (lint, *packages, lint.parent / "plugin", lint.parent)
    files = (entry for place in places for entry in os.scandir(place) if entry.is_file())
    stamps = sorted((entry.path, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in files)
    return hashlib.sha256(repr((__version__, sys.version, stamps)).encode()).hexdigest()


def _state(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:  # the linter will refuse it
        return ""


def _entry(verdict: Verdict) -> list[Any]:
    """Return what JSON can say of a verdict; nothing if nothing was found."""
    if not verdict.findings and not verdict.comments:
        return []
    return [
        [_finding(one) for one in verdict.findings],
        {path: [_comment(one) for one in comments] for path, comments in verdict.comments.items()},
        {path: sorted(codes) for path, codes in verdict.judged.items()},
    ]


def _finding(finding: Finding) -> list[Any]:
    span = finding.span
    places = [[one.path, one.line, one.lines, one.label] for one in finding.places]
    where = [span.line, span.column, span.end_line, span.end_column]
    return [
        finding.code,
        finding.name,
        finding.severity,
        finding.message,
        finding.path,
        where,
        finding.help,
        places,
        finding.facts,
    ]


def _comment(comment: Comment) -> list[Any]:
    return [comment.lines, comment.codes, comment.reason]


def _verdict(entry: list[Any]) -> Verdict:
    if not entry:
        return Verdict()
    findings, comments, judged = entry
    return Verdict(
        [_read_finding(*one) for one in findings],
        {path: [Comment(tuple(one[0]), *one[1:]) for one in found] for path, found in comments.items()},
        {path: frozenset(codes) for path, codes in judged.items()},
    )


def _read_finding(
    code: str,
    name: str,
    severity: Any,
    message: str,
    path: str,
    where: list[int],
    cure: str,
    places: list[Any],
    facts: list[list[str]],
) -> Finding:
    seconds = tuple(
        Place(one[0], one[1], tuple((number, text) for number, text in one[2]), one[3]) for one in places
    )
    known = tuple((key, value) for key, value in facts)
    return Finding(code, name, severity, message, path, Span(*where), cure, seconds, known)

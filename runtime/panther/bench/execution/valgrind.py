"""What the tools of valgrind share: they run the program themselves, and write a log for a person.

The XML that valgrind writes instead lacks the summary, and is cut off where a program is killed.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from panther.bench.execution.base import ExecutionEnvironment, Profile, Settings, Spot, Tool, started_by
from panther.bench.execution.phrases import counted
from panther.plugins.services.base.command import Command

__all__ = ["Valgrind"]

_ROWS = 15
_PREFIX = re.compile(r"^==\d+== ?", re.MULTILINE)
_ERRORS = re.compile(r"ERROR SUMMARY: (\d+) errors from (\d+) contexts")
#: Lines above a stack that is not that of an error, but goes with one, or with the end of the program.
_ABOUT_ANOTHER = ("Address 0x", "Block was", "If you believe", "Process terminating", "This conflicts with")
_FRAME = re.compile(r" +(?:at|by) 0x[0-9A-F]+: (?P<name>.+)")
_BROKEN = re.compile(
    r"^valgrind: (?:the 'impossible' happened|fatal error|.*[Cc]annot continue)", re.MULTILINE
)
#: Functions of valgrind's own, which stand first in a stack that is about memory.
_OWN = re.compile(r"vgpreload|vg_replace|in /usr/libexec/valgrind")


class ValgrindSettings(Settings):
    """What can be set."""

    fail_on_errors: bool = Field(default=False, description="whether an error that is found fails the test")


class Valgrind(ExecutionEnvironment):
    """A tool of valgrind; a signal that stops the service reaches it as ever."""

    tools = (Tool("valgrind", "valgrind"),)
    #: It cannot run itself, and what is loaded into the program beside it is checked and slowed down as well.
    excludes = frozenset({"memcheck", "helgrind", "gdb", "gperf_cpu", "gperf_heap"})
    settings_class: ClassVar[type[Settings]] = ValgrindSettings
    options: ClassVar[tuple[str, ...]] = ()

    def wrap(self, command: Command, spot: Spot) -> Command:
        """Run the program in valgrind, and its children; each process has a log of its own."""
        log = spot.file(self.name, ".%p.txt")
        return started_by(
            command,
            "valgrind",
            f"--tool={self.name}",
            f"--log-file={log}",
            "--trace-children=yes",
            *self.options,
        )

    def status(self, returncode: int, spot: Spot) -> int | None:
        """Return how the program ended; None where valgrind did not live to sum up."""
        texts = [_text(log) for log in self._logs(spot)]
        broken = not texts or any(_BROKEN.search(text) for text in texts)
        return None if broken or (returncode > 0 and not any(map(_ERRORS.search, texts))) else returncode

    def read(self, command: Command, spot: Spot) -> Profile | None:
        """Return the errors by kind and place, those that stand most often first."""
        logs = self._logs(spot)
        if not logs:
            return None
        texts = [_text(log) for log in logs]
        sums = [found for text in texts if (found := _ERRORS.search(text))]
        counted: Counter[tuple[str, str]] = Counter()
        for text in texts:
            counted.update(_errors(text))
        rows = tuple((what, where, str(count)) for (what, where), count in counted.most_common(_ROWS))
        note = "" if len(sums) == len(texts) else "a process was killed before valgrind could sum up"
        errors = sum(int(found[1]) for found in sums)
        return Profile(
            self.headline(errors, texts),
            ("error", "in", "reports") if rows else (),
            rows,
            products=tuple(logs),
            note=note,
            findings=errors,
        )

    def headline(self, errors: int, texts: list[str]) -> str:
        """Return what was found as a phrase."""
        return counted(errors, "error") if errors else "no errors"

    def _logs(self, spot: Spot) -> list[Path]:
        return sorted(log for log in spot.directory.glob(f"{self.name}*.txt") if log.stat().st_size)


def _text(log: Path) -> str:
    return _PREFIX.sub("", log.read_text(encoding="utf-8", errors="replace"))


def _errors(text: str) -> Counter[tuple[str, str]]:
    """Return the reports of a log: a line that says what, followed by a stack."""
    found: Counter[tuple[str, str]] = Counter()
    what = ""
    stack: list[str] = []
    for line in [*text.splitlines(), ""]:
        if frame := _FRAME.match(line):
            stack.append(frame["name"])
            continue
        if line.startswith("Lock"):  # which locks are held stands between an error and its stack
            continue
        if stack:
            _count(found, what, stack)
            what, stack = "", []
        what = line.strip() or what
    return found


def _count(found: Counter[tuple[str, str]], what: str, stack: list[str]) -> None:
    if not what or what.startswith(_ABOUT_ANOTHER):
        return
    what = re.sub(r"^Thread #\d+: ", "", what)
    kind = re.sub(
        r"[\d,]+ (?:\([^)]*\) )?bytes in [\d,]+ blocks are (.*) in loss record.*", r"memory \1", what
    )
    kind = re.sub(r"0x[0-9A-Fa-f]+", "0x…", kind)
    place = next((name for name in stack if not _OWN.search(name)), stack[0])
    found[kind, place] += 1

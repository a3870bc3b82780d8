"""What a person sees of a run: a live line on a terminal, plain lines elsewhere, and the summary."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Literal, Protocol

from panther.bench.evidence import Outcome
from panther.bench.repeats import pass_rates
from panther.bench.results import RunResult, TestResult
from panther.bench.visible import visible

__all__ = [
    "LiveProgress",
    "PlainProgress",
    "Progress",
    "ProgressMode",
    "QuietProgress",
    "make_progress",
    "printable",
]

ProgressMode = Literal["auto", "plain", "quiet"]

_MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.ERROR: "✗"}
_ASCII_MARKS = {Outcome.PASSED: "ok", Outcome.FAILED: "FAILED", Outcome.ERROR: "ERROR"}
_COLOURS = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.ERROR: "red"}
_PHASES = {
    "prepare": "preparing",
    "start": "starting servers",
    "transfer": "transferring",
    "stop": "stopping",
    "after": "running the commands after it",
}
_REFRESH_SECONDS = 0.1
_WIDEST_NAME = 60
_LONGEST_LOG_LINE = 400


class Progress(Protocol):
    """Is told what happens, in this order."""

    def started(self, run: RunResult, names: Sequence[str]) -> None:
        """Begin a run of these tests."""

    def test_started(self, name: str) -> None:
        """Begin a test."""

    def phase(self, name: str, phase: str) -> None:
        """Enter a phase of a test."""

    def test_finished(self, test: TestResult) -> None:
        """End a test with its verdict."""

    def finished(self, run: RunResult) -> None:
        """End the run."""

    def close(self) -> None:
        """Leave the terminal as it was, also where a run ends with an error."""


class QuietProgress:
    """Prints what did not pass, and the last line.

    Args:
        stream: where to; None: standard output.
    """

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._width = 0
        self._fancy = (getattr(self._stream, "encoding", "") or "").lower().startswith("utf")

    def started(self, run: RunResult, names: Sequence[str]) -> None:
        """Print nothing; make room for the longest name."""
        self._width = min(max(map(len, names), default=0), _WIDEST_NAME)

    def test_started(self, name: str) -> None:
        """Print nothing."""

    def phase(self, name: str, phase: str) -> None:
        """Print nothing."""

    def test_finished(self, test: TestResult) -> None:
        """Print a test that did not pass."""
        if test.outcome is not Outcome.PASSED:
            self._print_test(test)

    def finished(self, run: RunResult) -> None:
        """Print how many passed, and where the results are."""
        for rate in pass_rates(run.tests):
            self._print(f"  {rate.name:<{self._width}}  {rate}", style="yellow" if rate.flaky else "")
        passed = sum(test.outcome is Outcome.PASSED for test in run.tests)
        ended = ", interrupted" if run.signal is not None else ""
        self._print(f"{passed} of {len(run.tests)} tests passed in {run.seconds:.1f} s{ended}", style="bold")
        self._print(f"results: {_short(run)}")

    def close(self) -> None:
        """Do nothing."""

    def _print_test(self, test: TestResult) -> None:
        marks = _MARKS if self._fancy else _ASCII_MARKS
        mark = marks.get(test.outcome, "-")
        line = f"{mark} {test.label:<{self._width}}  {test.seconds:6.2f} s  {test.reason}"
        self._print(line, style=_COLOURS.get(test.outcome, ""))
        if test.outcome in {Outcome.FAILED, Outcome.ERROR}:
            self._print_failure(test)

    def _print_failure(self, test: TestResult) -> None:
        for item in test.evidence:
            word = {True: "holds", False: "fails", None: "note"}[item.passed]
            self._print(f"    {word:<5} {item.name}: {item.detail}")
        for service in test.services:
            if service.log_tail:
                self._print(f"    last lines of {service.name}'s log:")
                for line in service.log_tail.splitlines():
                    self._print(f"      | {printable(line)}")
        self._print(f"    everything: {os.path.relpath(test.directory)}")

    def _print(self, line: str, style: str = "") -> None:
        print(visible(line), file=self._stream, flush=True)


class PlainProgress(QuietProgress):
    """Prints a line for each test, and how tests are kept apart."""

    def started(self, run: RunResult, names: Sequence[str]) -> None:
        """Print how many tests there are."""
        super().started(run, names)
        jobs = f", {run.jobs} at a time" if run.jobs > 1 else ""
        tests = "1 test" if len(names) == 1 else f"{len(names)} tests"
        self._print(f"{tests}, isolation: {run.isolation}{jobs}")

    def test_finished(self, test: TestResult) -> None:
        """Print the test's verdict."""
        self._print_test(test)


@dataclass
class _Running:
    """A test that runs, as its line shows it."""

    since: float
    phase: str = "preparing"


class LiveProgress(PlainProgress):
    """On a terminal: a line for each test that runs, replaced by its verdict, and one for the whole run."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.live import Live

        super().__init__()
        self._console = Console(highlight=False)
        # Refreshed by hand: a thread beside the loop would stand in the way of forks and namespaces.
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._running: dict[str, _Running] = {}
        self._begin = time.monotonic()
        self._total = self._done = self._bad = 0
        self._timer: asyncio.TimerHandle | None = None

    def started(self, run: RunResult, names: Sequence[str]) -> None:
        """Print how many tests there are, and show the lines from now on."""
        super().started(run, names)
        self._begin, self._total = time.monotonic(), len(names)
        self._live.start()
        self._draw()

    def test_started(self, name: str) -> None:
        """Add a line."""
        self._running[name] = _Running(time.monotonic())

    def phase(self, name: str, phase: str) -> None:
        """Change the line."""
        if name in self._running:
            self._running[name].phase = _PHASES.get(phase, phase)

    def test_finished(self, test: TestResult) -> None:
        """Replace the line by the verdict."""
        self._running.pop(test.label, None)
        self._done += 1
        self._bad += test.outcome is not Outcome.PASSED
        self._print_test(test)

    def close(self) -> None:
        """Remove the lines and show the cursor."""
        if self._timer is not None:
            self._timer.cancel()
        self._live.stop()

    def _draw(self) -> None:
        from rich.text import Text

        # No more lines than the screen has: what it cannot show it cannot remove either.
        shown = list(self._running.items())[: max(1, self._console.height - 2)]
        now = time.monotonic()
        lines = [
            f"  {name:<{self._width}}  {now - test.since:6.2f} s  {test.phase} …" for name, test in shown
        ]
        if self._total > 1:
            bad = f", {self._bad} not passed" if self._bad else ""
            lines.append(f"  {self._done} of {self._total} done{bad}, {now - self._begin:.1f} s")
        self._live.update(
            Text("\n".join(lines), style="dim", no_wrap=True, overflow="ellipsis"), refresh=True
        )
        self._timer = asyncio.get_running_loop().call_later(_REFRESH_SECONDS, self._draw)

    def _print(self, line: str, style: str = "") -> None:
        self._console.print(visible(line), style=style or None, markup=False, soft_wrap=True)


def make_progress(mode: ProgressMode) -> Progress:
    """Return what suits standard output.

    Args:
        mode: ``auto``: live on a terminal, else plain; ``plain``; ``quiet``.
    """
    if mode == "quiet":
        return QuietProgress()
    return LiveProgress() if mode == "auto" and sys.stdout.isatty() else PlainProgress()


def printable(line: str) -> str:
    """Return a line of a program's output as it can be shown on a terminal, cut where it is endless."""
    shown = visible(line)
    return shown if len(shown) <= _LONGEST_LOG_LINE else f"{shown[:_LONGEST_LOG_LINE]} …"


def _short(run: RunResult) -> str:
    relative = os.path.relpath(run.directory)
    return str(run.directory) if relative.startswith("..") else relative

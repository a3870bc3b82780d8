"""Measures two sides against each other in one run.

Times of different machines, or of different minutes, cannot be compared; the ratio of two sides that take
turns can. Each round measures our side, then the reference; the ratio is taken per round, and its median and
spread are printed. Whether a target holds is printed as text: a benchmark never fails because of a time.

A file ``bench_*.py`` in this directory declares benchmarks::

    @benchmark("sorting", target=at_most(1.0), unit="ms")
    def sorting(workplace: Path) -> Comparison:
        return Comparison(ours=Side("sorted", lambda: ...), reference=Side("list.sort", lambda: ...))

The function is called once, with an empty directory that is removed afterwards. A side's `measure` does the
work once and returns the figure, in the benchmark's unit. Functions may raise :class:`UnavailableError` or
:class:`BrokenError`; the runner reports them and goes on.
"""

from __future__ import annotations

import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "BENCHMARKS",
    "Benchmark",
    "BrokenError",
    "Comparison",
    "Result",
    "Side",
    "Target",
    "UnavailableError",
    "at_least",
    "at_most",
    "benchmark",
    "measure",
    "program",
    "time_process",
]


class UnavailableError(Exception):
    """What a benchmark needs is not on this machine; the text says what."""


class BrokenError(Exception):
    """A measured program failed; its time would say nothing."""


@dataclass(frozen=True)
class Target:
    """What the ratio of our side to the reference should be."""

    ratio: float
    higher_is_better: bool

    def holds(self, ratio: float) -> bool:
        return ratio >= self.ratio if self.higher_is_better else ratio <= self.ratio

    def __str__(self) -> str:
        return f"{'≥' if self.higher_is_better else '≤'} {self.ratio:g}"


def at_least(ratio: float) -> Target:
    """Our figure should be at least `ratio` times the reference's: for rates."""
    return Target(ratio, higher_is_better=True)


def at_most(ratio: float) -> Target:
    """Our figure should be at most `ratio` times the reference's: for times."""
    return Target(ratio, higher_is_better=False)


@dataclass(frozen=True)
class Side:
    """One of the two things that are compared."""

    label: str
    measure: Callable[[], float]


@dataclass(frozen=True)
class Comparison:
    """Our side and what it is measured against."""

    ours: Side
    reference: Side
    note: str = ""


@dataclass(frozen=True)
class Benchmark:
    """A declared benchmark."""

    name: str
    unit: str
    target: Target
    rounds: int
    prepare: Callable[[Path], Comparison]


@dataclass(frozen=True)
class Result:
    """The figures of one benchmark: one of each side per round."""

    benchmark: Benchmark
    comparison: Comparison
    ours: tuple[float, ...]
    reference: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        return tuple(ours / reference for ours, reference in zip(self.ours, self.reference, strict=True))

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def holds(self) -> bool:
        return self.benchmark.target.holds(self.ratio)

    def as_json(self) -> dict[str, object]:
        target = self.benchmark.target
        return {
            "name": self.benchmark.name,
            "unit": self.benchmark.unit,
            "ours": {"label": self.comparison.ours.label, "figures": self.ours},
            "reference": {"label": self.comparison.reference.label, "figures": self.reference},
            "ratio": {"median": self.ratio, "min": min(self.ratios), "max": max(self.ratios)},
            "target": {
                "ratio": target.ratio,
                "higher_is_better": target.higher_is_better,
                "holds": self.holds,
            },
            "note": self.comparison.note,
        }


#: Every benchmark of the modules imported so far, in the order of their declaration.
BENCHMARKS: list[Benchmark] = []


def benchmark(
    name: str, *, target: Target, unit: str, rounds: int = 9
) -> Callable[[Callable[[Path], Comparison]], Callable[[Path], Comparison]]:
    """Declare the decorated function as a benchmark."""

    def declare(prepare: Callable[[Path], Comparison]) -> Callable[[Path], Comparison]:
        BENCHMARKS.append(Benchmark(name, unit, target, rounds, prepare))
        return prepare

    return declare


def measure(benchmark: Benchmark, rounds: int | None = None) -> Result:
    """Run a benchmark: one round to warm up, then `rounds` rounds of both sides in turn."""
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        comparison = benchmark.prepare(Path(directory))
        sides = (comparison.ours, comparison.reference)
        for side in sides:
            side.measure()
        figures = [tuple(side.measure() for side in sides) for _ in range(rounds or benchmark.rounds)]
    ours, reference = zip(*figures, strict=True)
    return Result(benchmark, comparison, ours, reference)


def program(name: str) -> str:
    """Path of a program that is installed beside this Python."""
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        raise UnavailableError(f"{name!r} is not installed beside {sys.executable}")
    return str(path)


def time_process(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    status: int = 0,
) -> float:
    """Run a program to its end, its output thrown away, and return the wall-clock time in milliseconds.

    Args:
        argv: the program and its arguments.
        cwd: where it is started.
        environment: variables to add to those of this process.
        status: the exit status that it has to end with.

    Raises:
        BrokenError: the program's exit status is another one. Its figure would be that of an error message.
    """
    env = {**os.environ, **(environment or {})}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has been compiled; nobody waits for that
    begin = time.perf_counter()
    run = subprocess.run(
        argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    elapsed = time.perf_counter() - begin
    if run.returncode != status:
        raise BrokenError(f"exit status {run.returncode}: {shlex.join(argv)}{_last_words(argv, cwd, env)}")
    return elapsed * 1000


def _last_words(argv: Sequence[str], cwd: Path | None, env: Mapping[str, str]) -> str:
    # The measured run had nowhere to write to; its complaint is worth a second one.
    again = subprocess.run(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return "\n" + again.stderr.strip() if again.stderr.strip() else ""

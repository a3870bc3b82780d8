"""Runs the benchmarks of this directory: ``python tests/bench/run.py [NAME…] [--rounds N] [--json FILE]``.

Each NAME selects the benchmarks whose name or file name contains it. The exit status is 0 also when a target
does not hold, 1 when a benchmark could not be measured because a program failed, 2 when nothing matches.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import statistics
import sys
from pathlib import Path

import harness

HEADINGS = ("benchmark", "ours", "reference", "ratio", "min to max", "target", "holds")


def main() -> int:
    arguments = _parse()
    selected = _select(arguments.names)
    if not selected:
        print(f"no benchmark matches {' '.join(arguments.names)!r}; there are:", file=sys.stderr)
        print(*(f"  {benchmark.name}" for benchmark in harness.BENCHMARKS), sep="\n", file=sys.stderr)
        return 2
    results, remarks, broken = [], [], False
    for benchmark in selected:
        print(f"measuring {benchmark.name} …", file=sys.stderr, flush=True)
        try:
            results.append(harness.measure(benchmark, arguments.rounds))
        except harness.UnavailableError as error:
            remarks.append(f"skipped: {benchmark.name}: {error}")
        except harness.BrokenError as error:
            broken = True
            remarks.append(f"BROKEN: {benchmark.name}: {error}")
    _print(results, remarks)
    if arguments.json:
        _write_json(arguments.json, results, remarks)
    return 1 if broken else 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure both sides of each benchmark in one run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of a benchmark's name or file name")
    parser.add_argument("--rounds", type=int, help="rounds of each benchmark, instead of its own number")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to this file as well")
    arguments = parser.parse_args()
    if arguments.rounds is not None and arguments.rounds < 1:
        parser.error(f"--rounds must be at least 1, not {arguments.rounds}")
    return arguments


def _select(names: list[str]) -> list[harness.Benchmark]:
    for file in sorted(Path(__file__).parent.glob("bench_*.py")):
        importlib.import_module(file.stem)
    return [
        benchmark
        for benchmark in harness.BENCHMARKS
        if not names or any(name in f"{benchmark.prepare.__module__} {benchmark.name}" for name in names)
    ]


def _print(results: list[harness.Result], remarks: list[str]) -> None:
    rows = [HEADINGS, *(_row(result) for result in results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if results:
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        print("Medians; the ratio is ours to the reference, taken round by round.")
    notes = [
        f"{result.benchmark.name}: {result.comparison.note}" for result in results if result.comparison.note
    ]
    for remark in notes + remarks:
        print(remark)


def _row(result: harness.Result) -> tuple[str, ...]:
    unit = result.benchmark.unit
    return (
        result.benchmark.name,
        f"{result.comparison.ours.label} {statistics.median(result.ours):,.0f} {unit}",
        f"{result.comparison.reference.label} {statistics.median(result.reference):,.0f} {unit}",
        f"{result.ratio:.2f}",
        f"{min(result.ratios):.2f} to {max(result.ratios):.2f}",
        str(result.benchmark.target),
        "yes" if result.holds else "NO",
    )


def _write_json(file: Path, results: list[harness.Result], remarks: list[str]) -> None:
    document = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "benchmarks": [result.as_json() for result in results],
        "remarks": remarks,
    }
    file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

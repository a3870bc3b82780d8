"""The charts of a test, from the samples of its ``metrics.jsonl``."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from panther.bench.observers.metrics import METRICS_FILE
from panther.bench.report.charts import Chart, make_chart, rate
from panther.bench.report.source import read_lines
from panther.bench.report.text import printable

__all__ = ["charts_of"]

_MEBIBYTE = 1 << 20
_PERCENT = 100
#: Samples that are read; a test of a week has fewer.
_MOST_SAMPLES = 500_000
_COLUMNS = (
    "cpu_seconds",
    "memory_bytes",
    "read_bytes",
    "written_bytes",
    "disk_written_bytes",
    "received_packets",
)

_Series = dict[str, list[tuple[float, float]]]


def charts_of(directory: Path, began: float) -> tuple[Chart, ...]:
    """Return the charts of what was sampled; none where nothing was.

    Args:
        directory: the test's.
        began: the test's beginning, in seconds since the run began.
    """
    found: dict[str, _Series] = {column: defaultdict(list) for column in _COLUMNS}
    for sample in read_lines(directory / METRICS_FILE, _MOST_SAMPLES):
        moment = sample.get("elapsed")
        if not isinstance(moment, int | float):
            continue
        name = printable(str(sample.get("service") or "all services"))
        for column in _COLUMNS:
            value = sample.get(column)
            if isinstance(value, int | float):
                found[column][name].append((moment - began, value))
    made = (
        make_chart("CPU", "% of a core", _rates(found["cpu_seconds"], _PERCENT)),
        make_chart("Memory, resident", "MiB", _scaled(found["memory_bytes"], 1 / _MEBIBYTE)),
        make_chart("Read by system calls", "MiB/s", _rates(found["read_bytes"], 1 / _MEBIBYTE)),
        make_chart("Written by system calls", "MiB/s", _rates(found["written_bytes"], 1 / _MEBIBYTE)),
        make_chart("Packets received", "packets/s", _rates(found["received_packets"], 1)),
    )
    return tuple(chart for chart in made if chart is not None)


def _rates(series: _Series, factor: float) -> _Series:
    return _scaled({name: rate(points) for name, points in series.items()}, factor)


def _scaled(series: _Series, factor: float) -> _Series:
    return {name: [(moment, value * factor) for moment, value in points] for name, points in series.items()}

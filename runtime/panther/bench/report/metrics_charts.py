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
_UNITS = ((_MEBIBYTE, "MiB/s"), (1 << 10, "KiB/s"), (1, "bytes/s"))
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
        _of_bytes("Read by system calls", found["read_bytes"]),
        _of_bytes("Written by system calls", found["written_bytes"]),
        make_chart("Packets received", "packets/s", _rates(found["received_packets"], 1)),
    )
    return tuple(chart for chart in made if chart is not None)


def _of_bytes(title: str, series: _Series) -> Chart | None:
    """Return a chart of bytes a second, in a unit in which its numbers are short."""
    rates = _rates(series, 1)
    highest = max((value for points in rates.values() for _, value in points), default=0.0)
    factor, unit = next((each for each in _UNITS if highest >= each[0]), _UNITS[-1])
    return make_chart(title, unit, _scaled(rates, 1 / factor))


def _rates(series: _Series, factor: float) -> _Series:
    return _scaled({name: rate(points) for name, points in series.items()}, factor)


def _scaled(series: _Series, factor: float) -> _Series:
    return {name: [(moment, value * factor) for moment, value in points] for name, points in series.items()}

"""The metrics of a run as a table: what each service cost."""

from __future__ import annotations

from panther.bench.results import RunResult, ServiceResult, TestResult

__all__ = ["metrics_table"]

_HEADINGS = ("test", "service", "CPU", "peak memory", "ready after", "ran")


def metrics_table(run: RunResult) -> str:
    """Return an aligned table, a line for each service that ended.

    CPU is in seconds, user and system mode, of the service's process and the children it waited for;
    the peak is the largest resident set; "ready after" is a server's time until its socket was bound.
    """
    rows = [_HEADINGS, *(_row(test, service) for test in run.tests for service in test.services)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(test: TestResult, service: ServiceResult) -> tuple[str, ...]:
    # What was sampled is the service's own; the kernel's figure is never below what the runner had.
    sampled = test.observed.get("metrics", {}).get("peak_memory_bytes", {})
    peak = sampled.get(service.name) or service.peak_memory_bytes
    return (
        test.label,
        service.name,
        _seconds(service.cpu_seconds),
        "-" if peak is None else f"{peak / 2**20:.1f} MiB",
        _seconds(service.ready_after_seconds),
        _seconds(service.seconds),
    )


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s"

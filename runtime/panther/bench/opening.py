"""``panther-gen open``: shows the report of a run in a browser, or says where it is."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path

from panther.bench.observers.storage import EVENTS_FILE
from panther.bench.report import REPORT_FILE, write_report
from panther.bench.results_file import RESULTS_FILE
from panther.errors import InputError

__all__ = ["find_run", "open_report"]

_LATEST = "latest"


def open_report(results: Path, name: str | None, *, only_print: bool) -> None:
    """Print the path of a run's report, and open it where there is a browser.

    The report of a run that was killed, or is still under way, is made now, from its events so far.

    Args:
        results: the directory of runs.
        name: a run's directory, or its name in ``results``; None: the latest.
        only_print: do not open it.

    Raises:
        InputError: there is no such run, or it has left nothing to report.
        MachineError: the report had to be made and cannot be written.
    """
    run = find_run(results, name)
    report = run / REPORT_FILE
    if not report.is_file() or not (run / RESULTS_FILE).is_file():
        write_report(run)  # from the events so far
    print(report)
    if not only_print and _has_browser():
        webbrowser.open(report.as_uri())


def find_run(results: Path, name: str | None) -> Path:
    """Return the absolute directory of a run; arguments and errors as those of :func:`open_report`."""
    if name is not None:
        for place in (Path(name), results / name):
            if _is_run(place):
                return place.resolve()
        raise InputError(f"'{name}' is no directory of a run, nor is '{results / name}'", cure=_cure(results))
    if _is_run(results / _LATEST):
        return (results / _LATEST).resolve()
    runs = _runs(results)
    if not runs:
        raise InputError(
            f"there is no run in '{results}'",
            cure="panther-gen try NAME makes one; --results DIR names another directory",
        )
    return runs[-1].resolve()


def _is_run(directory: Path) -> bool:
    return any((directory / name).is_file() for name in (REPORT_FILE, RESULTS_FILE, EVENTS_FILE))


def _runs(results: Path) -> list[Path]:
    """Return the runs in a directory, the oldest first: their names begin with the time."""
    if not results.is_dir():
        return []
    return sorted(entry for entry in results.iterdir() if entry.name != _LATEST and _is_run(entry))


def _cure(results: Path) -> str:
    runs = [run.name for run in _runs(results)]
    return f"the latest runs are: {', '.join(runs[-3:])}" if runs else f"there is no run in '{results}'"


def _has_browser() -> bool:
    """Tell whether a window can be opened: a browser in a terminal would take the terminal."""
    return any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))

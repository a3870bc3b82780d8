"""Writes the page, piece by piece: a run of a thousand tests is never in memory as a whole."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from datetime import datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from panther.bench.evidence import Outcome
from panther.bench.junit import JUNIT_FILE
from panther.bench.observers.logger import LOG_FILE
from panther.bench.observers.storage import EVENTS_FILE
from panther.bench.report import charts
from panther.bench.report.details import details_of, link
from panther.bench.report.source import read_run
from panther.bench.report.text import printable, size_text
from panther.bench.rerun import EXPERIMENT_FILE
from panther.bench.results import on_disk, write_whole
from panther.bench.results_file import RESULTS_FILE

__all__ = ["REPORT_FILE", "write_report"]

REPORT_FILE = "report.html"

_TEMPLATES = Path(__file__).parent / "templates"
#: With more tests than this, those that passed are told in brief, and others after as many; with more than
#: the second, all are closed.
_MOST_IN_FULL, _MOST_OPEN = 100, 3
_RUN_FILES = (EXPERIMENT_FILE, RESULTS_FILE, JUNIT_FILE, EVENTS_FILE, LOG_FILE)
_MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.ERROR: "!", Outcome.INTERRUPTED: "-"}


def write_report(directory: Path) -> Path:
    """Write ``report.html`` from the other files of a run, whole or not at all.

    Args:
        directory: the run's; also that of a run which was killed before its end.

    Returns:
        The file.

    Raises:
        InputError: the directory is not that of a run.
        MachineError: the file cannot be written.
    """
    run = read_run(directory)
    file = directory / REPORT_FILE
    with on_disk(directory):
        write_whole(file, _template().generate(**_context(run, directory)))
    return file


def _context(run: dict[str, Any], directory: Path) -> dict[str, Any]:
    style, script = ((_TEMPLATES / name).read_text(encoding="utf-8") for name in ("style.css", "script.js"))
    tests = [test for test in run["tests"] if isinstance(test, dict)]
    counts = Counter(str(test.get("outcome")) for test in tests)
    brief = len(tests) > _MOST_IN_FULL
    others = (test for test in tests if not brief or test.get("outcome") != Outcome.PASSED)
    in_full = {id(test) for test in islice(others, _MOST_IN_FULL)}
    return {
        "run": run,
        "tests": tests,
        "counts": counts,
        "passed": counts[Outcome.PASSED],
        "files": [
            (name, link(directory / name, directory)) for name in _RUN_FILES if (directory / name).is_file()
        ],
        "details": lambda test: details_of(directory, test, brief=id(test) not in in_full),
        "brief": brief,
        "most_in_full": _MOST_IN_FULL,
        "is_open": lambda test: (
            len(tests) <= _MOST_OPEN or test.get("outcome") in {Outcome.FAILED, Outcome.ERROR}
        ),
        "style": Markup(style),  # noqa: S704 — our own file
        "script": Markup(script),  # noqa: S704 — our own file
        "policy": _policy(style, script),
        "chart": charts,
    }


def _policy(style: str, script: str) -> str:
    """Return what the browser may use: this style, this script and nothing else, whatever a log holds."""
    return (
        f"default-src 'none'; style-src '{_source(style)}'; script-src '{_source(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        seconds=_seconds,
        size=size_text,
        visible=lambda value: printable(str(value)),
        mark=_mark,
        day=_day,
        slug=_slug,
    )
    return environment.get_template("report.html.jinja")


def _seconds(value: object) -> str:
    if not isinstance(value, int | float):
        return "-"
    if value < 1:
        return f"{value * 1000:.0f} ms"
    if value < 60:
        return f"{value:.2f} s"
    minutes, seconds = divmod(round(value), 60)
    return f"{minutes} min {seconds:02} s"


def _mark(outcome: object) -> str:
    return next((mark for known, mark in _MARKS.items() if known == outcome), "·")


def _slug(outcome: object) -> str:
    """Return the CSS class of an outcome."""
    return str(outcome).replace(" ", "-") if outcome in list(Outcome) else "not-run"


def _day(value: object) -> str:
    try:
        return datetime.fromisoformat(str(value)).strftime("%-d %B %Y, %H:%M:%S UTC")
    except ValueError:
        return "at an unknown time"

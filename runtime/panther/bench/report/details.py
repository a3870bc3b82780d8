"""Everything that a report shows of one test, read from the test's directory when its turn comes."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from panther.bench.evidence import Outcome
from panther.bench.log_limit import LOGS
from panther.bench.observers.storage import EVENTS_FILE
from panther.bench.plan import service_directories
from panther.bench.report.charts import Chart
from panther.bench.report.metrics_charts import charts_of
from panther.bench.report.source import read_lines
from panther.bench.report.text import LogTail, printable, read_tail, size_text
from panther.bench.report.timeline import Moment, timeline_of
from panther.bench.results import COMMAND_FILE

__all__ = ["Details", "Product", "ServiceDetails", "details_of", "link"]

_LINES_FAILED, _LINES_PASSED = 60, 12
_MOST_FILES, _MOST_COUNTED, _MOST_EVENTS = 200, 10_000, 300


@dataclass(frozen=True)
class Product:
    """A file that a test has left."""

    name: str
    """Its path below the test's directory."""

    href: str
    size: str


@dataclass(frozen=True)
class ServiceDetails:
    """A service, with what can be read of it."""

    record: Mapping[str, Any]
    command: str
    logs: tuple[LogTail, ...]
    log_links: Mapping[str, str]


@dataclass(frozen=True)
class Details:
    """A test."""

    services: tuple[ServiceDetails, ...] = ()
    moments: tuple[Moment, ...] = ()
    charts: tuple[Chart, ...] = ()
    products: tuple[Product, ...] = ()
    files_left_out: int = 0


def details_of(run_directory: Path, test: Mapping[str, Any], *, brief: bool) -> Details:
    """Return what is known of a test.

    Args:
        run_directory: the run's.
        test: its record in the results.
        brief: its commands and files only.
    """
    directory = _inside(run_directory, str(test.get("directory") or ""))
    services = [service for service in test.get("services", []) if isinstance(service, dict)]
    if directory is None:
        return Details(tuple(_service(service, None, run_directory, 0) for service in services))
    lines = _LINES_PASSED if test.get("outcome") == Outcome.PASSED else _LINES_FAILED
    names = service_directories(str(service.get("name", "")) for service in services)
    shown = tuple(
        _service(service, directory / slug, run_directory, 0 if brief else lines)
        for service, slug in zip(services, names.values(), strict=False)
    )
    files = _files(directory)
    products = tuple(
        Product(str(file.relative_to(directory)), link(file, run_directory), _size(file))
        for file in files[:_MOST_FILES]
    )
    if brief:
        return Details(shown, products=products, files_left_out=len(files) - len(products))
    events = list(read_lines(directory / EVENTS_FILE, _MOST_EVENTS))
    began = next((event["elapsed"] for event in events if isinstance(event.get("elapsed"), float)), 0.0)
    return Details(
        shown,
        tuple(timeline_of(events, began)),
        charts_of(directory, began),
        products,
        len(files) - len(products),
    )


def link(file: Path, run_directory: Path) -> str:
    """Return a relative reference to a file of a run; a name with a colon in it is no scheme."""
    return "./" + quote(str(file.relative_to(run_directory)), errors="surrogateescape")


def _inside(run_directory: Path, name: str) -> Path | None:
    if not name:
        return None
    try:
        directory = (run_directory / name).resolve()
        return directory if directory.is_relative_to(run_directory.resolve()) and directory.is_dir() else None
    except (OSError, ValueError):
        return None


def _service(record: Mapping[str, Any], directory: Path | None, run: Path, lines: int) -> ServiceDetails:
    logs: list[LogTail] = []
    if directory is not None and lines:
        tails = (read_tail(directory / name, lines) for name in reversed(LOGS))
        logs = [tail for tail in tails if tail is not None]
    links = {log.name: link(directory / log.name, run.resolve()) for log in logs if directory is not None}
    return ServiceDetails(record, printable(_command(record, directory)), tuple(logs), links)


def _command(record: Mapping[str, Any], directory: Path | None) -> str:
    """Return the command line as it can be typed into a shell: directory, variables, program, arguments."""
    command = {} if directory is None else _read_object(directory / COMMAND_FILE)
    argv = [str(word) for word in command.get("argv") or record.get("argv") or []]
    if not argv:
        return ""
    variables = (command.get("environment") or {}).items()
    lines = [f"{name}={shlex.quote(str(value))}" for name, value in variables]
    lines += _by_options([shlex.quote(word) for word in argv])
    place = command.get("working_directory")
    start = f"cd {shlex.quote(str(place))} &&\n" if place else ""
    return start + " \\\n  ".join(lines)


def _read_object(file: Path) -> dict[str, Any]:
    """Return the object that a file of JSON holds; an empty one where it holds none."""
    try:
        value = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _by_options(words: Sequence[str]) -> list[str]:
    """Return the words of a command in lines, an option and its values on each."""
    lines = [words[0]]
    for word in words[1:]:
        if word.startswith("-") and word != "-":
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return lines


def _files(directory: Path) -> list[Path]:
    """Return the files of a test by their names, not too many of them; links are not followed."""
    found: list[Path] = []
    waiting = [directory]
    while waiting and len(found) < _MOST_COUNTED:  # no recursion: a tree may be as deep as a path is long
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    elif entry.is_file(follow_symlinks=False):
                        found.append(Path(entry.path))
        except OSError:
            continue
    return sorted(found, key=lambda file: (len(file.parts), file))


def _size(file: Path) -> str:
    try:
        return size_text(file.stat().st_size)
    except OSError:
        return "?"

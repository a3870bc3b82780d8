"""What a report is made from: the files of a run, whether it came to its end or was killed.

Nothing here trusts what it reads: a file may be missing, cut short, or written by somebody else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from panther.bench.observers.storage import EVENTS_FILE
from panther.bench.results_file import RESULTS_FILE
from panther.errors import InputError

__all__ = ["read_lines", "read_run"]

_UNFINISHED = "it had not ended when this report was made"
_NOT_RUN = "it had not begun when this report was made"


def read_run(directory: Path) -> dict[str, Any]:
    """Return the document of ``results.json``; of a run that was killed, what its events tell.

    Raises:
        InputError: the directory holds neither, or what it holds cannot be read.
    """
    file = directory / RESULTS_FILE
    try:
        document = json.loads(file.read_bytes())
    except FileNotFoundError:
        return _from_events(directory)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"'{file}' cannot be read: {error}", cure="run the experiment again") from None
    if not isinstance(document, dict) or not isinstance(document.get("tests"), list):
        raise InputError(f"'{file}' holds no results of a run", cure="name the directory of a run")
    return {"experiment": directory.name, **document}


def read_lines(file: Path, most: int = 1_000_000) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file of JSON lines; what is none is passed over, such as half a last line."""
    try:
        with file.open("rb") as lines:
            for _, line in zip(range(most), lines, strict=False):
                try:
                    value = json.loads(line)
                except (ValueError, RecursionError):
                    continue
                if isinstance(value, dict):
                    yield value
    except OSError:
        return


def _from_events(directory: Path) -> dict[str, Any]:
    tests: dict[str, dict[str, Any]] = {}
    started: dict[str, Any] = {}
    last = 0.0
    for event in read_lines(directory / EVENTS_FILE):
        data, elapsed = _mapping(event.get("data")), event.get("elapsed")
        last = max(last, elapsed if isinstance(elapsed, int | float) else 0.0)
        if event.get("type") == "ExperimentStartedEvent":
            started = event
            tests = {name: _unfinished(name) for name in _texts(data.get("test_names"))}
        elif isinstance(event.get("test"), str):
            _note(tests.setdefault(event["test"], _unfinished(event["test"])), event, data)
    if not started:
        raise InputError(
            f"'{directory}' holds neither {RESULTS_FILE} nor {EVENTS_FILE} of a run",
            cure="name the directory of a run; events are kept unless the observer 'storage' is switched off",
        )
    return {
        "experiment": _mapping(started.get("data")).get("experiment_file") or directory.name,
        "started": started.get("time"),
        "seconds": last,
        "unfinished": True,
        "tests": list(tests.values()),
    }


def _unfinished(name: str) -> dict[str, Any]:
    return {
        "name": name, "outcome": "not run", "reason": _NOT_RUN, "directory": "", "seconds": 0.0,
        "phases": {}, "evidence": [], "services": [], "observed": {},
    }  # fmt: skip


def _note(test: dict[str, Any], event: dict[str, Any], data: dict[str, Any]) -> None:
    kind = event.get("type")
    if kind == "TestStartedEvent":
        test.update(outcome="interrupted", reason=_UNFINISHED, directory=data.get("directory", ""))
    elif kind == "TestFinishedEvent":
        test.update({key: data.get(key) for key in ("outcome", "reason", "seconds")})
    elif kind == "ServiceStartedEvent":
        test["services"].append({"name": event.get("service") or "", "argv": _texts(data.get("argv"))})
    elif kind == "ServiceStoppedEvent":
        for service in test["services"]:
            if service["name"] == event.get("service"):
                number = data.get("signal")
                service["exit_status"] = -number if isinstance(number, int) else data.get("exit_status")


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

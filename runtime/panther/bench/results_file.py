"""``results.json``: everything that a run has found out, with a versioned schema."""

from __future__ import annotations

import dataclasses
import json
import os
import textwrap
from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from panther.bench.machine import describe_machine, describe_tool
from panther.bench.repeats import pass_rates
from panther.bench.results import RunResult, TestResult, on_disk, write_whole

__all__ = ["RESULTS_FILE", "RESULTS_SCHEMA_VERSION", "write_run"]

RESULTS_FILE = "results.json"

#: Raised when a key of results.json changes its name or its meaning; not when one is added.
RESULTS_SCHEMA_VERSION = 1


def write_run(result: RunResult) -> None:
    """Write ``results.json``.

    Raises:
        MachineError: it cannot be written.
    """
    document = {
        "schema_version": RESULTS_SCHEMA_VERSION,
        "tool": describe_tool(),
        "machine": describe_machine(),
        "experiment": result.experiment,
        "experiment_file": result.experiment_file,
        "command": result.command,
        "rerun": result.rerun,
        "isolation": result.isolation,
        "jobs": result.jobs,
        "started": result.started.astimezone(UTC).isoformat(timespec="milliseconds"),
        "seconds": result.seconds,
        "signal": result.signal,
        "exit_code": result.exit_code,
        "programs": result.programs,
        "pass_rates": [rate.record() for rate in pass_rates(result.tests)],
    }
    tests = (_test_record(test, result.directory) for test in result.tests)
    with on_disk(result.directory):
        write_whole(result.directory / RESULTS_FILE, _with_list(document, "tests", tests))


def _json(document: object) -> str:
    return json.dumps(document, indent=2, default=str)


def _with_list(document: dict[str, Any], name: str, items: Iterable[object]) -> Iterator[str]:
    """Yield a document as JSON, with one more key, last; its items are made one by one, as they are many."""
    yield _json(document).removesuffix("\n}") + f',\n  "{name}": ['
    separator = "\n"
    for item in items:
        yield separator + textwrap.indent(_json(item), "    ")
        separator = ",\n"
    yield "\n  ]\n}\n"


def _test_record(test: TestResult, run_directory: Path) -> dict[str, Any]:
    record = dataclasses.asdict(test)
    record["outcome"] = str(test.outcome)
    record["directory"] = os.path.relpath(test.directory, run_directory)
    programs = record["observed"].pop("programs", {})
    for service in record["services"]:
        service["program"] = programs.get(service["name"])
    return record

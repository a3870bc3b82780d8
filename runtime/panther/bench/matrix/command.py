"""``panther matrix PROTOCOL``: find the sides, plan the cells, run them, and show what came of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from panther.bench.isolation import IsolationMode
from panther.bench.matrix.cases import named_cases
from panther.bench.matrix.document import matrix_document
from panther.bench.matrix.outcomes import exit_code, hand_out
from panther.bench.matrix.page import matrix_page
from panther.bench.matrix.pairing import Cell, plan_cells
from panther.bench.matrix.progress import CellProgress
from panther.bench.matrix.sides import find_sides
from panther.bench.matrix.table import table_lines
from panther.bench.results import RunResult, on_disk, write_json, write_whole
from panther.bench.runner import run_plans
from panther.bench.schedule import Schedule
from panther.bench.visible import visible
from panther.errors import InputError

__all__ = ["MatrixOptions", "run_matrix"]


@dataclass(frozen=True)
class MatrixOptions:
    """What the command line says about a matrix."""

    servers: Sequence[str] = ()
    """Empty: all that there are; so are the next two."""

    clients: Sequence[str] = ()
    cases: Sequence[str] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What is set in the configuration of a plugin, by its name."""

    schedule: Schedule = field(default_factory=Schedule)
    isolation: IsolationMode = "auto"
    results: Path = Path("panther-results")
    quiet: bool = False


def run_matrix(protocol: str, options: MatrixOptions) -> int:
    """Run a matrix, print its table, write ``matrix.json`` and ``matrix.html``; return the exit status.

    Args:
        protocol: what is spoken.
        options: what is run, and how.

    Raises:
        InputError: there is no such protocol, case or plugin.
        MachineError: results cannot be written, or no test can be run on this machine.
    """
    cases = named_cases(protocol, options.cases)
    servers = find_sides(protocol, "server", options.servers, options.settings)
    clients = find_sides(protocol, "client", options.clients, options.settings)
    if not (servers and clients):
        raise InputError(
            f"there is no {'client' if servers else 'server'} of {protocol} among the plugins",
            cure="go to a directory that has panther/plugins/, or name one with --plugin-path",
        )
    cells = plan_cells(protocol, cases, servers, clients)
    run = run_plans(
        [cell.plan for cell in cells if cell.plan is not None],
        progress=CellProgress(quiet=options.quiet),
        name=f"matrix-{protocol}",
        results_directory=options.results,
        isolation=options.isolation,
        schedule=options.schedule,
    )
    hand_out(cells, run.tests)
    _write(protocol, cells, run)
    fancy = (sys.stdout.encoding or "").lower().startswith("utf")
    print("", *map(visible, table_lines(cells, ascii_only=not fancy)), sep="\n")
    return exit_code(cells, run.exit_code)


def _write(protocol: str, cells: Sequence[Cell], run: RunResult) -> None:
    with on_disk(run.directory):
        write_json(run.directory / "matrix.json", matrix_document(cells, run))
        write_whole(run.directory / "matrix.html", [matrix_page(protocol, cells, run)])

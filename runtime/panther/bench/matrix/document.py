"""``matrix.json``: the format that the QUIC interop runner publishes, so that its tools read it.

Source: ``_export_results`` in ``interop.py`` of quic-interop/quic-interop-runner. Entries of ``results`` have
keys of ours besides (``reason``, ``passed``, ``runs``, ``evidence``), which those tools do not look at; a
case that could not be tried has null for its result, as there.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from panther.bench.matrix.outcomes import Verdict, evidence_of, pass_rate, reason_of, verdict_of
from panther.bench.matrix.pairing import Cell
from panther.bench.results import RunResult

__all__ = ["matrix_document"]

#: QUIC version 1, as the interop runner writes it.
_QUIC_VERSION = "0x1"
_PUBLIC = {Verdict.SUCCEEDED, Verdict.FAILED, Verdict.UNSUPPORTED}


def matrix_document(cells: Sequence[Cell], run: RunResult) -> dict[str, Any]:
    """Return what ``matrix.json`` holds.

    Args:
        cells: all cells of the matrix.
        run: the run of their tests.
    """
    servers = list(dict.fromkeys(cell.server.name for cell in cells))
    clients = list(dict.fromkeys(cell.client.name for cell in cells))
    cases = list({cell.case.name: cell.case for cell in cells}.values())
    found = {(cell.client.name, cell.server.name, cell.case.name): cell for cell in cells}
    return {
        "start_time": run.started.timestamp(),
        "end_time": (run.started + timedelta(seconds=run.seconds)).timestamp(),
        "log_dir": run.directory.name,
        "servers": servers,
        "clients": clients,
        "urls": dict.fromkeys([*clients, *servers], ""),
        "tests": {case.abbreviation: {"name": case.name, "desc": case.description} for case in cases},
        "quic_version": _QUIC_VERSION,
        "results": [
            [_entry(found[client, server, case.name], run.directory) for case in cases]
            for client in clients
            for server in servers
        ],
        "measurements": [[] for _ in clients for _ in servers],
    }


def _entry(cell: Cell, directory: Path) -> dict[str, Any]:
    verdict, (passed, runs) = verdict_of(cell), pass_rate(cell)
    return {
        "abbr": cell.case.abbreviation,
        "name": cell.case.name,
        "result": str(verdict) if verdict in _PUBLIC else None,
        "reason": reason_of(cell),
        "passed": passed,
        "runs": runs,
        "evidence": [os.path.relpath(found, directory) for found in evidence_of(cell)],
    }

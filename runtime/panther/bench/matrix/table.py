"""The matrix on a terminal: one grid for each case, and why cells are not what one hopes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from panther.bench.matrix.outcomes import Verdict, pass_rate, reason_of, verdict_of
from panther.bench.matrix.pairing import Cell

__all__ = ["MARKS", "table_lines"]

MARKS = {
    Verdict.SUCCEEDED: "✓",
    Verdict.FAILED: "✗",
    Verdict.UNSUPPORTED: "\N{EN DASH}",
    Verdict.NOT_INSTALLED: "·",
    Verdict.NOT_PROVED: "~",
    Verdict.NOT_RUN: " ",
}
_ASCII = {"✓": "ok", "✗": "FAIL", "\N{EN DASH}": "-", "·": "."}
_GAP = "  "


def table_lines(cells: Sequence[Cell], *, ascii_only: bool = False) -> Iterator[str]:
    """Yield the lines of all grids: servers down, clients across.

    Args:
        cells: all cells of the matrix.
        ascii_only: the output has no other characters.
    """
    for name in dict.fromkeys(cell.case.name for cell in cells):
        yield from _grid(name, [cell for cell in cells if cell.case.name == name], ascii_only)
        yield ""
    yield from _reasons(cells)
    yield from _legend(cells, ascii_only)


def _grid(name: str, cells: Sequence[Cell], ascii_only: bool) -> Iterator[str]:
    clients = list(dict.fromkeys(cell.client.name for cell in cells))
    rows = [[f"{name}", *clients]]
    for server in dict.fromkeys(cell.server.name for cell in cells):
        own = {cell.client.name: cell for cell in cells if cell.server.name == server}
        rows.append([server, *(_mark(own[client], ascii_only) for client in clients)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *others = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        yield _GAP.join((first, *others)).rstrip()


def _mark(cell: Cell, ascii_only: bool) -> str:
    verdict, (passed, runs) = verdict_of(cell), pass_rate(cell)
    shown = _shown(MARKS[verdict], ascii_only)
    tried = verdict in {Verdict.SUCCEEDED, Verdict.FAILED}
    return f"{shown} {passed}/{runs}" if tried and runs > 1 else shown


def _shown(mark: str, ascii_only: bool) -> str:
    return _ASCII.get(mark, mark) if ascii_only else mark


def _reasons(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield why cells failed, one by one, and what is to be installed, once each."""
    failed = [cell for cell in cells if verdict_of(cell) is Verdict.FAILED]
    for cell in failed:
        place = f"{cell.case.name}, server {cell.server.name}, client {cell.client.name}"
        yield f"failed: {place}: {reason_of(cell)}"
    sides = [side for cell in cells for side in (cell.server, cell.client)]
    missing = list(dict.fromkeys(f"{side.name}: {side.missing}" for side in sides if side.missing))
    yield from missing
    unproved = [cell for cell in cells if verdict_of(cell) is Verdict.NOT_PROVED]
    yield from dict.fromkeys(f"not proved: {reason_of(cell)}" for cell in unproved)
    if failed or missing or unproved:
        yield ""


def _legend(cells: Sequence[Cell], ascii_only: bool) -> Iterator[str]:
    verdicts = [verdict_of(cell) for cell in cells]
    tried = sum(verdict in {Verdict.SUCCEEDED, Verdict.FAILED} for verdict in verdicts)
    others = [
        f"{verdicts.count(verdict)} {verdict} ({_shown(MARKS[verdict], ascii_only)})"
        for verdict in (Verdict.UNSUPPORTED, Verdict.NOT_INSTALLED, Verdict.NOT_PROVED)
        if verdict in verdicts
    ]
    yield "a row is a server, a column a client"
    yield ", ".join([f"{verdicts.count(Verdict.SUCCEEDED)} of {tried} cells succeeded", *others])

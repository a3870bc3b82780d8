"""The matrix as a page: one file without scripts, each cell a link to its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, select_autoescape

from panther.bench.matrix.outcomes import evidence_of, pass_rate, reason_of, verdict_of
from panther.bench.matrix.pairing import Cell
from panther.bench.matrix.table import MARKS
from panther.bench.results import RunResult

__all__ = ["matrix_page"]


def matrix_page(protocol: str, cells: Sequence[Cell], run: RunResult) -> str:
    """Return the text of ``matrix.html``, which lies in the run's directory.

    Args:
        protocol: what is spoken.
        cells: all cells of the matrix.
        run: the run of their tests.
    """
    environment = Environment(
        loader=PackageLoader("panther.bench.matrix", "."),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    grids = [
        (case, _rows([cell for cell in cells if cell.case.name == case.name]))
        for case in {cell.case.name: cell.case for cell in cells}.values()
    ]
    return environment.get_template("page.html.jinja").render(
        protocol=protocol,
        run=run,
        grids=grids,
        clients=list(dict.fromkeys(cell.client.name for cell in cells)),
    )


def _rows(cells: Sequence[Cell]) -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = {}
    for cell in cells:
        rows.setdefault(cell.server.name, []).append(_shown(cell))
    return rows


def _shown(cell: Cell) -> dict[str, str]:
    verdict, (passed, runs) = verdict_of(cell), pass_rate(cell)
    directory = cell.plan.directory_name if cell.plan and evidence_of(cell) else ""
    return {
        "verdict": str(verdict),
        "mark": MARKS[verdict].strip() or "?",
        "rate": f"{passed}/{runs}" if runs > 1 else "",
        "reason": reason_of(cell),
        "link": f"{directory}/" if directory else "",
    }

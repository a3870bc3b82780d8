"""The whole transfer matrix of QUIC with four jobs, against the same cells one by one.

All cells of the examples that are installed here, of every server with every client. The sum of the cells is
that of their own seconds in a run that has one job. Cells that are known to fail do so on both sides; where
other cells fail than the first time, nothing was measured.
"""

from __future__ import annotations

import importlib.util
import io
import itertools
from contextlib import redirect_stdout
from pathlib import Path

from harness import BrokenError, Comparison, Side, UnavailableError, at_most, benchmark

from panther.bench.matrix.cases import named_cases
from panther.bench.matrix.pairing import plan_cells
from panther.bench.matrix.progress import CellProgress
from panther.bench.matrix.sides import find_sides
from panther.bench.runner import run_plans
from panther.bench.schedule import Schedule
from panther.plugins.roots import add_plugin_root

EXAMPLES = Path(__file__).parents[2] / "generated_examples"
JOBS = 4


@benchmark("transfer matrix of QUIC", target=at_most(0.65), unit="s", rounds=3)
def transfer_matrix(workplace: Path) -> Comparison:
    for package in ("aioquic", "qh3"):
        if importlib.util.find_spec(package) is None:
            raise UnavailableError(f"{package} is not installed")
    add_plugin_root(EXAMPLES)
    sides = (find_sides("quic", "server"), find_sides("quic", "client"))
    cells = plan_cells("quic", named_cases("quic", ["transfer"]), *sides)
    plans = [cell.plan for cell in cells if cell.plan is not None]
    numbers = itertools.count()
    expected: list[list[str]] = []

    def run(jobs: int) -> tuple[float, float]:
        """Return the seconds of a run, and the sum of its tests' own."""
        with redirect_stdout(io.StringIO()):
            result = run_plans(
                plans,
                progress=CellProgress(quiet=True),
                results_directory=workplace / f"run-{next(numbers)}",
                schedule=Schedule(jobs=jobs),
            )
        failed = [test.name for test in result.tests if test.outcome != "passed"]
        expected.append(failed)
        if failed != expected[0]:
            raise BrokenError(f"other cells failed than the first time: {', '.join(failed)}")
        return result.seconds, sum(test.seconds for test in result.tests)

    return Comparison(
        ours=Side(f"--jobs {JOBS}", lambda: run(JOBS)[0]),
        reference=Side("sum of the cells", lambda: run(1)[1]),
        note=(
            f"{len(plans)} cells of {len(sides[0])} servers and {len(sides[1])} clients, without those that "
            "are not installed"
        ),
    )

"""What a person sees while a matrix runs: a line for each cell. Why cells failed is said after the grid."""

from __future__ import annotations

from panther.bench.progress import PlainProgress
from panther.bench.results import RunResult, TestResult

__all__ = ["CellProgress"]


class CellProgress(PlainProgress):
    """Prints a line for each test.

    Args:
        quiet: print no lines, only where the results are.
    """

    def __init__(self, *, quiet: bool) -> None:
        super().__init__()
        self._quiet = quiet

    def test_finished(self, test: TestResult) -> None:
        """Print the test's verdict."""
        if not self._quiet:
            super().test_finished(test)

    def finished(self, run: RunResult) -> None:
        """Print where the results are, the matrix among them."""
        self._print(f"{len(run.tests)} tests in {run.seconds:.1f} s, evidence: {run.directory}/matrix.html")

    def _print_failure(self, test: TestResult) -> None:
        """Print nothing more: the reason stands in the line, and under the grid."""

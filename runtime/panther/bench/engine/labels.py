"""The labels of everything that a run makes in a Docker engine, so that it is found again after a crash."""

from __future__ import annotations

__all__ = ["RUN_LABEL", "TEST_LABEL", "run_labels"]

#: The runner's process: its ID and when it was started, and a number of the run.
RUN_LABEL = "org.panther-gen.run"
TEST_LABEL = "org.panther-gen.test"


def run_labels(run: str, test: str) -> dict[str, str]:
    """Return the labels of what a test of a run makes."""
    return {RUN_LABEL: run, TEST_LABEL: test}

"""``iterations``: a test is run again and again."""

from __future__ import annotations

from pydantic import Field

from panther.bench.execution.base import ExecutionEnvironment, Profile, Settings, Spot
from panther.plugins.services.base.command import Command

__all__ = ["Iterations"]


class IterationsSettings(Settings):
    """What can be set."""

    count: int = Field(default=10, ge=1, le=10_000, description="how many times the test is run")


class Iterations(ExecutionEnvironment):
    """It leaves the services as they are: each repetition is a test with a verdict of its own."""

    name = "iterations"
    about = "the test, again and again"
    settings_class = IterationsSettings

    @property
    def count(self) -> int:
        """How many times the test is run."""
        return int(self.settings.count)

    def applies_to(self, role: str) -> bool:
        """Return False: no service is wrapped."""
        return False

    def read(self, command: Command, spot: Spot) -> Profile | None:
        """Return nothing: the verdicts are in the results."""
        return None

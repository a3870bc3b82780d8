"""What happens to an experiment and to the tests in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from panther.core.events.base import Event

__all__ = [
    "ExperimentFinishedEvent",
    "ExperimentStartedEvent",
    "TestEvent",
    "TestFinishedEvent",
    "TestStartedEvent",
]


@dataclass(frozen=True, kw_only=True)
class ExperimentStartedEvent(Event):
    """
    The ExperimentStartedEvent is the first event of a run: the experiment file is valid, no test has
    started.
    """

    experiment_file: str = ""
    """Path of the experiment file; empty for an experiment that was made without one."""

    test_names: tuple[str, ...] = ()
    """The tests that are going to run, in the order of the file."""


@dataclass(frozen=True, kw_only=True)
class ExperimentFinishedEvent(Event):
    """
    The ExperimentFinishedEvent is the last event of a run: every test has its outcome, every service
    has ended.
    """

    exit_code: int = 0
    """The exit code that the run is going to end with."""

    seconds: float | None = None
    """How long the run took, in seconds; None if it was not measured."""


@dataclass(frozen=True, kw_only=True)
class TestEvent(Event):
    """Base class of the events of a test. Subscribing to it receives all of them."""

    # Without this, pytest tries to collect each of these classes from a module that imports it.
    __test__: ClassVar[bool] = False

    test_name: str
    """The test, as the experiment names it."""


@dataclass(frozen=True, kw_only=True)
class TestStartedEvent(TestEvent):
    """
    The TestStartedEvent is emitted when a test begins, before any of its services is prepared.
    """

    directory: str = ""
    """Where the test leaves what it leaves, relative to the directory of the run."""


@dataclass(frozen=True, kw_only=True)
class TestFinishedEvent(TestEvent):
    """
    The TestFinishedEvent is emitted when a test has its verdict and its services have ended.
    """

    outcome: str
    """The verdict in one word, such as ``passed`` or ``failed``."""

    reason: str = ""
    """Why the verdict is what it is, as a sentence for a person; may be empty for a test that passed."""

    seconds: float | None = None
    """How long the test took, in seconds; None if it was not measured."""

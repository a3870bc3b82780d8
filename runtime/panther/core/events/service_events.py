"""What happens to a service, from its initialisation to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from panther.core.events.base import Event

__all__ = [
    "CommandGenerationEvent",
    "ServiceErrorEvent",
    "ServiceEvent",
    "ServiceInitializationEvent",
    "ServicePreparationEvent",
    "ServiceReadyEvent",
    "ServiceStartedEvent",
    "ServiceStoppedEvent",
]


@dataclass(frozen=True, kw_only=True)
class ServiceEvent(Event):
    """Base class of the events of a service. Subscribing to it receives all of them."""


@dataclass(frozen=True, kw_only=True)
class ServiceInitializationEvent(ServiceEvent):
    """
    The ServiceInitializationEvent is emitted once by each service manager, when the implementation
    starts to be set up and before anything else is asked of it.
    """

    role: str = ""
    """The role that the service plays: ``server``, ``client`` or a tester's own word."""


@dataclass(frozen=True, kw_only=True)
class ServicePreparationEvent(ServiceEvent):
    """
    The ServicePreparationEvent is emitted when a service makes ready for its start: files are written,
    programs are built. A plugin may emit further ones for its own steps.
    """

    preparation_type: str = ""
    """Which step of the preparation this is, in the emitter's own word, such as ``custom_setup``."""


@dataclass(frozen=True, kw_only=True)
class CommandGenerationEvent(ServiceEvent):
    """
    The CommandGenerationEvent is emitted each time that a service manager has generated a command line.
    The command need not have been run: see :class:`ServiceStartedEvent`.
    """

    role: str = ""
    """The role that the command was generated for."""

    command: str
    """The command line as text, quoted for a POSIX shell."""

    argv: tuple[str, ...]
    """The same command line as the words that the program receives, the program itself first."""


@dataclass(frozen=True, kw_only=True)
class ServiceStartedEvent(ServiceEvent):
    """
    The ServiceStartedEvent is emitted when the process of a service has been started. It may not serve
    yet: see :class:`ServiceReadyEvent`.
    """

    pid: int
    """
    The process ID, as the bench sees it. With a wrapper around the service (a profiler, a namespace) this
    is the wrapper's.
    """

    argv: tuple[str, ...]
    """The words of the service's own command; those of wrappers around it are left out."""

    wrapped: bool = False
    """Whether a wrapper stands around the service: the process is its then, at least at first."""

    container: str = ""
    """The container whose first process this is, by its engine's ID; empty for a process of this machine."""


@dataclass(frozen=True, kw_only=True)
class ServiceReadyEvent(ServiceEvent):
    """
    The ServiceReadyEvent is emitted when a service has been observed to be ready to serve.
    """

    observed: str = ""
    """What was observed, as a phrase, such as ``UDP port 4443 is bound``."""

    seconds: float | None = None
    """The time from the start of the service to this observation, in seconds; None if it was not taken."""


@dataclass(frozen=True, kw_only=True)
class ServiceErrorEvent(ServiceEvent):
    """
    The ServiceErrorEvent is emitted when something about a service went wrong: it could not be started,
    did not become ready, or ended when it should not have.
    """

    error: str
    """What went wrong, as a sentence for a person."""


@dataclass(frozen=True, kw_only=True)
class ServiceStoppedEvent(ServiceEvent):
    """
    The ServiceStoppedEvent is emitted when the process of a service has ended, by itself or because it was
    stopped. Exactly one of the two attributes is set.
    """

    exit_status: int | None = None
    """The exit status, 0 to 255; None if a signal ended the process."""

    signal: int | None = None
    """The number of the signal that ended the process, such as 15 for SIGTERM; None if it exited."""

    @classmethod
    def from_returncode(cls, returncode: int, *, service_name: str = "") -> Self:
        """Make the event from the return code of a finished process.

        Args:
            returncode: as :attr:`subprocess.Popen.returncode` gives it: the exit status, or the negated
                number of the signal that ended the process.
            service_name: the service.

        Returns:
            The event, made now.
        """
        if returncode < 0:
            return cls(service_name=service_name, signal=-returncode)
        return cls(service_name=service_name, exit_status=returncode)

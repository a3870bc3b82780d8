"""What an execution environment is: something that is put around a service's command, and read afterwards.

A new one is one file in this package with one subclass: it changes the command, or runs a program beside
the service, and then says in a few lines what was seen. ``nox -s new-execution -- NAME`` writes the file.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from panther.bench.execution.home import Home, LocalHome
from panther.plugins.services.base.command import Command

__all__ = ["Beside", "ExecutionEnvironment", "Profile", "Settings", "Spot", "Tool", "started_by"]


class Settings(BaseModel):
    """What stands under ``config:``; types are strict, unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


@dataclass(frozen=True)
class Tool:
    """A program, or a library that is loaded into the service, that has to be where the service runs."""

    name: str
    """The program's name, or the library's file name such as ``libprofiler.so.0``."""

    package: str
    """What brings it: a package of Debian, or of PyPI."""

    library: bool = False
    from_pypi: bool = False
    """Images get packages of Debian only: where services are containers, it has to run beside them."""

    beside: bool = False
    """It runs beside the service, and on this machine also where the service is a container."""

    @property
    def install(self) -> str:
        """The command that installs it."""
        return f"{'pip' if self.from_pypi else 'apt-get'} install {self.package}"


@dataclass(frozen=True)
class Spot:
    """Where one environment leaves the files of one service."""

    service: str
    directory: Path
    """Exists when the service starts. What is put around a service gets the path that the service sees, and
    what runs beside it or reads its products the one of this machine: in a container they differ."""

    attempt: int = 0
    """How many times the service was started before: a client that is refused is started again."""

    key_logs: tuple[Path, ...] = ()
    """Where the services of the test were told to write their TLS secrets."""

    ports: tuple[int, ...] = ()
    """Ports of the servers of the test."""

    interface: str = "lo"
    """The network interface that packets between the services pass."""

    twice: bool = True
    """Each packet is seen on the interface as it leaves and as it arrives."""

    home: Home = field(default_factory=LocalHome)
    """Where the service's program is, and what reads a product can ask of it."""

    proc: tuple[str, ...] = ()
    """Words before a tool that looks at other processes by /proc: they give it the /proc of its own PID
    namespace. That of the machine has other processes under the same numbers."""

    def file(self, stem: str, suffix: str) -> Path:
        """Return a path for a product: ``trace.txt``, and ``trace-1.txt`` where a client is started again."""
        again = f"-{self.attempt}" if self.attempt else ""
        return self.directory / f"{stem}{again}{suffix}"


@dataclass(frozen=True)
class Profile:
    """What an environment saw of one service."""

    headline: str
    """The most important of it, as a phrase."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """The first lines of it as a table: functions, system calls, leaks."""

    text: str = ""
    """What is no table, such as a backtrace."""

    products: tuple[Path, ...] = ()
    """The files that hold all of it."""

    note: str = ""
    """What a reader has to know, such as that Python's functions are not seen."""

    findings: int = 0
    """Errors that were found in the service."""


@dataclass(frozen=True)
class Beside:
    """A program that runs while a service runs."""

    command: Command
    ready: Path | None = None
    """A file that is not empty once the program observes; the service is not ready before."""

    words: bytes = b""
    """What stands in that file then; empty: anything."""

    tries: int = 1
    """How often it is started where it ends at once: a service may not be yet what it looks for."""


class ExecutionEnvironment(ABC):
    """A profiler or checker around a service's process.

    Args:
        settings: what the experiment says under ``config:``, an instance of ``settings_class``.
    """

    name: ClassVar[str]
    about: ClassVar[str]
    """What it does, as a phrase for a list."""

    cost: ClassVar[float] = 1.0
    """How many times longer a service takes with it: its time-outs are stretched by this factor."""

    tools: ClassVar[tuple[Tool, ...]] = ()

    capabilities: ClassVar[tuple[str, ...]] = ()
    """What a container has to be allowed beside what it is by default: capabilities(7) without ``CAP_``."""

    every_system_call: ClassVar[bool] = False
    """A container's filter of system calls has to be off."""

    settings_class: ClassVar[type[Settings]] = Settings

    closeness: ClassVar[int] = 0
    """Of several, those with a higher one stand closer to the program, whatever their order in the file: 1
    looks only at the program that it starts, 2 is loaded into it."""

    excludes: ClassVar[frozenset[str]] = frozenset()
    """Names of those that cannot watch the same service: the kernel lets one process trace another."""

    without_product: ClassVar[str] = ""
    """Why there may be no product although the tool works, as a phrase."""

    is_parent: ClassVar[bool] = False
    """The service is a child of the tool, and a signal that stops the service is not for the tool: it
    goes on until the service has ended, and then ends by itself."""

    from_the_start: ClassVar[bool] = False
    """It has to be there as soon as the program begins: a container's program waits until it can be."""

    start_signal: ClassVar[int | None] = None
    """A signal that starts the profiler within the service; it is sent once the service catches it."""

    stop_signal: ClassVar[int | None] = None
    """A signal that makes the profiler within the service write its product: a service that is stopped
    by SIGINT or SIGTERM need not come to that by itself."""

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    def applies_to(self, role: str) -> bool:
        """Tell whether services of a role are wrapped."""
        return True

    def seconds(self) -> float | None:
        """Return how many seconds of a service are profiled; None: all of them."""
        return None

    def wrap(self, command: Command, spot: Spot) -> Command:
        """Return the command that is started instead of the service's own."""
        return command

    def beside(self, pid: int, spot: Spot) -> Beside | None:
        """Return what runs while the service runs; None: nothing.

        Args:
            pid: the service's process ID, as programs beside it see it.
            spot: where files go.
        """
        return None

    def status(self, returncode: int, spot: Spot) -> int | None:
        """Return how the service itself ended; None: the tool broke, and nothing is known of the service.

        Args:
            returncode: how the wrapped command ended, as :attr:`subprocess.Popen.returncode`.
            spot: where files are.
        """
        return returncode

    @abstractmethod
    def read(self, command: Command, spot: Spot) -> Profile | None:
        """Return what was seen; None: there is no product. Called when the service has ended.

        Args:
            command: the service's own command.
            spot: where files are.

        Raises:
            OSError: a product cannot be read.
            ValueError: a product cannot be understood; the text is a phrase.
        """


def started_by(command: Command, *words: object) -> Command:
    """Return a command that a program starts: the program's words, then those of the command."""
    return replace(command, argv=(*map(str, words), *command.argv))

"""The structured command: everything that starts a service consumes this one value."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Command"]


@dataclass(frozen=True)
class Command:
    """A program with its arguments, as it is handed to the operating system: no shell in between."""

    argv: tuple[str, ...]
    """The program and its arguments."""

    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that are set beside those that the service inherits."""

    working_directory: Path | None = None
    """Directory to start in; None: the one that the environment of the run provides."""

    def __str__(self) -> str:
        """Return the command as a person would type it into a shell."""
        return shlex.join(self.argv)

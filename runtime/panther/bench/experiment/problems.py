"""What is wrong with an experiment file: every problem with its place, all of them reported together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from panther.errors import ConfigurationError, MachineError

__all__ = [
    "ExperimentError",
    "Finding",
    "Problem",
    "UnreadyError",
    "YamlPath",
    "closest",
    "did_you_mean",
    "dotted",
]

#: The keys and indices that lead to a place in a document.
YamlPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, at a place in the document; the document knows its line and column."""

    path: YamlPath
    message: str
    suggestion: str = ""
    of_key: bool = False
    """The key that the path ends with is meant, not its value."""

    of_machine: bool = False
    """The file may be right: this machine lacks something."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, at a place in a file."""

    file: str
    line: int
    """From 1."""

    column: int
    """From 1, in characters."""

    path: str
    """Where in the document, such as ``tests[0].services.client.protocol.target``; empty: the whole of it."""

    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        """Return one line, and one more with the suggestion."""
        path = f"{self.path}: " if self.path else ""
        text = f"{self.file}:{self.line}:{self.column}: {path}{self.message}"
        return f"{text}\n  cure: {self.suggestion}" if self.suggestion else text


class ExperimentError(ConfigurationError):
    """An experiment file is not valid, or cannot be read.

    Attributes:
        problems: everything that is wrong, in the order of the file; none if it cannot be read.
    """

    def __init__(self, problems: Iterable[Problem] = (), *, message: str = "", cure: str = "") -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(message or "\n".join(map(str, self.problems)), cure=cure)

    def __str__(self) -> str:
        """Return every problem and, of several, how many they are."""
        text = super().__str__()
        return f"{text}\n{len(self.problems)} problems" if len(self.problems) > 1 else text


class UnreadyError(MachineError):
    """An experiment file may be valid, but a plugin that it names needs what this machine lacks.

    Attributes:
        problems: all that is lacking, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def closest(wrong: str, known: Iterable[str]) -> str:
    """Return the known word that ``wrong`` is most likely meant to be, or the empty string."""
    by_lower = {name.lower(): name for name in known}
    close = get_close_matches(wrong.lower(), by_lower, n=1)
    return by_lower[close[0]] if close else ""


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Return a suggestion: the closest known word, or all of them."""
    names = list(dict.fromkeys(known))
    if close := closest(wrong, names):
        return f"did you mean '{close}'?"
    return f"known: {', '.join(names)}" if names else ""


def dotted(path: YamlPath) -> str:
    """Return a path as a person writes it: ``tests[0].name``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")

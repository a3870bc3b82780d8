"""What is wrong with an experiment file: every problem with its place, all of them reported together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from panther.errors import ConfigurationError

__all__ = ["ExperimentError", "Problem", "did_you_mean", "dotted"]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong."""

    file: str
    line: int
    """From 1."""

    column: int
    """From 1, in characters."""

    path: str
    """Where in the document, such as ``tests[0].services.client.protocol.target``."""

    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        """Return one line, and one more with the suggestion."""
        path = f"{self.path}: " if self.path else ""
        text = f"{self.file}:{self.line}:{self.column}: {path}{self.message}"
        return f"{text}\n  cure: {self.suggestion}" if self.suggestion else text


class ExperimentError(ConfigurationError):
    """An experiment file is not valid.

    Attributes:
        problems: everything that is wrong, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    def __str__(self) -> str:
        """Return every problem and, of several, how many they are."""
        count = len(self.problems)
        return self.message if count == 1 else f"{self.message}\n{count} problems"


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Return a suggestion: the closest known word, or all of them."""
    names = list(dict.fromkeys(known))
    close = get_close_matches(str(wrong), names, n=1)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known: {', '.join(names)}" if names else ""


def dotted(path: tuple[str | int, ...]) -> str:
    """Return a path as a person writes it: ``tests[0].name``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")

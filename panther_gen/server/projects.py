"""The settings that a document is checked with: those of the nearest ``pyproject.toml`` of its file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from panther_gen.errors import PantherGenError
from panther_gen.lint.choosing.selection import Selection
from panther_gen.lint.configuration.project import project_settings
from panther_gen.lint.contracts.file import add_contracts
from panther_gen.lint.contracts.snapshot import load_snapshot

__all__ = ["Problem", "Project", "Projects"]

_WHERE = re.compile(r"(.+?)(?::(\d+))?(?::(\d+))?")


@dataclass(frozen=True, slots=True)
class Project:
    """What a project says of its files.

    Attributes:
        selection: which findings are wanted; None: all.
        strict: what could not be verified is an error.
        contracts: the files with the contracts of other packages than the runtime.
    """

    selection: Selection | None = None
    strict: bool = False
    contracts: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the settings of a project cannot be used.

    Attributes:
        path: the file that says them; None if it is not known.
        line: the line in it, counted from 1.
        message: what is wrong, and the cure.
    """

    path: Path | None
    line: int
    message: str


class Projects:
    """Reads the settings again for every check, so that a change of them counts at once.

    While the settings of a project cannot be used, those hold that could be used last, or none.
    """

    def __init__(self) -> None:
        self._usable: dict[Path, Project] = {}

    def read(self, directories: Iterable[Path]) -> tuple[dict[Path, Project], list[Problem]]:
        """Return the settings of some directories, and what is wrong with the files that say them."""
        found: dict[Path, Project] = {}
        problems: dict[Problem, None] = {}
        for directory in dict.fromkeys(directories):
            try:
                found[directory] = self._usable[directory] = _read(directory)
            except PantherGenError as error:
                found[directory] = self._usable.get(directory, Project())
                problems[_problem(error)] = None
        return found, list(problems)


def _read(directory: Path) -> Project:
    settings = project_settings(directory)
    if settings is None:
        return Project()
    if settings.contract:  # refused here, where it is known who names it
        add_contracts(load_snapshot(), settings.contract)
    return Project(Selection(settings), settings.strict, settings.contract)


def _problem(error: PantherGenError) -> Problem:
    message = f"{error.message}\ncure: {error.cure}" if error.cure else error.message
    match = _WHERE.fullmatch(error.where)
    if match is None:
        return Problem(None, 1, message)
    return Problem(Path(match[1]).absolute(), int(match[2] or 1), message)

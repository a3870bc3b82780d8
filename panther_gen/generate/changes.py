"""Changes to files: what a plan consists of, whoever makes it and whatever is done with it.

Listing (``--dry-run``), showing (``--diff``), printing (``--json``) and landing all take the same changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

__all__ = ["Change", "Changes", "Status"]

Status = Literal["create", "identical", "update", "conflict", "skip", "remove"]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a file.

    Attributes:
        path: relative to the root of the changes.
        status: ``create``, ``update`` and ``remove`` change the file, ``conflict`` too unless the change is
            refused; ``identical`` and ``skip`` leave it as it is.
        before: its content on the disk when the plan was made; None if it was not there.
        after: what its content will be; None if it will not be there.
        executable: whether it will be a program; None: as it is.
        reason: why, where the status alone does not tell.
        recorded: it holds what panther-gen itself remembers, and is not shown to a person.
    """

    path: PurePosixPath
    status: Status
    before: bytes | None = None
    after: bytes | None = None
    executable: bool | None = None
    reason: str = ""
    recorded: bool = False

    @property
    def changes_the_file(self) -> bool:
        """Whether something is written or removed."""
        return self.before != self.after or self.executable is not None


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes below one root, which land together or not at all.

    Attributes:
        root: the directory that every path is relative to.
        files: sorted by path.
        notes: sentences for the person.
    """

    root: Path
    files: tuple[Change, ...]
    notes: tuple[str, ...] = ()

    @property
    def to_land(self) -> tuple[Change, ...]:
        """Those that write or remove something."""
        return tuple(change for change in self.files if change.changes_the_file)

    @property
    def visible(self) -> tuple[Change, ...]:
        """Those that a person is told of."""
        return tuple(change for change in self.files if not change.recorded)

    def having(self, *statuses: Status) -> tuple[Change, ...]:
        """Return those of a status that a person is told of."""
        return tuple(change for change in self.visible if change.status in statuses)

    @staticmethod
    def joined(root: Path, parts: Iterable[Changes]) -> Changes:
        """Return the changes of several plans with the same root as one."""
        parts = list(parts)
        files = sorted((change for part in parts for change in part.files), key=lambda change: change.path)
        return Changes(root, tuple(files), tuple(note for part in parts for note in part.notes))

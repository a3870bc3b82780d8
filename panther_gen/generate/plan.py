"""The change plan: everything that will be written, in memory, before anything is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from panther_gen.generate.changes import Change, Changes
from panther_gen.generate.state import OWN_FILES

__all__ = ["ChangePlan", "PlannedFile"]


@dataclass(frozen=True)
class PlannedFile:
    """A file that will be written."""

    path: PurePosixPath
    """Where, relative to the plan's root."""

    content: bytes
    """What will be in it."""

    executable: bool = False
    """Whether it may be run as a program; its other permissions follow the umask."""


@dataclass(frozen=True)
class ChangePlan:
    """A new directory, and files beside it, that land together or not at all."""

    root: Path
    """The directory that every path is relative to; it need not exist."""

    directory: PurePosixPath
    """The new directory."""

    files: tuple[PlannedFile, ...]
    """The files in it, sorted by path."""

    beside: tuple[PlannedFile, ...] = ()
    """Files outside of it, each left out when it has come to exist meanwhile."""

    def changes(self, *, force: bool) -> Changes:
        """Compare the plan with what is on the disk.

        Args:
            force: files that are there and differ are replaced, else they are conflicts.
        """
        files = [_change(self.root, file, force=force) for file in self.files]
        beside = [
            Change(file.path, "skip", reason="it exists")
            if (self.root / file.path).exists()
            else Change(file.path, "create", after=file.content)
            for file in self.beside
        ]
        return Changes(self.root, tuple(sorted([*files, *beside], key=lambda change: change.path)))


def _change(root: Path, file: PlannedFile, *, force: bool) -> Change:
    recorded = file.path.name in OWN_FILES
    target = root / file.path
    if not target.is_file():
        return Change(file.path, "create", None, file.content, file.executable or None, recorded=recorded)
    before = target.read_bytes()
    if before == file.content:
        return Change(file.path, "identical", before, before, recorded=recorded)
    return Change(
        file.path,
        "update" if force else "conflict",
        before,
        file.content,
        reason="" if force else "it exists, and differs",
        recorded=recorded,
    )

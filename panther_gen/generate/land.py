"""Landing a change plan: all of it, or nothing.

The new directory is written, together with the parents that it lacks, into a staging directory on
the same file system, and comes into being by one ``rename``. Until then nothing is visible and
nothing remains when it fails; after it, only a file beside the directory can still fail, and takes
the directory back with it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

from panther_gen.errors import UsageError, machine_error, shown
from panther_gen.generate.interruption import in_scratch
from panther_gen.generate.plan import ChangePlan, PlannedFile
from panther_gen.generate.staging import new_staging_path, remove_stale
from panther_gen.generate.target import check_target, first_missing

__all__ = ["land"]

#: What ``rename`` says when another program has made the same directory meanwhile.
_TAKEN = frozenset({errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR})

#: What ``link`` says where there are no hard links, or not between these two places.
_NO_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})

_ATTEMPTS = 8


def land(plan: ChangePlan, *, point_of_no_return: Callable[[], None] = lambda: None) -> list[PlannedFile]:
    """Write everything that ``plan`` lists.

    Args:
        plan: what to write.
        point_of_no_return: called before the first change that others can see (again, where another
            program was first). What it raises leaves the tree as it was; afterwards nothing may interrupt.

    Returns:
        The files that were written: all of the plan, but for files beside the directory that exist.

    Raises:
        UsageError: the directory exists by now.
        MachineError: the file system refuses.
    """
    for _ in range(_ATTEMPTS):
        check_target(plan.root, plan.directory)
        # Of parents that several programs make at once, one rename wins; the others try one deeper.
        missing = first_missing(plan.root.absolute() / plan.directory)
        remove_stale(_on_the_way(plan.root.absolute(), missing))
        try:
            return in_scratch(new_staging_path(missing.parent), _Landing(plan, missing, point_of_no_return))
        except OSError as error:
            if error.errno not in _TAKEN:
                doing = f"write {shown(Path(plan.directory))} below {shown(plan.root)}"
                raise machine_error(error, doing) from error
    raise UsageError(f"{shown(plan.root)} is being changed by others", cure="run the command again")


def _on_the_way(root: Path, missing: Path) -> list[Path]:
    """Return where an earlier run may have staged: the directories between the root and what is missing."""
    parents = [place for place in missing.parents if place.is_relative_to(root)]
    return parents or [missing.parent]


class _Landing:
    """One attempt at a plan, whose outermost missing directory is ``missing``."""

    def __init__(self, plan: ChangePlan, missing: Path, point_of_no_return: Callable[[], None]) -> None:
        self._plan = plan
        self._root = plan.root.absolute()
        self._missing = missing
        self._point_of_no_return = point_of_no_return

    def __call__(self, staging: Path) -> list[PlannedFile]:
        tree = staging / "tree"
        loose = [file for file in self._plan.beside if not self._is_in_tree(file)]
        for file in (*self._plan.files, *self._plan.beside):
            if file not in loose:
                _write(tree / self._target(file).relative_to(self._missing), file)
        for file in loose:
            _write(staging / "beside" / file.path, file)
        self._point_of_no_return()
        tree.rename(self._missing)
        try:
            left_out = [
                file for file in loose if not _link(staging / "beside" / file.path, self._target(file))
            ]
        except OSError:
            self._missing.rename(tree)
            raise
        return [file for file in (*self._plan.files, *self._plan.beside) if file not in left_out]

    def _target(self, file: PlannedFile) -> Path:
        return self._root / file.path

    def _is_in_tree(self, file: PlannedFile) -> bool:
        return self._target(file).is_relative_to(self._missing)


def _write(path: Path, file: PlannedFile) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = 0o777 if file.executable else 0o666
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(file.content)


def _link(written: Path, target: Path) -> bool:
    """Give a staged file its place, never over another's; say whether it got it."""
    try:
        os.link(written, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return _copy(written, target)
    return True


def _copy(written: Path, target: Path) -> bool:
    """Do the same where the file system has no hard links, or the staging directory lies on another."""
    try:
        stream = target.open("xb")
    except FileExistsError:
        return False
    try:
        with stream:
            stream.write(written.read_bytes())
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return True

"""Landing a change plan: all of it, or nothing.

The new directory is written, together with the parents that it lacks, into a staging directory on
the same file system, and comes into being by one ``rename``. Until then nothing is visible and
nothing remains when it fails; after it, only a file beside the directory can still fail, and takes
the directory back with it.

A process that is killed leaves its staging directory. It holds a lock on it as long as it lives; the next
command removes what nobody holds, and puts a file in its place first that was still to come.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from panther_gen.errors import UsageError, machine_error, shown
from panther_gen.generate.interruption import in_scratch
from panther_gen.generate.plan import ChangePlan, PlannedFile
from panther_gen.generate.staging import is_staging, new_staging_path, remove_stale
from panther_gen.generate.target import check_target, first_missing

__all__ = ["land", "sweep"]

#: What ``rename`` says when another program has made the same directory meanwhile.
_TAKEN = frozenset({errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR})

#: What ``link`` says where there are no hard links, or not between these two places.
_NO_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})

_ATTEMPTS = 8

#: In a staging directory: where what it holds belongs; the first that is put there once it is locked.
_OWNER = "owner.json"


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


def sweep(root: Path, directory: PurePosixPath) -> None:
    """Remove what processes that were killed have left on the way to a directory, and finish their work.

    Args:
        root: the directory that holds, or will hold, ``panther/``.
        directory: relative to ``root``.
    """
    here, outer = Path.cwd(), root.absolute()
    # What made the root as well was staged above it.
    above = [outer.parent, *(place for place in outer.parents if place.is_relative_to(here))]
    for place in {*above, *(outer / part for part in directory.parents)}:
        for staging in filter(is_staging, place.glob(".panther-gen-*")):
            try:
                _sweep(staging)
            except OSError:  # another command is faster, or it is not ours to remove
                continue


def _sweep(staging: Path) -> None:
    descriptor = os.open(staging, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not any(staging.iterdir()):
            staging.rmdir()  # whose owner may be about to lock it, and makes another then
            return
        if (staging / "beside").exists() and not (staging / "tree").exists():
            _link_the_rest(staging)
        shutil.rmtree(staging)
    finally:
        os.close(descriptor)


def _link_the_rest(staging: Path) -> None:
    """Put the files beside a directory in their places that has come into being without them."""
    try:
        owner = json.loads((staging / _OWNER).read_bytes())
        levels, names = int(owner["levels"]), [PurePosixPath(name) for name in owner["beside"]]
    except (OSError, ValueError, KeyError, TypeError):
        return  # it was being removed: all is in its place
    root = staging.parents[levels]
    for name in names:
        if len(name.parts) == 1 and name.name != ".." and not (staging / "beside" / name).is_symlink():
            _link(staging / "beside" / name, root / name)


class _Landing:
    """One attempt at a plan, whose outermost missing directory is ``missing``."""

    def __init__(self, plan: ChangePlan, missing: Path, point_of_no_return: Callable[[], None]) -> None:
        self._plan = plan
        self._root = plan.root.absolute()
        self._missing = missing
        self._point_of_no_return = point_of_no_return

    def __call__(self, staging: Path) -> list[PlannedFile]:
        try:
            descriptor = os.open(staging, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError as error:  # taken for a dead process's before it could be locked
            raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), str(staging)) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            return self._land(staging)
        finally:
            os.close(descriptor)

    def _land(self, staging: Path) -> list[PlannedFile]:
        tree = staging / "tree"
        loose = [file for file in self._plan.beside if not self._is_in_tree(file)]
        # Where the root itself is missing, every file is in the tree, and none is beside it.
        levels = max(len(self._missing.parent.parts) - len(self._root.parts), 0)
        owner = {"levels": levels, "beside": [str(file.path) for file in loose]}
        (staging / _OWNER).write_text(json.dumps(owner), encoding="utf-8")
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

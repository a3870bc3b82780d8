"""Taking back what a journal lists: every file becomes what it was, and what its author did since stays."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from panther_gen.errors import UsageError, shown
from panther_gen.generate.state import hash_of
from panther_gen.layout import JOURNAL

__all__ = ["LIST", "close", "is_empty", "target_of"]

#: The journal's list of changes; where it is, they are not done.
LIST = "changes.json"


@dataclass(frozen=True, slots=True)
class _Step:
    """A change of a file, as the journal lists it. Hashes are empty where there is no file."""

    path: str
    number: int
    before: str
    after: str


def close(root: Path, *, keep_done: bool = False) -> list[str]:
    """Take back what the journal lists, and remove it; return the files that were left alone."""
    journal = root / JOURNAL
    kept = []
    if not keep_done and (journal / LIST).exists():
        steps, directories = _read_list(root)
        kept = [step.path for step in steps if not _take_back(root, step)]
        for directory in reversed(directories):
            if is_empty(directory):
                directory.rmdir()
        (journal / LIST).unlink()
    shutil.rmtree(journal, ignore_errors=True)
    return kept


def _read_list(root: Path) -> tuple[list[_Step], list[Path]]:
    """Return what the journal lists. It may have come with a checkout: no path leads out of the root."""
    file = root / JOURNAL / LIST
    try:
        document = json.loads(file.read_bytes())
        steps = [
            _Step(str(entry["path"]), number, str(entry["before"]), str(entry["after"]))
            for number, entry in enumerate(document["steps"])
        ]
        directories = [PurePosixPath(path) for path in document["directories"]]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{shown(file)} is no list of changes: {type(error).__name__}: {error}",
            cure=f"if no panther-gen made it, remove the directory {shown(file.parent)}",
        ) from None
    for step in steps:
        target_of(root, PurePosixPath(step.path))
    return steps, [target_of(root, path) for path in directories]


def _take_back(root: Path, step: _Step) -> bool:
    """Make a file what it was before; tell whether that could be done without losing what is there."""
    target = root / step.path
    found = hash_of(target.read_bytes()) if os.path.lexists(target) else ""
    old = root / JOURNAL / "old" / str(step.number)
    if found == step.before and (not step.before or not old.exists()):
        return True  # it was never changed, or this was done before
    if found and old.exists() and target.samefile(old):
        return True  # it was not changed by then, whatever its author has done to it since
    if found not in {step.before, step.after}:
        if step.before and old.exists():
            old.replace(target.with_name(f"{target.name}.before-update"))
        return False
    if step.before:
        target.parent.mkdir(parents=True, exist_ok=True)
        old.replace(target)
    else:
        target.unlink(missing_ok=True)
    return True


def target_of(root: Path, path: PurePosixPath) -> Path:
    """Return where a path of the changes leads; never out of the root."""
    target = root / path
    if ".." in path.parts or path.is_absolute() or not target.parent.resolve().is_relative_to(root.resolve()):
        raise UsageError(
            f"{shown(target)} leads out of {shown(root)}", cure="replace the link by a directory"
        )
    return target


def is_empty(directory: Path) -> bool:
    """Tell whether a directory is there, with nothing in it."""
    return directory.is_dir() and not any(directory.iterdir())

"""Which files are checked: those given, and every Python file below the directories given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from panther_gen.errors import UsageError
from panther_gen.plugin.tree import is_skipped

__all__ = ["python_files"]


def python_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files to check, each once, sorted.

    A file that is given is taken whatever its name. Below a directory, hidden directories, installed
    packages, virtual environments and links to directories are left out.

    Raises:
        UsageError: a path does not exist.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for file in _expand(path):
            found.setdefault(os.path.realpath(file), file)
    return sorted(found.values())


def _expand(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return _below(path)
    if not path.exists() and not path.is_symlink():
        raise UsageError(f"'{path}' does not exist", cure="give files, or directories that hold plugins")
    return [path]


def _below(root: Path) -> Iterator[Path]:
    for directory, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not is_skipped(Path(directory, name)))
        for name in files:
            if name.endswith(".py"):
                yield Path(directory, name)

"""Which files are checked: those given, and every Python file below the directories given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from panther_gen.errors import UsageError
from panther_gen.plugin.tree import is_skipped_name

__all__ = ["python_files"]

_VIRTUAL_ENVIRONMENT = "pyvenv.cfg"


def python_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files to check, each once, sorted.

    A file that is given is taken whatever its name. Below a directory, hidden directories, installed
    packages, virtual environments and links to directories are left out.

    Raises:
        UsageError: a path does not exist.
    """
    found: dict[str, str] = {}
    for path in paths:
        for real, file in _expand(path):
            found.setdefault(real, file)
    return [Path(file) for file in sorted(found.values())]


def _expand(path: Path) -> Iterable[tuple[str, str]]:
    """Return the files that a path means, each as it is without links and as it is written."""
    real = os.path.realpath(path)
    if path.is_dir():
        return _below(real, "" if str(path) == "." else str(path), is_given=True)
    if not path.exists() and not path.is_symlink():
        raise UsageError(f"'{path}' does not exist", cure="give files, or directories that hold plugins")
    return [(real, str(path))]


def _below(real: str, shown: str, *, is_given: bool = False) -> Iterator[tuple[str, str]]:
    entries = _entries(real)
    if entries is None:
        yield real, shown or "."  # reading it will say why it cannot be read
        return
    if not is_given and any(entry.name == _VIRTUAL_ENVIRONMENT for entry in entries):
        return
    for entry in entries:
        name = entry.name
        below = f"{shown}/{name}" if shown.rstrip("/") else f"{shown}{name}"
        if entry.is_dir(follow_symlinks=False):
            if not is_skipped_name(name):
                yield from _below(f"{real}/{name}", below)
        elif name.endswith(".py") and not (entry.is_symlink() and os.path.isdir(entry.path)):
            yield (os.path.realpath(entry.path) if entry.is_symlink() else f"{real}/{name}", below)


def _entries(directory: str) -> list[os.DirEntry[str]] | None:
    try:
        with os.scandir(directory) as found:
            return list(found)
    except FileNotFoundError:
        return []
    except OSError:
        return None

"""Whether a new directory may be made at a place, and why not."""

from __future__ import annotations

import os
import shlex
from pathlib import Path, PurePosixPath

from panther_gen.errors import UsageError, shown
from panther_gen.layout import hiding_files

__all__ = ["check_place", "check_target", "first_missing"]

_FILES_LISTED = 12


def check_target(root: Path, directory: PurePosixPath) -> None:
    """Refuse a place where the new directory would harm what is there, or would not work.

    Args:
        root: the directory that holds, or will hold, ``panther/``.
        directory: the new directory, relative to ``root``.

    Raises:
        UsageError: something is there already, a part of the way is no directory or leads out of the
            root, or a file would hide the runtime.
    """
    check_place(root, directory)
    _refuse_existing(root / directory)


def check_place(root: Path, directory: PurePosixPath) -> None:
    """Refuse the same, but for a directory that exists.

    Raises:
        UsageError: as :func:`check_target`.
    """
    _refuse_root(root)
    _refuse_hiding_files(root)
    _refuse_way_out(root, directory)
    if os.path.lexists(root / directory) and not (root / directory).is_dir():
        raise UsageError(
            f"{shown(root / directory)} exists already", cure="choose another name, or move it away"
        )


def first_missing(path: Path) -> Path:
    """Return the outermost part of ``path`` that does not exist; ``path`` itself if only that is missing."""
    missing = path
    while not os.path.lexists(missing.parent):
        missing = missing.parent
    return missing


def _refuse_root(root: Path) -> None:
    """Refuse a root that is no directory, or lies below something that is none."""
    standing = next((place for place in (root, *root.parents) if os.path.lexists(place)), root)
    if os.path.lexists(standing) and not standing.is_dir():
        raise UsageError(
            f"{shown(standing)} is {_kind(standing)}", cure="choose a directory with --output DIR"
        )


def _kind(path: Path) -> str:
    return "a symbolic link to nothing" if path.is_symlink() and not path.exists() else "a file"


def _refuse_hiding_files(root: Path) -> None:
    files = hiding_files(root)
    if files:
        raise UsageError(
            "plugins and the runtime share the namespace package 'panther', and it would be hidden by "
            + ", ".join(shown(file) for file in files),
            cure=f"remove what hides it: rm {shlex.join(str(file) for file in files)}",
        )


def _refuse_way_out(root: Path, directory: PurePosixPath) -> None:
    """Refuse symbolic links that lead out of the root, or nowhere, and files on the way."""
    # Not Path.resolve: of links in a circle it makes an error.
    inside = os.path.realpath(root)
    for part in (*reversed(directory.parents), directory):
        path = root / part
        target = Path(os.path.realpath(path))
        if path.is_symlink() and not target.is_relative_to(inside):
            raise UsageError(
                f"{shown(path)} is a symbolic link out of {shown(root)}, to {shown(target)}",
                cure="run in the directory that it leads to, or replace the link by a directory",
            )
        if part != directory and os.path.lexists(path) and not path.is_dir():
            raise UsageError(
                f"{shown(path)} is {_kind(path)}, where a directory is needed", cure="move it away"
            )


def _refuse_existing(path: Path) -> None:
    if not os.path.lexists(path):
        return
    files = sorted(str(file.relative_to(path)) for file in path.rglob("*") if not file.is_dir())
    more = len(files) - _FILES_LISTED
    lines = [f"\n  {file}" for file in files[:_FILES_LISTED]]
    lines += [f"\n  and {more} more"] if more > 0 else []
    contents = f":{''.join(lines)}" if files else ", and is empty"
    raise UsageError(
        f"the directory {shown(path)} exists already{contents}",
        cure=f"choose another name, remove it first: rm -r {shlex.quote(str(path))}, or say --force to "
        "replace the files that differ; --diff shows them",
    )

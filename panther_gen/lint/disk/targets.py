"""What a command line asks to check: files, directories, the plugins below, or standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from panther_gen.errors import UsageError
from panther_gen.layout import hiding_files
from panther_gen.plugin.tree import plugin_trees, root_of

__all__ = ["STDIN", "find_files", "read_stdin"]

#: The path that means standard input.
STDIN = Path("-")

_UNNAMED = Path("<stdin>")


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files to check: those given, or the plugins below the working directory.

    Raises:
        UsageError: a path does not exist, or there is nothing to check.
    """
    from panther_gen.lint.disk.files import python_files

    chosen = list(paths) or _plugin_files()
    if not chosen:
        raise UsageError(
            f"no plugin found below '{Path.cwd()}': it holds no panther/plugins/",
            cure="start one with `panther-gen new-iut PROTOCOL NAME`, or name the files to check",
        )
    files = python_files(chosen)
    if not files:
        names = ", ".join(f"'{path}'" for path in chosen)
        raise UsageError(f"no Python file found in {names}", cure="name the files to check")
    return files


def read_stdin(paths: Sequence[Path], filename: Path | None) -> tuple[Path, bytes] | None:
    """Return the name and content of standard input if that is to be checked.

    Args:
        paths: of the command line.
        filename: the file that the content is to be taken for; it need not exist.

    Raises:
        UsageError: standard input is not the only thing to check, or it is not but has a name.
    """
    if STDIN not in paths:
        if filename is not None:
            cure = "write - in place of the paths, or leave --stdin-filename out"
            raise UsageError(
                f"--stdin-filename '{filename}' is given, but standard input is not read", cure=cure
            )
        return None
    if len(paths) > 1:
        others = ", ".join(f"'{path}'" for path in paths if path != STDIN)
        raise UsageError(f"standard input cannot be checked with {others}", cure="write - alone")
    if filename is not None and filename.is_dir():
        raise UsageError(f"--stdin-filename '{filename}' is a directory", cure="name a file")
    return filename or _UNNAMED, sys.stdin.buffer.read()


def _plugin_files() -> list[Path]:
    """Return the plugin trees below the working directory, and what hides the runtime from them."""
    trees = plugin_trees(Path())
    return [*trees, *(file for tree in trees for file in hiding_files(root_of(tree)))]

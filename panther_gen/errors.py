"""The errors of panther-gen: one root, one class per kind of failure, the exit code on the class.

They are caught once, in :mod:`panther_gen.__main__`, and printed as they read. Their text says what is
wrong with the value in quotes, where, and the cure.

Exit codes of ``panther-gen``:

====  =========================================================================
0     done
1     the linter found something, or a test failed; a plugin is not up to date
2     refused: wrong usage, or input that cannot be used
3     a fault of panther-gen itself, or of a blueprint
4     this machine lacks something: a package, a permission, space on a disk
5     an update has marked conflicts, or there are some that are not resolved yet
130   stopped by Ctrl-C (129, 141 and 143: by SIGHUP, a closed pipe and SIGTERM)
====  =========================================================================
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import ClassVar

__all__ = [
    "CONFLICTS",
    "BlueprintError",
    "MachineError",
    "PantherGenError",
    "UsageError",
    "machine_error",
    "shown",
    "unreadable",
]

#: Exit status of a command that has done its work, and left conflicts for a person to resolve.
CONFLICTS = 5

_SHOWN_LENGTH = 60


class PantherGenError(Exception):
    """Something that panther-gen can explain.

    Args:
        message: what is wrong, with the offending value in quotes.
        cure: how to mend it; empty if there is nothing to advise.
        where: the place, as ``file``, ``file:line`` or ``file:line:column``; empty if there is none.
    """

    #: Exit status of ``panther-gen`` when this error ends it.
    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, cure: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure
        self.where = where

    def __str__(self) -> str:
        located = f"{self.where}: {self.message}" if self.where else self.message
        return f"{located}\n  cure: {self.cure}" if self.cure else located


class UsageError(PantherGenError):
    """The command line, or the place it points to, cannot be used as it is."""

    exit_code = 2


class MachineError(PantherGenError):
    """This machine lacks something: a package, a permission, space on a disk."""

    exit_code = 4


class BlueprintError(PantherGenError):
    """A blueprint is missing, or does not render."""


def machine_error(error: OSError, doing: str) -> MachineError:
    """Turn an error of the operating system into a sentence.

    Args:
        error: what the system call raised.
        doing: what was being done, as in ``cannot <doing>``.
    """
    cures = {
        errno.ENOSPC: "free some space on that file system; nothing was left behind",
        errno.EDQUOT: "free some of your quota on that file system; nothing was left behind",
        errno.EFBIG: "raise the limit on the size of a file (ulimit -f); nothing was left behind",
        errno.EACCES: "choose a directory that you may write in with --output DIR",
        errno.EPERM: "choose a directory that you may write in with --output DIR",
        errno.EROFS: "choose a directory on a file system that can be written with --output DIR",
    }
    reason = os.strerror(error.errno) if error.errno else str(error)
    return MachineError(f"cannot {doing}: {reason}", cure=cures.get(error.errno or 0, ""))


def unreadable(error: OSError, path: Path) -> MachineError:
    """Turn what reading ``path`` has raised into a sentence: another ``--output`` would be no cure."""
    cure = "make it readable" if isinstance(error, PermissionError) else ""
    return MachineError(f"cannot read {shown(path)}: {error.strerror or error}", cure=cure)


def shown(value: str | Path) -> str:
    """Return ``value`` in quotes, with what a terminal cannot show as an escape; only paths stay long."""
    text = str(value)
    short = (
        text if isinstance(value, Path) or len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - 3]}..."
    )
    visible = "".join(
        char if char.isprintable() and char != "\\" else char.encode("unicode_escape").decode("ascii")
        for char in short
    )
    return f"'{visible}'"

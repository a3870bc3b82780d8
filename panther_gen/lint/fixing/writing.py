"""Fixed files put in the place of the old ones: all of them, or none."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from panther_gen.errors import MachineError, machine_error, shown

__all__ = ["write_files"]

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def write_files(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> None:
    """Replace files.

    Each is written to a temporary file beside it, with its permissions; when all are written, they are
    renamed. A link stays, and what it leads to is replaced.

    Args:
        before: what each file held when it was checked, by path.
        after: what it shall hold.

    Raises:
        MachineError: one of them cannot be written, or holds something else by now; none is changed then.
    """
    staged: list[tuple[str, Path, Path]] = []
    replaced: list[tuple[str, Path, Path]] = []
    path = ""
    try:
        for path, content in after.items():
            target = Path(os.path.realpath(path))
            _check(target, path, before[path])
            temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
            staged.append((path, temporary, target))
            _stage(temporary, target, content)
        for path, temporary, target in staged:
            temporary.replace(target)
            replaced.append((path, temporary, target))
    except OSError as error:
        for done, temporary, target in replaced:
            _stage(temporary, target, before[done])
            temporary.replace(target)
        raise _unchanged(machine_error(error, f"write {shown(Path(path))}")) from None
    finally:
        for _, temporary, _ in staged:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _check(target: Path, path: str, before: bytes) -> None:
    if not target.stat().st_mode & _WRITABLE or not os.access(target, os.W_OK):
        cure = "make it writable, or leave it out; nothing was changed"
        raise MachineError(f"cannot write {shown(Path(path))}: it is read-only", cure=cure)
    if target.read_bytes() != before:
        cure = "run the command again; nothing was changed"
        raise MachineError(f"{shown(Path(path))} was changed meanwhile by something else", cure=cure)


def _stage(temporary: Path, target: Path, content: bytes) -> None:
    status = target.stat()
    with temporary.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.chmod(stat.S_IMODE(status.st_mode))
    with contextlib.suppress(OSError):  # only root may give a file away
        os.chown(temporary, status.st_uid, status.st_gid)


def _unchanged(error: MachineError) -> MachineError:
    """Return the error with a cure that fits files that exist."""
    cure = "" if "--output" in error.cure else error.cure.partition(";")[0]
    cure = cure or "make the file and its directory writable, or leave it out"
    return MachineError(error.message, cure=f"{cure}; nothing was changed")

"""What was seen of files before: when it still holds, and where it is kept.

Whoever remembers what was in a file remembers the file's signature beside it, as git's index does. A file
that was changed so short a time ago that a further change could carry the same times is not remembered.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["cache_directory", "is_settled", "replace_file", "signature"]

_VARIABLE = "PANTHER_GEN_CACHE_DIR"

#: Nanoseconds; a tick of the clock of a file system is shorter, but where times are whole seconds.
_TICK = 100_000_000
_COARSE_TICK = 2_000_000_000
_SECOND = 1_000_000_000

#: Seconds; nobody takes so long to write a file.
_LEFT_BEHIND = 600


def cache_directory() -> Path:
    """Return where it is kept: PANTHER_GEN_CACHE_DIR, or a directory below XDG_CACHE_HOME."""
    if chosen := os.environ.get(_VARIABLE):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME", "")
    home = base if os.path.isabs(base) else os.path.expanduser("~/.cache")
    return Path(home, "panther-gen")


def signature(status: os.stat_result) -> list[int]:
    """Return what changes with a file's content: its times, size and inode."""
    return [status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino]


def is_settled(status: os.stat_result) -> bool:
    """Tell whether a change from now on would change the signature too."""
    newest = max(status.st_mtime_ns, status.st_ctime_ns)
    return time.time_ns() - newest >= (_TICK if newest % _SECOND else _COARSE_TICK)


def replace_file(file: Path, text: str) -> None:
    """Write a file as a whole; a process that is killed leaves the old one.

    Raises:
        OSError: it cannot be written.
    """
    import tempfile  # which takes time; most readers never write

    file.parent.mkdir(parents=True, exist_ok=True)
    _remove_what_is_left(file)
    descriptor, name = tempfile.mkstemp(".tmp", f"{file.stem}-", file.parent)
    try:
        with open(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise


def _remove_what_is_left(file: Path) -> None:
    """Remove what processes left that were killed while they wrote."""
    for left in file.parent.glob(f"{file.stem}-*.tmp"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                left.unlink()

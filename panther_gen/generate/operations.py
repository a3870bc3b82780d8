"""The operations on files that landing consists of: a seam, at which tests let a process die."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

__all__ = ["FileOperations"]

#: What ``link`` says where there are no hard links, or not between these two places.
_NO_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


class FileOperations:
    """Each method is one step; whoever lands changes makes no other."""

    def make_directory(self, path: Path, mode: int = 0o777) -> None:
        """Make one directory."""
        path.mkdir(mode=mode)

    def remove_directory(self, path: Path) -> None:
        """Remove one empty directory."""
        path.rmdir()

    def write(self, path: Path, content: bytes, mode: int = 0o666) -> None:
        """Write a new file, and see it on the disk; ``mode`` is subject to the umask."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)

    def keep(self, path: Path, backup: Path) -> None:
        """Give a file a second name, or a copy where the file system has no hard links."""
        try:
            os.link(path, backup, follow_symlinks=False)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            shutil.copy2(path, backup, follow_symlinks=False)

    def set_mode(self, path: Path, mode: int) -> None:
        """Set the permissions of a file."""
        path.chmod(mode)

    def replace(self, source: Path, target: Path) -> None:
        """Move a file to its place, over what is there."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Remove a file."""
        path.unlink()

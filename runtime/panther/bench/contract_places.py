"""Starts a program where ``/certs``, ``/www``, ``/downloads`` and ``/logs`` are directories of a test.

Programs that obey the public contract of the QUIC interop runner find their files there. This script gives
its process a mount namespace with a root directory of its own, in which everything else is what it was, and
then becomes the program::

    python -I -S contract_places.py /certs=DIR /www=DIR … -- PROGRAM ARGUMENT…

It stands alone, so that it starts in a few milliseconds. Nothing outside its namespace changes. Facts are
from mount_namespaces(7) and user_namespaces(7).
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

_CLONE_NEWNS, _CLONE_NEWUSER = 0x00020000, 0x10000000
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
#: Exit status of a shell for a program that is not executable: this script has not become it.
_NOT_STARTED = 126
#: Directories of the file system's standard that are empty nearly everywhere; the new root is put on one.
_MOUNT_POINTS = ("/mnt", "/media", "/srv", "/opt")

_libc = ctypes.CDLL(None, use_errno=True)


def main(words: list[str]) -> None:
    """Make the places and become the program; ends the process when that is not possible."""
    split = words.index("--")
    places = dict(word.split("=", 1) for word in words[:split])
    program = words[split + 1 :]
    try:
        here = Path.cwd()
        _enter_mount_namespace()
        _enter_root_with(places)
        os.chdir(here)
        os.execvp(program[0], program)  # noqa: S606 — no shell is wanted
    except OSError as error:
        print(f"'{program[0]}' could not be given its directories: {error}", file=sys.stderr)
        sys.exit(_NOT_STARTED)


def _enter_mount_namespace() -> None:
    user, group = os.geteuid(), os.getegid()
    if _libc.unshare(_CLONE_NEWNS) != 0:  # without privileges: in a user namespace of one's own
        _check(_libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNS), "unshare")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _mount("none", "/", flags=_MS_REC | _MS_PRIVATE)


def _enter_root_with(places: dict[str, str]) -> None:
    """Make a root directory that holds what / does, and the places; enter it."""
    root = next(
        (path for path in map(Path, _MOUNT_POINTS) if path.is_dir() and not any(path.iterdir())), None
    )
    if root is None:
        raise OSError(errno.ENOENT, f"one of these must be an empty directory: {', '.join(_MOUNT_POINTS)}")
    sources = {place: os.open(directory, os.O_PATH) for place, directory in places.items()}
    _mount("tmpfs", str(root), kind="tmpfs")
    for entry in os.scandir("/"):
        if entry.name not in {place.strip("/") for place in places} and Path(entry.path) != root:
            _bind_entry(root / entry.name, entry)
    (root / root.name).mkdir()
    for place, descriptor in sources.items():
        target = root / place.strip("/")
        target.mkdir()
        _mount(f"/proc/self/fd/{descriptor}", str(target), flags=_MS_BIND | _MS_REC)
        os.close(descriptor)
    os.chroot(root)


def _bind_entry(target: Path, entry: os.DirEntry[str]) -> None:
    if entry.is_symlink():
        target.symlink_to(Path(entry.path).readlink())
    elif entry.is_dir():
        target.mkdir()
        _mount(entry.path, str(target), flags=_MS_BIND | _MS_REC)
    elif entry.is_file():
        target.touch()
        _mount(entry.path, str(target), flags=_MS_BIND)


def _mount(source: str, target: str, *, kind: str = "", flags: int = 0) -> None:
    result = _libc.mount(source.encode(), target.encode(), kind.encode() or None, flags, None)
    _check(result, f"mount {target}")


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


if __name__ == "__main__":
    main(sys.argv[1:])

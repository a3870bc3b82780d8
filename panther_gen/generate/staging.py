"""Staging directories: their names say whose they are, so that those of the dead can be removed.

A process that is killed outright clears nothing up. Its number may be another's by now, and on a disk
that machines or containers share it means nothing elsewhere: the name also holds when the process
began, and which boot and which PID namespace its number is of.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from zlib import crc32

__all__ = ["is_staging", "new_staging_path", "remove_stale"]

_NAME = re.compile(r"\.panther-gen-([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{8}")


def new_staging_path(parent: Path) -> Path:
    """Return a path in ``parent`` that nobody else uses."""
    number = os.getpid()
    return parent / f".panther-gen-{_realm()}-{number}-{_begun(number)}-{secrets.token_hex(4)}"


def is_staging(path: Path) -> bool:
    """Tell whether a path is called as a staging directory is."""
    return _NAME.fullmatch(path.name) is not None


def remove_stale(parents: Iterable[Path]) -> None:
    """Remove the staging directories in ``parents`` whose processes have ended; what cannot be stays."""
    for parent in parents:
        with suppress(OSError):
            for entry in list(os.scandir(parent)):
                if _is_stale(entry.name) and entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)


def _is_stale(name: str) -> bool:
    parts = _NAME.fullmatch(name)
    if parts is None:
        return False
    realm, number, begun = parts.groups()
    return realm == _realm() and _begun(int(number)) != begun


@cache
def _realm() -> str:
    """Return what numbers of processes here have in common: this boot and this PID namespace."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_bytes()
        return f"{crc32(boot + os.fsencode(Path('/proc/self/ns/pid').readlink())):08x}"
    except OSError:  # without /proc a name holds no beginning either, and nothing is stale
        return "00000000"


def _begun(number: int) -> str:
    """Return when a process began, in ticks since the boot: proc_pid_stat(5), field 22; "" if it ended."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]

"""What the linter saw of the file system, so that a later run can tell whether it still looks the same.

Everything that decides a verdict is asked for here: the content of files, the names in directories, and
what stands at a path, nothing at all included. Each answer is kept under a key, ``content PATH``,
``names PATH`` or ``kind PATH``.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import Any

from panther_gen.seen import is_settled, signature

__all__ = [
    "DIRECTORY",
    "FILE",
    "NOTHING",
    "Evidence",
    "content_key",
    "kind_key",
    "kind_of",
    "names_key",
    "names_of",
    "still_holds",
]

FILE, DIRECTORY, OTHER, NOTHING = 1, 2, 3, 0

#: What is kept for a key; JSON can say it.
Fact = list[Any]


def content_key(path: str) -> str:
    """Return the key of a file's content."""
    return f"content {path}"


def names_key(path: str) -> str:
    """Return the key of the names in a directory."""
    return f"names {path}"


def kind_key(path: str) -> str:
    """Return the key of what stands at a path."""
    return f"kind {path}"


class Evidence:
    """Answers, and remembers what it answered.

    Attributes:
        facts: the answers given so far, by key.
    """

    def __init__(self) -> None:
        self.facts: dict[str, Fact] = {}
        self._kinds: dict[str, int] = {}

    def read(self, path: Path) -> bytes:
        """Return the content of a regular file.

        Raises:
            OSError: it cannot be read.
            ValueError: it is no regular file; reading a named pipe would wait for ever.
        """
        key = content_key(str(path))
        self.facts[key] = [""]
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise ValueError("the directory cannot be searched")
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("it is no regular file")
        with open(path, "rb") as file:
            content = file.read()
        self.facts[key] = [_digest(content), *_signature(status)]
        return content

    def digest(self, path: Path) -> str:
        """Return the digest of a file's content as it was read; empty if it was not."""
        fact = self.facts.get(content_key(str(path)))
        return str(fact[0]) if fact else ""

    def names(self, directory: Path) -> tuple[str, ...]:
        """Return the names in a directory, sorted; none if it cannot be read."""
        found = names_of(str(directory))
        self.facts[names_key(str(directory))] = [list(found)]
        return found

    def kind(self, path: str) -> int:
        """Return what stands at a path: FILE, DIRECTORY, OTHER or NOTHING; links are followed."""
        known = self._kinds.get(path)
        if known is None:
            known = self._kinds[path] = kind_of(path)
            self.facts[kind_key(path)] = [known]
        return known


def kind_of(path: str) -> int:
    """Return what stands at a path: FILE, DIRECTORY, OTHER or NOTHING; links are followed."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return NOTHING
    return FILE if stat.S_ISREG(mode) else DIRECTORY if stat.S_ISDIR(mode) else OTHER


def names_of(directory: str) -> tuple[str, ...]:
    """Return the names in a directory, sorted; none if it cannot be read."""
    try:
        return tuple(sorted(os.listdir(directory)))
    except OSError:
        return ()


def still_holds(key: str, fact: Fact) -> bool:
    """Tell whether a fact of an earlier run is one today.

    A file is only read again where its status says that it may have changed.
    """
    what, _, path = key.partition(" ")
    if what == "kind":
        return bool(fact[0] == kind_of(path))
    if what == "names":
        return bool(fact[0] == list(names_of(path)))
    try:
        status = os.stat(path)
        if len(fact) > 1 and fact[1:] == _signature(status):
            return True
        if not stat.S_ISREG(status.st_mode):
            return bool(fact[0] == "")
        with open(path, "rb") as file:
            return bool(fact[0] == _digest(file.read()))
    except (OSError, ValueError):
        return bool(fact[0] == "")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _signature(status: os.stat_result) -> list[int]:
    """Return what changes with a file's content; nothing while a further change could go unseen."""
    return signature(status) if is_settled(status) else []

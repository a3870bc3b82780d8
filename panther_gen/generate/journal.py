"""Changing files that exist: all of them, or none, also when the process is killed half-way.

The journal is a directory below the root, ``panther/.panther-gen-journal``. First everything that will be
written, and a second name for everything that will be replaced, is put into it; then the list of the
changes, by one ``rename``; only then are files changed, each by one ``rename``; at last the journal goes. Who
holds it has it locked, and the lock dies with the process. A command that finds a journal without a holder
takes back what it lists before it does anything else: a command that was killed has changed nothing.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from panther_gen.errors import UsageError, machine_error, shown
from panther_gen.generate.changes import Change, Changes
from panther_gen.generate.operations import FileOperations
from panther_gen.generate.state import hash_of
from panther_gen.generate.undoing import LIST, close, is_empty, target_of
from panther_gen.layout import JOURNAL

__all__ = ["commit", "recover"]

_ALL_MODES = 0o7777


def commit(
    changes: Changes,
    *,
    point_of_no_return: Callable[[], None] = lambda: None,
    operations: FileOperations | None = None,
) -> None:
    """Carry out changes of files below a root that exists.

    Args:
        changes: what to do; a file that is no longer as it was when they were planned refuses them all.
        point_of_no_return: called before the first file is changed. What it raises leaves all as it was.
        operations: how files are changed.

    Raises:
        UsageError: another command is changing files there, or a file has changed meanwhile.
        MachineError: the file system refuses; everything is as it was.
    """
    if not changes.to_land:
        return
    root = changes.root.absolute()
    work = _Commit(root, changes.to_land, operations or FileOperations())
    try:
        with _held(root, make=True):
            try:
                work.prepare()
                point_of_no_return()
                work.carry_out()
            finally:
                # Of a list that is there, whatever is not done is taken back.
                close(root, keep_done=work.done)
    except OSError as error:
        raise machine_error(error, f"change files below {shown(changes.root)}") from error


def recover(root: Path) -> str:
    """Take back what a process that died has left half-done below ``root``.

    Returns:
        A sentence on what was done; empty if there was nothing to do.

    Raises:
        UsageError: a process that is alive is changing files there.
        MachineError: the file system refuses.
    """
    journal = root / JOURNAL
    if not os.path.lexists(journal):
        return ""
    root = root.absolute()
    try:
        with _held(root, make=False):
            kept = close(root)
    except FileNotFoundError:  # its holder has finished meanwhile
        return ""
    except OSError as error:
        raise machine_error(error, f"take back what is half-done below {shown(root)}") from error
    told = "a command that was killed while it changed files has been undone; run it again"
    if kept:
        told += "; changed since, and left alone: " + ", ".join(shown(path) for path in kept)
    return told


@contextmanager
def _held(root: Path, *, make: bool) -> Iterator[None]:
    """Hold the journal of a root; it has to be there, or not to be there."""
    journal = root / JOURNAL
    if make:
        try:
            journal.mkdir(mode=0o700)
        except FileExistsError:
            raise _busy(root) from None
    descriptor = os.open(journal, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy(root) from None
        # Between making and locking it, another command may have taken it for a dead one's.
        if not journal.exists() or not os.path.samestat(os.fstat(descriptor), journal.stat()):
            raise _busy(root)
        yield
    finally:
        os.close(descriptor)


def _busy(root: Path) -> UsageError:
    return UsageError(
        f"another panther-gen is changing files below {shown(root)}", cure="run the command again"
    )


class _Commit:
    def __init__(self, root: Path, changes: tuple[Change, ...], operations: FileOperations) -> None:
        self._root = root
        self._changes = changes
        self._do = operations
        self._journal = root / JOURNAL
        self.done = False

    def prepare(self) -> None:
        """Put everything into the journal; nothing else is touched."""
        for name in ("new", "old"):
            self._do.make_directory(self._journal / name)
        for number, change in enumerate(self._changes):
            target = target_of(self._root, change.path)
            _refuse_changed(target, change)
            if change.before is not None:
                self._do.keep(target, self._journal / "old" / str(number))
            if change.after is not None:
                self._stage(number, change)
        steps = [
            {"path": str(change.path), "before": _hash(change.before), "after": _hash(change.after)}
            for change in self._changes
        ]
        text = json.dumps({"steps": steps, "directories": self._new_directories()}).encode()
        self._do.write(self._journal / "draft", text)
        self._do.replace(self._journal / "draft", self._journal / LIST)

    def _stage(self, number: int, change: Change) -> None:
        assert change.after is not None
        staged = self._journal / "new" / str(number)
        self._do.write(staged, change.after, 0o777 if change.executable else 0o666)
        if change.before is not None:
            self._do.set_mode(staged, _mode(self._journal / "old" / str(number), change.executable))

    def _new_directories(self) -> list[str]:
        """Return the directories that have to be made, the outer ones first."""
        needed = {
            parent
            for change in self._changes
            if change.after is not None
            for parent in change.path.parents
            if not os.path.lexists(self._root / parent)
        }
        return [str(path) for path in sorted(needed)]

    def carry_out(self) -> None:
        """Change the files. Whatever stops this is followed by taking it back."""
        for directory in self._new_directories():
            self._do.make_directory(self._root / directory)
        for number, change in enumerate(self._changes):
            target = target_of(self._root, change.path)
            if change.after is not None:
                self._do.replace(self._journal / "new" / str(number), target)
            elif change.before is not None:
                self._do.remove(target)
        self._remove_empty_directories()
        # All is as it should be: from now on there is nothing to take back.
        self._do.remove(self._journal / LIST)
        self.done = True

    def _remove_empty_directories(self) -> None:
        for change in self._changes:
            parent = change.path.parent
            while change.after is None and parent.parts and is_empty(self._root / parent):
                self._do.remove_directory(self._root / parent)
                parent = parent.parent


def _refuse_changed(target: Path, change: Change) -> None:
    """Refuse a file that is not as it was when the change was planned."""
    found = target.read_bytes() if os.path.lexists(target) else None
    if found != change.before:
        raise UsageError(
            f"{shown(target)} has changed while the command was at work", cure="run the command again"
        )


def _mode(file: Path, executable: bool | None) -> int:
    mode = file.stat().st_mode & _ALL_MODES
    if executable is None:
        return mode
    return mode | (mode & 0o444) >> 2 if executable else mode & ~0o111


def _hash(content: bytes | None) -> str:
    return "" if content is None else hash_of(content)

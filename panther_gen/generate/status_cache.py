"""What was found out about plugins before, so that ``status`` reads only files that may have changed.

As git's index does, it keeps the signature of every file that was compared with a record, and what that
comparison gave. A plugin whose files have these signatures still stands as it stood. One file for each root
lies in the user's cache directory; it is replaced as a whole, and a damaged one counts as empty.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from panther_gen import __version__
from panther_gen.errors import unreadable
from panther_gen.plugin.tree import PluginDirectory
from panther_gen.seen import cache_directory, is_settled, replace_file, signature

__all__ = ["Standing", "StatusCache"]

#: It changes when the same files would be told of in another way.
_FORMAT = 1

#: What a damaged file can bring about.
_DAMAGED = (ValueError, LookupError, TypeError, AttributeError)

_GONE = (0, 0, 0, 0)

_NOTHING: Mapping[str, str] = {}

#: No path has it.
_BETWEEN = "\0"


class Standing(NamedTuple):
    """What a plugin's files say beside its record.

    Attributes:
        blueprint: the id of its blueprint.
        version: the version that it was last brought to.
        content: the hash of the blueprint then; empty if that was not recorded.
        edited: recorded files whose content the author has changed, and those renamed, by their present path.
        deleted: recorded files that are gone.
        conflicted: files with conflict markers.
        told: what its blueprint was told of the protocol of one's own that it is on; empty for any other.
    """

    blueprint: str
    version: int
    content: str = ""
    edited: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    conflicted: tuple[str, ...] = ()
    told: Mapping[str, str] = _NOTHING


class StatusCache:
    """The comparisons of earlier runs; those of a root are read when its first plugin is asked for."""

    def __init__(self) -> None:
        self._roots: dict[Path, _Root] = {}

    def standing(self, plugin: PluginDirectory) -> Standing:
        """Return how a plugin stands to its record; errors as of a comparison."""
        root = self._roots.get(plugin.root)
        if root is None:
            root = self._roots[plugin.root] = _Root(plugin.root)
        return root.standing(plugin)

    def keep(self) -> None:
        """Keep what is new for the next run; if that cannot be done, it is not kept."""
        for root in self._roots.values():
            root.keep()


class _Root:
    def __init__(self, root: Path) -> None:
        self._key = [_FORMAT, __version__, str(root)]
        name = crc32(os.fsencode(root))
        self._file = cache_directory() / f"status-{name:08x}.json"
        self._plugins: dict[str, list[Any]] = {}
        self._is_new = False
        with suppress(OSError, *_DAMAGED):
            document = json.loads(self._file.read_bytes())
            if document["key"] == self._key:
                self._plugins = dict(document["plugins"])

    def standing(self, plugin: PluginDirectory) -> Standing:
        place = f"{plugin.kind}/{plugin.words}"
        directory = plugin.path
        with suppress(*_DAMAGED):
            paths, signatures, facts = self._plugins[place]
            if _signatures(directory, paths.split(_BETWEEN)) == signatures:
                blueprint, version, content, edited, deleted, conflicted, told = facts
                files = (tuple(edited), tuple(deleted), tuple(conflicted))
                return Standing(blueprint, version, content, *files, told)
        return self._compared(place, directory)

    def _compared(self, place: str, directory: Path) -> Standing:
        # Not at the top: where nothing has changed, nothing of it is needed.
        from panther_gen.generate.standing import compared, looked_at
        from panther_gen.generate.state import STATE_FILE, read_state

        self._is_new = self._plugins.pop(place, None) is not None or self._is_new
        # Signatures come first: what changes while it is read has another one afterwards.
        record = _signatures(directory, (STATE_FILE,), settled=True)
        state = read_state(directory)
        paths = looked_at(state)
        signatures = _signatures(directory, paths, settled=True)
        standing = compared(directory, state)
        if record and signatures[: len(record)] == record:
            self._plugins[place] = [_BETWEEN.join(paths), signatures, standing]
            self._is_new = True
        return standing

    def keep(self) -> None:
        if self._is_new:
            with suppress(OSError, ValueError):
                replace_file(self._file, json.dumps({"key": self._key, "plugins": self._plugins}))


def _signatures(directory: Path, paths: Sequence[str], *, settled: bool = False) -> list[int]:
    """Return the signatures of files, one after the other; zeros for what is not there.

    Args:
        directory: of the plugin.
        paths: relative to it.
        settled: return nothing if one of them may change again without another signature.

    Raises:
        MachineError: it cannot be told.
    """
    found: list[int] = []
    try:
        # By way of a descriptor, the way to the plugin is gone once and not for each of its files.
        descriptor = os.open(directory, os.O_DIRECTORY | getattr(os, "O_PATH", os.O_RDONLY))
    except OSError as error:
        raise unreadable(error, directory) from error
    try:
        for path in paths:
            try:
                status = os.stat(path, dir_fd=descriptor)
            except (FileNotFoundError, NotADirectoryError):
                found += _GONE
                continue
            if settled and not is_settled(status):
                return []
            found += signature(status)
    except OSError as error:
        raise unreadable(error, directory / path) from error
    finally:
        os.close(descriptor)
    return found

"""Summaries kept between runs, by the content of the files that they are of.

A verdict rests on other files, too; when a base class changes, those of all plugins below it are void at
once, but what stands in each of these plugins has not changed. Only long runs read and write the file: a few
modules are parsed as soon as it would be read.

The file's first line says which linter wrote it. Each other line is the beginning of a content's digest, a
checksum of the rest, and the summary. A line that is damaged counts as none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from panther_gen.lint.reading.summary import ModuleSummary
from panther_gen.lint.reading.summary_json import from_lists, to_lists
from panther_gen.seen import replace_file

__all__ = ["Summaries"]

# Of every digest; two contents with the same beginning are as good as impossible.
_DIGITS = 32

# Summaries that no file of this run has; some of them belong to files that it did not look at.
_MOST_UNUSED = 10_000

_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Summaries:
    """The summaries of the files in one working directory.

    Args:
        file: where they are kept; it need not exist.
        key: tells the linter that wrote them from others.
    """

    def __init__(self, file: Path, key: str) -> None:
        self._file = file
        self._key = key.encode()
        self._content = b""
        self._places: dict[bytes, tuple[int, int]] = {}
        self._used: set[bytes] = set()
        self._new: dict[bytes, bytes] = {}

    def load(self) -> None:
        """Read the file; one of another linter, or none at all, counts as empty."""
        self._content, self._places = b"", {}
        try:
            content = self._file.read_bytes()
        except OSError:
            return
        end = content.find(b"\n")
        if content[: max(end, 0)] != self._key or not content.isascii():
            return
        self._content = content
        while end >= 0:
            start = end + 1
            end = content.find(b"\n", start)
            if end > start + _DIGITS:  # a last line without its end was not written whole
                self._places[content[start : start + _DIGITS]] = (start + _DIGITS + 1, end)

    def get(self, digest: str) -> ModuleSummary | None:
        """Return the summary of a content; None if it is not known."""
        name = digest[:_DIGITS].encode()
        place = self._places.get(name)
        if place is None:
            return None
        checksum, _, text = self._content[slice(*place)].partition(b" ")
        try:
            if int(checksum, 16) != crc32(text):
                return None
            summary = from_lists(json.loads(text))
        except (ValueError, LookupError, TypeError, AttributeError):
            return None
        self._used.add(name)
        return summary

    def note(self, digest: str, summary: ModuleSummary) -> None:
        """Remember a summary that is to be kept."""
        text = _encode(to_lists(summary)).encode("utf-8", "surrogatepass")
        self._new[digest[:_DIGITS].encode()] = b"%08x %s" % (crc32(text), text)

    def take(self) -> tuple[dict[bytes, bytes], set[bytes]]:
        """Return what was noted and what was used since the last time; another process hands it on."""
        taken = self._new, self._used
        self._new, self._used = {}, set()
        return taken

    def add(self, new: dict[bytes, bytes], used: Iterable[bytes]) -> None:
        """Take over what another process noted and used."""
        self._new |= new
        self._used.update(used)

    def write(self) -> None:
        """Keep what is new beside the rest; if that cannot be done, it is not kept."""
        if not self._new:
            return
        self.load()  # another run may have added some
        unused = [name for name in self._places if name not in self._used and name not in self._new]
        kept = [name for name in self._used if name in self._places and name not in self._new]
        lines = [b"%s %s" % (name, line) for name, line in self._new.items()]
        names = (*kept, *unused[:_MOST_UNUSED])
        lines += [b"%s %s" % (name, self._content[slice(*self._places[name])]) for name in names]
        with suppress(OSError):
            replace_file(self._file, b"\n".join([self._key, *lines, b""]).decode())
        self._new = {}

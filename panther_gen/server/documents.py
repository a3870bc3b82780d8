"""The documents that are open in the editor, with what is not saved yet."""

from __future__ import annotations

import io
import os
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from panther_gen.lint.plugins.plugin_view import is_text
from panther_gen.plugin.tree import directory_of
from panther_gen.server.uris import path_of

__all__ = ["Document", "Documents"]

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Document:
    """One document as it was at one moment.

    Attributes:
        uri: how the editor names it; it is never spelt anew.
        path: its file, which need not exist yet.
        version: the editor's number for this content.
        text: its content.
        language: what the editor takes it for, such as ``python``.
    """

    uri: str
    path: Path
    version: int
    text: str
    language: str = ""

    @property
    def real_path(self) -> str:
        """The path with its links followed: what tells whether two documents are one file."""
        return os.path.realpath(self.path)

    @property
    def is_python(self) -> bool:
        """Tell whether it is a Python module."""
        return self.path.suffix == ".py" or (self.language == "python" and self.path.suffix != ".pyi")

    @property
    def is_checked(self) -> bool:
        """Tell whether the linter has rules for it: Python, or a file of a plugin that it knows."""
        return self.is_python or (is_text(self.path) and directory_of(self.path) is not None)

    @property
    def encoding(self) -> str:
        """The encoding that it declares as Python does; UTF-8 if that is none."""
        plain = self.text.removeprefix(_BOM).encode("utf-8", "replace")
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(plain).readline)
            "".encode(encoding)
        except (SyntaxError, LookupError):  # the linter says so
            return "utf-8"
        return encoding

    @property
    def content(self) -> bytes:
        """The bytes that saving it would write, but for a byte order mark, which the linter does not see.

        A character that the declared encoding does not have becomes a question mark, so that columns stay.
        """
        return self.text.removeprefix(_BOM).encode(self.encoding, "replace")

    def with_content(self, content: bytes) -> str:
        """Return the text that it would have with another content."""
        mark = _BOM if self.text.startswith(_BOM) else ""
        return mark + content.decode(self.encoding)


class Documents:
    """The open documents, by path. One that is no file of this machine is not kept."""

    def __init__(self) -> None:
        self._open: dict[Path, Document] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(tuple(self._open.values()))

    def get(self, uri: str) -> Document | None:
        """Return the document that a URI means; None if it is not open, or no file."""
        path = path_of(uri)
        return self._open.get(path) if path is not None else None

    def open(self, uri: str, version: int, text: str, language: str) -> None:
        """Take in a document."""
        path = path_of(uri)
        if path is not None:
            self._open[path] = Document(uri, path, version, text, language)

    def change(self, uri: str, version: int, text: str) -> None:
        """Take in another content of a document that is open."""
        old = self.get(uri)
        if old is not None:
            self._open[old.path] = Document(old.uri, old.path, version, text, old.language)

    def close(self, uri: str) -> None:
        """Let go of a document."""
        path = path_of(uri)
        if path is not None:
            self._open.pop(path, None)

    def is_current(self, document: Document) -> bool:
        """Tell whether a document is open and still what it was."""
        return self._open.get(document.path) is document

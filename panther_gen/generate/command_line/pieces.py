"""What a word of an example becomes: text that stays, and parameters in place of values."""

from __future__ import annotations

import os.path
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from panther_gen.generate.command_line.parameters import Value

__all__ = ["Form", "Piece", "Text", "Use", "composed", "parameters_in", "printable", "shown_pieces"]

#: How a parameter's value is put in. "plain": as it is; "before_port": an IPv6 address in brackets;
#: "directory": with a slash at its end; "last_part", "path": of a URL; "scheme": a URL with another scheme.
Form = Literal["plain", "before_port", "directory", "last_part", "path", "scheme"]


@dataclass(frozen=True)
class Text:
    """Text that stays as it is."""

    text: str


@dataclass(frozen=True)
class Use:
    """A parameter."""

    parameter: str
    text: str
    """What stood there."""

    value: Value | None
    """The parameter's own value in the example; None: it follows from another place."""

    form: Form = "plain"
    scheme: str = ""
    """For the form of that name."""


Piece = Text | Use


def composed(pieces: Sequence[Piece], values: Mapping[str, Value]) -> str:
    """Return the word that ``pieces`` make with some values; generated code does the same."""
    return "".join(piece.text if isinstance(piece, Text) else _written(piece, values) for piece in pieces)


def _written(use: Use, values: Mapping[str, Value]) -> str:
    text = str(values[use.parameter])
    if use.form == "before_port":
        return f"[{text}]" if ":" in text else text
    if use.form == "directory":
        return os.path.join(text, "")  # noqa: PTH118 — pathlib would drop the slash
    if use.form == "last_part":
        return text.rpartition("/")[2]
    if use.form == "path":
        return urlsplit(text).path
    if use.form == "scheme":
        return f"{use.scheme}:{text.partition(':')[2]}"
    return text


def parameters_in(pieces: Sequence[Piece]) -> list[str]:
    """Return the names of the parameters that pieces use, in their order."""
    return list(dict.fromkeys(piece.parameter for piece in pieces if isinstance(piece, Use)))


def shown_pieces(pieces: Sequence[Piece]) -> str:
    """Return pieces as a person reads them: ``{host}:{port}``."""
    return "".join(piece.text if isinstance(piece, Text) else f"{{{_label(piece)}}}" for piece in pieces)


def _label(use: Use) -> str:
    labels = {"last_part": "last part of url", "path": "path of url", "directory": f"{use.parameter}/"}
    return labels.get(use.form, use.parameter)


def printable(text: str) -> str:
    """Return text on one line, with what a terminal cannot show as an escape."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text
    )

"""The text of an experiment file, or one sentence on why there is none."""

from __future__ import annotations

import re
from pathlib import Path

from panther.bench.experiment.problems import ExperimentError, Problem

__all__ = ["MAX_BYTES", "line_and_column", "read_source"]

#: The guide's largest file has 1 KiB. PyYAML's own parser needs some 20 s for a file of this size.
MAX_BYTES = 1024 * 1024

#: What YAML 1.1, section 5.1, does not count among its printable characters.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_source(file: Path) -> str:
    """Return the text of a file.

    Raises:
        ExperimentError: it cannot be read, is too large, or is no text that YAML can be.
    """
    data = _read_bytes(file)
    if len(data) > MAX_BYTES:
        raise _unreadable(file, f"it is larger than {MAX_BYTES} bytes", "split it into several files")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _place_of_byte(data, error.start)
        message = f"the file is not UTF-8: byte 0x{data[error.start]:02x} does not belong there"
        raise ExperimentError([Problem(str(file), line, column, "", message, "save it as UTF-8")]) from None
    if found := _UNPRINTABLE.search(text):
        line, column = line_and_column(text, found.start())
        message = f"the character U+{ord(found[0]):04X} cannot stand in YAML"
        raise ExperimentError([Problem(str(file), line, column, "", message, "remove it")])
    return text


def line_and_column(text: str, position: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a position in a text."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def _place_of_byte(data: bytes, position: int) -> tuple[int, int]:
    # All before the first wrong byte is UTF-8, so that characters can be counted.
    before = data[:position].decode("utf-8-sig")
    return line_and_column(before, len(before))


def _read_bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)  # and no more, whatever it is: devices have no end
    except FileNotFoundError:
        raise _unreadable(file, "no such file", "check the path") from None
    except IsADirectoryError:
        raise _unreadable(file, "it is a directory", "name the experiment file in it") from None
    except PermissionError:
        raise _unreadable(file, "no permission", "check its permissions") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL character
        reason = getattr(error, "strerror", None) or str(error)
        raise _unreadable(file, reason, "check the path") from None


def _unreadable(file: Path, reason: str, cure: str) -> ExperimentError:
    return ExperimentError(message=f"the experiment file '{file}' cannot be read: {reason}", cure=cure)

"""What a plugin remembers of its generation, so that it can be updated: two small files in its directory.

``.panther-gen.json`` holds the blueprint, its version, the answers, and a hash of every file as it was
rendered. ``.panther-gen.base`` holds the texts themselves, packed: what an author's edits are told from and
merged against. Neither holds anything of the machine or the time that they were made on.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from panther_gen import __version__
from panther_gen.errors import UsageError, shown, unreadable

__all__ = [
    "BASE_FILE",
    "OWN_FILES",
    "STATE_FILE",
    "NewerStateError",
    "NoStateError",
    "PluginState",
    "RecordedFile",
    "hash_of",
    "pack_base",
    "read_base",
    "read_state",
    "state_text",
]

STATE_FILE = ".panther-gen.json"
BASE_FILE = ".panther-gen.base"

#: The files of a plugin directory that no blueprint renders.
OWN_FILES = frozenset({STATE_FILE, BASE_FILE})

#: Version of both files; it changes when an older panther-gen would misread them.
_SCHEMA = 1
_WIDTH = 100
_SEAL = "seal"


class NoStateError(UsageError):
    """A plugin has no state file: it was made by hand, by plain copier, or before there were any."""


class NewerStateError(UsageError):
    """A state file was written by a panther-gen that is newer than this one."""


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A file as it was rendered.

    Attributes:
        sha256: hash of its content.
        executable: whether it may be run as a program.
        at: where the author has moved it to; empty if it was never seen anywhere else.
    """

    sha256: str
    executable: bool = False
    at: str = ""


@dataclass(frozen=True, slots=True)
class PluginState:
    """What a plugin was generated from.

    Attributes:
        blueprint: the blueprint's id.
        version: the blueprint's version.
        answers: by question.
        files: by path, relative to the plugin's directory.
        content: hash of the blueprint; empty in records from before there was one.
        made_by: the version of panther-gen that wrote it.
    """

    blueprint: str
    version: int
    answers: Mapping[str, Any]
    files: Mapping[str, RecordedFile] = field(default_factory=dict)
    content: str = ""
    made_by: str = __version__


def hash_of(content: bytes) -> str:
    """Return the hash that a file's content is known by."""
    return hashlib.sha256(content).hexdigest()


def state_text(state: PluginState) -> bytes:
    """Return the content of the state file; equal states have equal texts."""
    content = {"content": state.content} if state.content else {}
    document: dict[str, Any] = {
        "about": "Written by panther-gen for panther-gen update: commit it, do not edit it.",
        "schema": _SCHEMA,
        "panther_gen": state.made_by,
        "blueprint": {"id": state.blueprint, "version": state.version, **content},
        "answers": dict(state.answers),
        "files": {path: _entry(file) for path, file in sorted(state.files.items())},
    }
    document[_SEAL] = _seal(document)
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _entry(file: RecordedFile) -> dict[str, Any]:
    more: dict[str, Any] = {"executable": True} if file.executable else {}
    return {"sha256": file.sha256, **more, **({"at": file.at} if file.at else {})}


def _seal(document: Mapping[str, Any]) -> str:
    sealed = {key: value for key, value in document.items() if key != _SEAL}
    return hash_of(json.dumps(sealed, sort_keys=True).encode())[:16]


def read_state(directory: Path) -> PluginState:
    """Read the state of the plugin in ``directory``.

    Raises:
        NoStateError: there is none.
        UsageError: it is broken, was changed by hand, or is a newer panther-gen's.
        MachineError: it cannot be read.
    """
    path = directory / STATE_FILE
    adopt = f"panther-gen update --adopt {directory}"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise NoStateError(
            f"the plugin {shown(directory)} has no {STATE_FILE}: what it was generated from is not known",
            cure=f"{adopt} finds that out, and changes no other file",
        ) from None
    except OSError as error:
        raise unreadable(error, path) from error
    try:
        document = json.loads(content)
        if document["schema"] > _SCHEMA:
            raise _newer(path, document.get("panther_gen"))
        if document[_SEAL] != _seal(document):
            raise UsageError(
                f"{shown(path)} was changed by something else than panther-gen",
                cure=f"restore it from version control; if it cannot be, {adopt} makes a new one",
            )
        return _parse(document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{shown(path)} is no state file: {type(error).__name__}: {error}",
            cure=f"restore it from version control; if it cannot be, {adopt} makes a new one",
        ) from None


def _newer(path: Path, version: object) -> NewerStateError:
    return NewerStateError(
        f"{shown(path)} was written by panther-gen {version}, and {__version__} is too old to read it",
        cure="python -m pip install --upgrade panther-gen",
    )


def _parse(document: Mapping[str, Any]) -> PluginState:
    files = {path: _recorded(path, entry) for path, entry in document["files"].items()}
    return PluginState(
        blueprint=str(document["blueprint"]["id"]),
        version=int(document["blueprint"]["version"]),
        answers=dict(document["answers"]),
        files=files,
        content=str(document["blueprint"].get("content", "")),
        made_by=str(document["panther_gen"]),
    )


def _recorded(path: str, entry: Mapping[str, Any]) -> RecordedFile:
    at = str(entry.get("at", ""))
    for place in (path, at):
        if place.startswith("/") or ".." in place.split("/"):
            raise ValueError(f"a path leads out of the plugin: {place!r}")
    return RecordedFile(str(entry["sha256"]), bool(entry.get("executable", False)), at)


def pack_base(texts: Mapping[str, bytes]) -> bytes:
    """Return the content of the base file for the rendered files, by path."""
    plain = {path: text.decode("utf-8", "surrogateescape") for path, text in sorted(texts.items())}
    packed = base64.b64encode(zlib.compress(json.dumps(plain).encode(), 9)).decode()
    return "".join(f"{packed[at : at + _WIDTH]}\n" for at in range(0, len(packed), _WIDTH)).encode()


def read_base(directory: Path) -> dict[str, bytes]:
    """Return the rendered texts by path; none where the file is gone or broken.

    Whoever uses a text compares its hash with the recorded one.
    """
    try:
        packed = (directory / BASE_FILE).read_bytes()
        plain = json.loads(zlib.decompress(base64.b64decode(packed)))
        return {path: text.encode("utf-8", "surrogateescape") for path, text in plain.items()}
    except (OSError, ValueError, zlib.error, AttributeError):
        return {}

"""The blueprints that come with panther-gen: where they are, and what each one asks.

In a wheel they lie inside the package. An editable installation puts nothing there, so the
checkout's own ``blueprints/`` is looked at next.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from panther_gen.errors import BlueprintError, UsageError, shown

__all__ = ["Blueprint", "blueprint_in", "find_blueprint", "find_blueprints", "known_blueprints"]

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "_blueprints", _PACKAGE.parent / "blueprints")
_QUESTIONS_FILE = "copier.yml"

#: Its version is a computed answer; reading it so needs no YAML.
_VERSION = re.compile(r"^blueprint_version:\n(?:[ \t].*\n)*?[ \t]+default: (\d+)", re.MULTILINE)


class Blueprint:
    """A copier template that plugins are generated from.

    Attributes:
        id: what it is called: its directory's name.
        directory: the directory that holds its ``copier.yml``; ``copier copy`` takes it as it is.
    """

    # No dataclass: importing those takes a tenth of the time of "status".
    def __init__(self, blueprint_id: str, directory: Path) -> None:
        self.id = blueprint_id
        self.directory = directory

    @property
    def questions_file(self) -> Path:
        """The file that declares its questions."""
        return self.directory / _QUESTIONS_FILE

    @cached_property
    def version(self) -> int:
        """Its version: what it computes as ``blueprint_version``, or 0.

        Raises:
            BlueprintError: its questions cannot be read.
        """
        try:
            found = _VERSION.search(self.questions_file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise BlueprintError(
                f"the blueprint '{self.id}' cannot be read: {error}", where=str(self.questions_file)
            ) from error
        return int(found.group(1)) if found else 0

    @cached_property
    def content(self) -> str:
        """A hash of all that it consists of: two blueprints of one version may differ.

        Raises:
            BlueprintError: a file of it cannot be read.
        """
        from hashlib import sha256

        digest = sha256()
        try:
            for path in sorted(self._files()):
                text = (self.directory / path).read_bytes()
                digest.update(b"%s\0%d\0%s" % (os.fsencode(path), len(text), text))
        except OSError as error:
            raise BlueprintError(
                f"the blueprint '{self.id}' cannot be read: {error}", where=str(self.directory)
            ) from error
        return digest.hexdigest()[:16]

    def _files(self) -> Iterator[str]:
        for place, names, files in os.walk(self.directory):
            names[:] = [name for name in names if not name.startswith(".") and name != "__pycache__"]
            yield from (os.path.relpath(f"{place}/{file}", self.directory) for file in files)


def find_blueprints() -> list[Blueprint]:
    """Return the blueprints of this installation, sorted by id."""
    for place in _PLACES:
        found = [Blueprint(path.parent.name, path.parent) for path in place.glob(f"*/{_QUESTIONS_FILE}")]
        if found:
            return sorted(found, key=lambda blueprint: blueprint.id)
    return []


def find_blueprint(blueprint_id: str) -> Blueprint:
    """Return the blueprint called ``blueprint_id``.

    Raises:
        BlueprintError: there is none in this installation.
    """
    for blueprint in find_blueprints():
        if blueprint.id == blueprint_id:
            return blueprint
    raise BlueprintError(
        f"this installation has no blueprint {shown(blueprint_id)}",
        cure="python -m pip install --force-reinstall panther-gen",
        where=str(_PLACES[0]),
    )


def blueprint_in(directory: Path) -> Blueprint:
    """Return the blueprint in a directory of the person's own; its name is the blueprint's id.

    Raises:
        UsageError: there is none.
    """
    if not (directory / _QUESTIONS_FILE).is_file():
        raise UsageError(
            f"{shown(directory)} holds no {_QUESTIONS_FILE}", cure="give the directory of a blueprint"
        )
    return Blueprint(directory.resolve().name, directory.resolve())


def known_blueprints(own: Path | None) -> dict[str, Blueprint]:
    """Return the blueprints by id; one in a directory of the person's own takes the place of its namesake.

    Raises:
        UsageError: the directory holds none.
    """
    found = {blueprint.id: blueprint for blueprint in find_blueprints()}
    if own is not None:
        blueprint = blueprint_in(own)
        found[blueprint.id] = blueprint
    return found

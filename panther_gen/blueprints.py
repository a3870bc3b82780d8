"""The blueprints that come with panther-gen: where they are, and what each one asks.

In a wheel they lie inside the package. An editable installation puts nothing there, so the
checkout's own ``blueprints/`` is looked at next.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from panther_gen.errors import BlueprintError, shown

__all__ = ["Blueprint", "find_blueprint", "find_blueprints"]

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "_blueprints", _PACKAGE.parent / "blueprints")
_QUESTIONS_FILE = "copier.yml"


@dataclass(frozen=True)
class Blueprint:
    """A copier template that plugins are generated from."""

    id: str
    """What it is called: its directory's name."""

    directory: Path
    """The directory that holds its ``copier.yml``; ``copier copy`` takes it as it is."""

    @property
    def questions_file(self) -> Path:
        """The file that declares its questions."""
        return self.directory / _QUESTIONS_FILE


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

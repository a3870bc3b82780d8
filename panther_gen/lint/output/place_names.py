"""Where a second place is that is no file of the tree: the linter knows the runtime without having it."""

from __future__ import annotations

from pathlib import Path

from panther_gen.lint.model import Place

__all__ = ["RUNTIME", "named_place", "package_of"]

#: The distribution that the shipped base classes are of.
RUNTIME = "panther-gen-runtime"


def package_of(place: Place) -> str:
    """Return the distribution whose file a place is in; empty if it is a file that is there."""
    is_shipped = place.path.startswith("panther/") and not Path(place.path).exists()
    return RUNTIME if is_shipped else ""


def named_place(place: Place) -> str:
    """Return a place's file and line, and the distribution that the file is in if it is not there."""
    package = package_of(place)
    return f"{place.path}:{place.line}" + (f" in {package}" if package else "")

"""The files of a package whose contract is to be written, and the dotted name of each.

Nothing is imported, and no link is followed out of the package.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from panther_gen.errors import UsageError, shown
from panther_gen.plugin.tree import is_skipped

__all__ = ["Package", "PackageFile", "find_package"]

_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
_INIT = "__init__.py"
_CURE = "name a package's directory, or a module's file"


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A module's file.

    Attributes:
        path: where it is.
        dotted: the name that it is imported under.
        shown: its path relative to the directory that holds the package, with slashes.
    """

    path: Path
    dotted: str
    shown: str

    @property
    def is_package(self) -> bool:
        """Tell whether it is an ``__init__.py``."""
        return self.path.name == _INIT


@dataclass(slots=True)
class Package:
    """A package, or a single module.

    Attributes:
        name: its dotted name.
        files: its modules, in the order of their dotted names.
        left_out: the links that lead out of it.
    """

    name: str
    files: list[PackageFile] = field(default_factory=list)
    left_out: list[Path] = field(default_factory=list)


def find_package(path: Path, name: str = "") -> Package:
    """Return the package in a directory, or the module in a file.

    Args:
        path: the directory of a regular package or a namespace package, or a Python file.
        name: the dotted name that it is imported under; empty: worked out from where it stands.

    Raises:
        UsageError: there is no such place, it is no package, or the name is none.
    """
    if not os.path.lexists(path):
        raise UsageError(f"{shown(path)} does not exist", cure=_CURE)
    place = Path(os.path.realpath(path))
    if place.name == _INIT:  # it stands for its directory
        path, place = path.parent, place.parent
    name = _checked(name) if name else _name_of(path, place)
    package = Package(name)
    if place.is_dir():
        package.files = list(_modules(place, package))
    else:
        package.files = [PackageFile(place, name, f"{name.replace('.', '/')}.py")]
    if not package.files:
        cure = "name the directory that holds its modules"
        raise UsageError(f"no module of '{name}' is found in {shown(path)}", cure=cure)
    return package


def _checked(name: str) -> str:
    if not all(part.isidentifier() for part in name.split(".")):
        cure = "write it as in an import: acme.base"
        raise UsageError(f"--name {shown(name)} is no dotted name", cure=cure)
    return name


def _name_of(path: Path, place: Path) -> str:
    """Return the dotted name of a place: below the nearest directory that is no regular package."""
    if place.is_dir():
        if not (place / _INIT).is_file():
            _refuse_project(path, place)
        parts = [place.name]
    elif place.suffix == ".py":
        parts = [place.stem]
    else:
        raise UsageError(f"{shown(path)} is neither a directory nor a Python file", cure=_CURE)
    above = place.parent
    while (above / _INIT).is_file() and above != above.parent:
        parts.insert(0, above.name)
        above = above.parent
    if not all(part.isidentifier() for part in parts):
        raise UsageError(
            f"{shown(path)} would be imported as '{'.'.join(parts)}', which is no dotted name",
            cure="say what it is imported as: --name acme.base",
        )
    return ".".join(parts)


def _refuse_project(path: Path, place: Path) -> None:
    """Refuse a directory that holds a project, or nothing that can be imported from it."""
    candidates = [one for root in (place, place / "src") for one in _packages_in(root)]
    is_project = any((place / name).is_file() for name in _PROJECT_FILES) or (place / "src").is_dir()
    if is_project and candidates:
        names = ", ".join(shown(path / one.relative_to(place)) for one in candidates[:6])
        raise UsageError(f"{shown(path)} is a project, not a package", cure=f"name its package: {names}")
    if not candidates and not any(place.glob("*.py")):
        cure = "name the directory of a package; of a package without __init__.py, with --name"
        raise UsageError(f"{shown(path)} holds neither modules nor packages", cure=cure)


def _packages_in(root: Path) -> list[Path]:
    return sorted(one.parent for one in root.glob(f"*/{_INIT}")) if root.is_dir() else []


def _modules(place: Path, package: Package) -> Iterator[PackageFile]:
    found: list[PackageFile] = []
    for directory, names, files in os.walk(place):
        here = Path(directory)
        kept = sorted(one for one in names if one.isidentifier() and not is_skipped(here / one))
        package.left_out += [here / one for one in kept if _leads_out(here / one, place)]
        names[:] = [one for one in kept if not (here / one).is_symlink()]
        parts = [*package.name.split("."), *here.relative_to(place).parts]
        for file in sorted(files):
            stem = file.removesuffix(".py")
            if stem == file or not stem.isidentifier():
                continue
            if _leads_out(here / file, place):
                package.left_out.append(here / file)
                continue
            dotted = ".".join(parts if file == _INIT else [*parts, stem])
            found.append(PackageFile(here / file, dotted, "/".join([*parts, file])))
    package.left_out.sort()
    # A package goes before a module of the same name, as it does when it is imported.
    by_name: dict[str, PackageFile] = {}
    for one in sorted(found, key=lambda one: (one.dotted, not one.is_package)):
        by_name.setdefault(one.dotted, one)
    yield from by_name.values()


def _leads_out(path: Path, place: Path) -> bool:
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(place)

"""Modules on disk: which dotted name a file has, and which file a dotted name means.

Nothing is imported. A module is read when something first asks for it, so that files which were not
given cost nothing unless a base class of a given file stands in them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from panther_gen.lint.reading import summarise
from panther_gen.lint.source import Lines, Source, UnreadableError, decode, read_source
from panther_gen.lint.summary import ImportTarget, ModuleSummary
from panther_gen.plugin.tree import PluginDirectory, directory_of

__all__ = ["Module", "Modules", "Namespace", "is_standard_library", "shown"]

_PLUGIN_DEPTH = len(("panther", "plugins", "services", "kind", "protocol", "name"))


@dataclass(eq=False, slots=True)
class Module:
    """A module that has been read.

    Attributes:
        path: its file; for a shipped base class, where it stands in the runtime's distribution.
        dotted: its dotted name.
        is_package: it is an ``__init__.py``.
        roots: the directories in which its absolute imports are looked up, in order.
        summary: what is in it.
        source: its lines; of a shipped module, those that a finding shows.
        shown: its path as it is printed.
        is_shipped: it is known from the snapshot of the runtime, not from the tree.
    """

    path: Path
    dotted: str
    is_package: bool
    roots: tuple[Path, ...]
    summary: ModuleSummary
    source: Lines
    shown: str
    is_shipped: bool = False

    @property
    def plugin_directory(self) -> PluginDirectory | None:
        """The plugin that the module belongs to; None if it belongs to none."""
        return None if self.is_shipped else directory_of(self.path)


@dataclass(frozen=True, slots=True)
class Namespace:
    """A package without an ``__init__.py``, as seen from a module that imports it."""

    dotted: str


class Modules:
    """Finds and reads modules.

    Args:
        shipped: the modules of the runtime, by dotted name; used where the tree has no such file.
        contents: of files, in place of what is saved.
    """

    def __init__(self, shipped: Mapping[str, Module], contents: Mapping[Path, bytes] | None = None) -> None:
        self._shipped = shipped
        self._contents = {os.path.realpath(path): content for path, content in (contents or {}).items()}
        self._shipped_packages = {prefix for dotted in shipped for prefix in _prefixes(dotted)}
        self._read: dict[str, Module | None] = {}
        self._located: dict[tuple[Path, str], Path | Namespace | None] = {}
        self._broken: set[str] = set()

    def source(self, path: Path) -> Source:
        """Return the text of a file.

        Raises:
            UnreadableError: it cannot be opened or decoded.
        """
        content = self._contents.get(os.path.realpath(path)) if self._contents else None
        return read_source(path) if content is None else Source(decode(content))

    def load(self, path: Path) -> Module | None:
        """Return the module in ``path``; None if it cannot be read or parsed."""
        key = os.path.realpath(path)
        if key not in self._read:
            try:
                source = self.source(path)
                self.add(path, source, summarise(source.text))
            except UnreadableError:
                self._read[key] = None
        return self._read[key]

    def add(self, path: Path, source: Source, summary: ModuleSummary) -> Module:
        """Enter a module that has been read already, and return it."""
        dotted, roots = _identify(path)
        module = Module(path, dotted, path.name == "__init__.py", roots, summary, source, shown(path))
        self._read[os.path.realpath(path)] = module
        return module

    def find(self, dotted: str, importer: Module) -> Module | Namespace | None:
        """Return what ``import dotted`` means in ``importer``; None if the tree has no such module."""
        if is_standard_library(dotted):
            return None
        namespace: Namespace | None = None
        for root in importer.roots:
            found = self._locate(root, dotted)
            if isinstance(found, Path):
                module = self.load(found)
                if module is None:
                    self._broken.add(dotted)
                return module
            namespace = namespace or found
        if dotted in self._shipped:
            return self._shipped[dotted]
        return Namespace(dotted) if dotted in self._shipped_packages else namespace

    def why_missing(self, dotted: str) -> str:
        """Say why ``find`` found nothing."""
        if dotted in self._broken:
            return f"the module '{dotted}' cannot be parsed"
        return f"the module '{dotted}' is not in the tree"

    def absolute(self, target: ImportTarget, importer: Module) -> str:
        """Return the absolute dotted name of an import's module; empty if it lies above the top."""
        if not target.level:
            return target.module
        package = importer.dotted.split(".") if importer.dotted else []
        above = target.level - importer.is_package
        if above > len(package):
            return ""
        return ".".join([*package[: len(package) - above], *filter(None, [target.module])])

    def _locate(self, root: Path, dotted: str) -> Path | Namespace | None:
        key = (root, dotted)
        if key not in self._located:
            self._located[key] = _look(root, dotted)
        return self._located[key]


def shown(path: Path) -> str:
    """Return a path as it is printed: relative to the working directory where it lies below it."""
    absolute = path.absolute()
    working = Path.cwd()
    return str(absolute.relative_to(working) if absolute.is_relative_to(working) else absolute)


def is_standard_library(dotted: str) -> bool:
    """Tell whether a dotted name lies in Python's standard library."""
    return dotted.partition(".")[0] in sys.stdlib_module_names


def _look(root: Path, dotted: str) -> Path | Namespace | None:
    place = os.path.join(root, *dotted.split("."))  # noqa: PTH118 — asked for thousands of names
    for candidate in (os.path.join(place, "__init__.py"), f"{place}.py"):  # noqa: PTH118
        if os.path.isfile(candidate):  # noqa: PTH113
            return Path(candidate)
    return Namespace(dotted) if os.path.isdir(place) else None  # noqa: PTH112


def _prefixes(dotted: str) -> list[str]:
    parts = dotted.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def _identify(path: Path) -> tuple[str, tuple[Path, ...]]:
    """Return a file's dotted name and the directories in which its imports are looked up."""
    absolute = path.absolute()
    root = _root_of(absolute)
    parts = list(absolute.relative_to(root).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    here = absolute.parent
    working = Path.cwd()
    roots = [root, root / "src", working, working / "src", *_plugin_directory(absolute, root), here]
    return ".".join(parts), tuple(dict.fromkeys(roots))


def _root_of(path: Path) -> Path:
    """Return the directory that a file's dotted name starts below.

    That is the one that holds ``panther/plugins``; elsewhere the nearest that is no regular package.
    """
    for directory in path.parents:
        if directory.name == "panther" and (directory / "plugins").is_dir():
            return directory.parent
    root = path.parent
    while (root / "__init__.py").is_file() and root != root.parent:
        root = root.parent
    return root


def _plugin_directory(path: Path, root: Path) -> list[Path]:
    """Return the plugin's own directory: its tests import its modules under their bare names."""
    parts = path.relative_to(root).parts
    if parts[:3] != ("panther", "plugins", "services") or len(parts) <= _PLUGIN_DEPTH:
        return []
    return [root.joinpath(*parts[:_PLUGIN_DEPTH])]

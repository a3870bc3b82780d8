"""Modules on disk: which dotted name a file has, and which file a dotted name means.

Nothing is imported. A module is read when something first asks for it, so that files which were not
given cost nothing unless a base class of a given file stands in them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from panther_gen.lint.disk.evidence import DIRECTORY, FILE, Evidence, content_key, kind_key
from panther_gen.lint.reading.reader import summarise
from panther_gen.lint.reading.source import Lines, Source, UnreadableError, decode
from panther_gen.lint.reading.summary import ImportTarget, ModuleSummary
from panther_gen.plugin.tree import PluginDirectory, directory_of

if TYPE_CHECKING:
    from panther_gen.lint.disk.summaries import Summaries

__all__ = ["Module", "Modules", "Namespace", "is_outside", "is_standard_library", "shown"]

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
        asked: the dotted names that were looked up on its behalf, each with the module that it means.
        refused: the line that the running interpreter refuses, and why; only if a rule wanted to look.
    """

    path: Path
    dotted: str
    is_package: bool
    roots: tuple[Path, ...]
    summary: ModuleSummary
    source: Lines
    shown: str
    is_shipped: bool = False
    asked: dict[str, Module | None] = field(default_factory=dict)
    refused: tuple[int, str] | None = None

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
        summaries: of earlier runs; of saved files alone.
    """

    def __init__(
        self,
        shipped: Mapping[str, Module],
        contents: Mapping[Path, bytes] | None = None,
        summaries: Summaries | None = None,
    ) -> None:
        self.evidence = Evidence()
        self._shipped = shipped
        self._contents = {os.path.realpath(path): content for path, content in (contents or {}).items()}
        self._shipped_packages = {prefix for dotted in shipped for prefix in _prefixes(dotted)}
        self._read: dict[str, Module | None] = {}
        self._located: dict[tuple[str, str], _Located] = {}
        self._places: dict[str, _Place] = {}
        self._broken: set[str] = set()
        self._summaries = None if contents else summaries
        self._to_keep: dict[str, Module] = {}

    def source(self, path: Path) -> Source:
        """Return the text of a file.

        Raises:
            UnreadableError: it cannot be opened or decoded.
        """
        content = self._contents.get(os.path.realpath(path)) if self._contents else None
        if content is None:
            try:
                content = self.evidence.read(path)
            except OSError as error:
                raise UnreadableError(f"the file cannot be read: {error.strerror or error}") from None
            except ValueError as error:
                raise UnreadableError(str(error)) from None
        return Source(decode(content))

    def load(self, path: Path) -> Module | None:
        """Return the module in ``path``; None if it cannot be read or parsed."""
        key = self._key(path)
        if key not in self._read:
            try:
                self.read(path, self.source(path))
            except UnreadableError:
                self._read[key] = None
        self._read[key] = module = self._read.pop(key)  # it is the latest now
        return module

    def read(self, path: Path, source: Source) -> Module:
        """Return the module whose source has been read already.

        Raises:
            UnreadableError: it cannot be parsed.
        """
        digest = self.evidence.digest(path) if self._summaries is not None else ""
        known = self._summaries.get(digest) if self._summaries is not None and digest else None
        module = self._add(path, source, summarise(source.text) if known is None else known)
        if digest and known is None:
            self._to_keep[digest] = module
        return module

    def changed(self, module: Module) -> None:
        """Note that a module has another summary now: one whose places are exact."""
        if self._summaries is not None and (digest := self.evidence.digest(module.path)):
            self._to_keep[digest] = module

    def keep_summaries(self) -> None:
        """Hand on what later runs need not parse again."""
        if self._summaries is not None:
            for digest, module in self._to_keep.items():
                self._summaries.note(digest, module.summary)
        self._to_keep = {}

    def _add(self, path: Path, source: Source, summary: ModuleSummary) -> Module:
        place, name = self._place(path), path.name
        dotted = place.dotted
        if name != "__init__.py":
            stem = name.rpartition(".")[0] or name
            dotted = f"{dotted}.{stem}" if dotted else stem
        module = Module(
            path, dotted, name == "__init__.py", place.roots, summary, source, f"{place.shown}{name}"
        )
        self._read[self._key(path)] = module
        return module

    def forget(self, most: int) -> None:
        """Keep ``most`` of the modules, those last asked for; others are read again when asked for."""
        for key in list(self._read)[: max(len(self._read) - most, 0)]:
            del self._read[key]

    def known(self) -> Iterator[Module]:
        """Yield the modules of the tree that are kept."""
        yield from (module for module in self._read.values() if module is not None)

    def find(self, dotted: str, importer: Module) -> Module | Namespace | None:
        """Return what ``import dotted`` means in ``importer``; None if the tree has no such module."""
        if is_standard_library(dotted):
            return None
        importer.asked[dotted] = None
        namespace: Namespace | None = None
        for root in importer.roots:
            found = self._locate(root, dotted).found
            if isinstance(found, Path):
                if self._is_hidden(root, dotted):
                    break
                module = importer.asked[dotted] = self.load(found)
                if module is None:
                    self._broken.add(dotted)
                return module
            namespace = namespace or found
        if dotted in self._shipped:
            return self._shipped[dotted]
        return Namespace(dotted) if dotted in self._shipped_packages else namespace

    def _is_hidden(self, root: Path, dotted: str) -> bool:
        """Tell whether a file is hidden by the runtime: a directory is no match for its regular packages."""
        parent = self._shipped.get(dotted.rpartition(".")[0])
        if dotted not in self._shipped or parent is None or not parent.is_package:
            return False
        return self.evidence.kind(str(root.joinpath(*parent.dotted.split("."), "__init__.py"))) != FILE

    def grounds(self, modules: Iterable[Module]) -> set[str]:
        """Return the keys of all evidence that the meaning of some modules rests on."""
        keys: set[str] = set()
        seen = {id(module): module for module in modules}
        stack = list(seen.values())
        while stack:
            module = stack.pop()
            if module.is_shipped:
                continue
            keys.add(content_key(str(module.path)))
            keys.update(self._place(module.path).keys)
            for dotted, found in module.asked.items():
                self._add_grounds_of(dotted, module, keys)
                if found is not None and id(found) not in seen:
                    seen[id(found)] = found
                    stack.append(found)
        return keys

    def _add_grounds_of(self, dotted: str, importer: Module, keys: set[str]) -> None:
        for root in importer.roots:
            located = self._locate(root, dotted)
            keys.update(located.keys)
            if isinstance(located.found, Path):
                keys.add(content_key(str(located.found)))
                return

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

    def _locate(self, root: Path, dotted: str) -> _Located:
        key = (str(root), dotted)
        if key not in self._located:
            self._located[key] = self._look(*key)
        return self._located[key]

    def _look(self, root: str, dotted: str) -> _Located:
        kind = self.evidence.kind
        parts = dotted.split(".")
        top = os.path.join(root, parts[0])
        if len(parts) > 1 and kind(top) != DIRECTORY:
            return _Located(None, (kind_key(top),))
        place = os.path.join(root, *parts)
        keys: list[str] = []
        for candidate in (os.path.join(place, "__init__.py"), f"{place}.py"):
            keys.append(kind_key(candidate))
            if kind(candidate) == FILE or self._is_unsaved(candidate):
                return _Located(Path(candidate), tuple(keys))
        found = Namespace(dotted) if kind(place) == DIRECTORY else None
        return _Located(found, (*keys, kind_key(place)))

    def _is_unsaved(self, path: str) -> bool:
        """Tell whether a file is new in an editor, and not on disk yet."""
        return bool(self._contents) and os.path.realpath(path) in self._contents

    def _key(self, path: Path) -> str:
        """Return what tells a file from others, whatever links lead to it."""
        real = f"{self._place(path).real}/{path.name}"
        return os.path.realpath(real) if os.path.islink(real) else real

    def _place(self, path: Path) -> _Place:
        """Return what a file has in common with others of its directory."""
        directory = os.path.dirname(path)
        if directory not in self._places:
            self._places[directory] = _place_of(Path(directory), self.evidence)
        return self._places[directory]


@dataclass(frozen=True, slots=True)
class _Located:
    """What a dotted name means below a root, and the keys of the evidence for that."""

    found: Path | Namespace | None
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """What the modules of one directory have in common.

    Attributes:
        dotted: the dotted name of the directory; empty at the root.
        roots: the directories in which absolute imports are looked up, in order.
        shown: what is printed in front of a file's name.
        real: the directory without links.
        keys: of the evidence for that.
    """

    dotted: str
    roots: tuple[Path, ...]
    shown: str
    real: str
    keys: tuple[str, ...]


def shown(path: Path) -> str:
    """Return a path as it is printed: relative to the working directory where it lies below it."""
    absolute = path.absolute()
    working = Path.cwd()
    return str(absolute.relative_to(working) if absolute.is_relative_to(working) else absolute)


def is_standard_library(dotted: str) -> bool:
    """Tell whether a dotted name lies in Python's standard library."""
    return dotted.partition(".")[0] in sys.stdlib_module_names


def is_outside(target: ImportTarget) -> bool:
    """Tell whether an import is of the standard library, or of no module at all."""
    return not target.level and is_standard_library(target.module)


def _prefixes(dotted: str) -> list[str]:
    parts = dotted.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def _place_of(directory: Path, evidence: Evidence) -> _Place:
    absolute = Path(os.path.abspath(directory))  # ".." must go, links stay
    root, keys = _root_of(absolute, evidence)
    working = Path.cwd()
    roots = [root, root / "src", working, working / "src", *_plugin_directory(absolute, root), absolute]
    where = str(shown(directory))
    return _Place(
        dotted=".".join(absolute.relative_to(root).parts),
        roots=tuple(dict.fromkeys(roots)),
        shown="" if where == "." else f"{where.rstrip('/')}/",
        real=os.path.realpath(directory).rstrip("/"),
        keys=tuple(keys),
    )


def _root_of(directory: Path, evidence: Evidence) -> tuple[Path, list[str]]:
    """Return the directory that the dotted names of files start below, and the keys of the evidence.

    That is the one that holds ``panther/plugins``; elsewhere the nearest that is no regular package.
    """
    keys: list[str] = []

    def is_kind(kind: int, place: Path) -> bool:
        keys.append(kind_key(str(place)))
        return evidence.kind(str(place)) == kind

    for place in (directory, *directory.parents):
        if place.name == "panther" and is_kind(DIRECTORY, place / "plugins"):
            return place.parent, keys
    root = directory
    while is_kind(FILE, root / "__init__.py") and root != root.parent:
        root = root.parent
    return root, keys


def _plugin_directory(directory: Path, root: Path) -> list[Path]:
    """Return the plugin's own directory: its tests import its modules under their bare names."""
    parts = directory.relative_to(root).parts
    if parts[:3] != ("panther", "plugins", "services") or len(parts) < _PLUGIN_DEPTH:
        return []
    return [root.joinpath(*parts[:_PLUGIN_DEPTH])]

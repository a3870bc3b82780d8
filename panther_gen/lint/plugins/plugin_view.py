"""A plugin directory as the rules see it: its classes, and on demand its other files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from panther_gen.lint.classes.contract import inherited_contract
from panther_gen.lint.classes.hierarchy import ClassView, Hierarchy
from panther_gen.lint.disk.evidence import DIRECTORY, FILE, NOTHING, content_key, kind_key, names_key
from panther_gen.lint.disk.modules import Module, Modules, shown
from panther_gen.lint.plugins.shipped import is_config
from panther_gen.lint.reading.source import Lines, Source, UnreadableError
from panther_gen.plugin.tree import PluginDirectory, is_skipped_name

__all__ = ["PluginView", "TextFile", "is_text"]


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file of a plugin that is not Python, or whose Python is not looked into."""

    path: Path
    shown: str
    source: Source = field(compare=False)


def is_text(path: Path) -> bool:
    """Tell whether a plugin's file is one that the rules know and that is not Python."""
    is_required = path.suffix == ".txt" and path.parent.name == "endpoint"
    return is_required or path.name in {"Dockerfile", "README.md"} or path.suffix == ".jinja"


class PluginView:
    """A plugin directory. Files are read when a rule first asks for them.

    Args:
        directory: where it is.
        modules: reads its modules; those that were checked already are not read again.
        hierarchy: makes views of its classes.
    """

    def __init__(self, directory: PluginDirectory, modules: Modules, hierarchy: Hierarchy) -> None:
        self.directory = directory
        #: The keys of the evidence that was looked at beside that of the modules.
        self.keys: set[str] = set()
        self._evidence = modules.evidence
        self._load = modules.load
        self._source = modules.source
        self._hierarchy = hierarchy
        #: Why its README, Dockerfile or templates cannot be read, by printed path.
        self.unreadable: dict[str, UnreadableError] = {}
        self._texts: dict[str, TextFile | None] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the files and directories in it, sorted."""
        return self._names(self.directory.path)

    @cached_property
    def _module_files(self) -> tuple[Path, ...]:
        """The files at its top that are named like modules; a directory can have such a name too."""
        places = (self.directory.path / name for name in self.names if name.endswith(".py"))
        return tuple(place for place in places if self._kind(place) != DIRECTORY)

    @property
    def is_complete(self) -> bool:
        """Tell whether each of the modules at its top can be read and parsed."""
        return len(self.modules) == len(self._module_files)

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """The modules at its top that can be read and parsed."""
        loaded = (self._load(path) for path in self._module_files)
        return tuple(module for module in loaded if module is not None)

    @cached_property
    def classes(self) -> tuple[ClassView, ...]:
        """The classes of its modules, tests left out."""
        return tuple(
            self._hierarchy.view(module, summary)
            for module in self.modules
            if not module.path.name.startswith("test_")
            for summary in module.summary.classes
        )

    @cached_property
    def managers(self) -> tuple[ClassView, ...]:
        """Its registered service managers."""
        return tuple(view for view in self.classes if view.is_registered)

    @cached_property
    def configs(self) -> tuple[ClassView, ...]:
        """Its configurations."""
        return tuple(view for view in self.classes if is_config(view))

    def module(self, name: str) -> Module | None:
        """Return one of its modules by the name of its file; None if it cannot be read."""
        return next((module for module in self.modules if module.path.name == name), None)

    def overridden(self, manager: ClassView) -> list[str]:
        """Return the optional template methods that a manager fills in, in the order of its source."""
        contract = inherited_contract(manager)
        return [
            name
            for name in manager.own
            if name in contract and contract[name].kind == "template" and not contract[name].abstract
        ]

    def text(self, name: str) -> TextFile | None:
        """Return a file by its path relative to the directory; None if it cannot be read."""
        if name not in self._texts:
            path = self.directory.path / name
            present = name.partition("/")[0] in self.names
            self._texts[name] = self._read(path) if present else None
        return self._texts[name]

    @property
    def texts(self) -> list[TextFile]:
        """Its README, its Dockerfile and its templates, as far as they can be read."""
        top = [self.text(name) for name in self.names if is_text(self.directory.path / name)]
        return [text for text in top if text is not None] + self.below("templates", ".jinja")

    def _names(self, directory: Path) -> tuple[str, ...]:
        self.keys.add(names_key(str(directory)))
        return self._evidence.names(directory)

    def _read(self, path: Path) -> TextFile | None:
        self.keys.add(content_key(str(path)))
        try:
            return TextFile(path, shown(path), self._source(path))
        except UnreadableError as error:
            if is_text(path) and self._kind(path) != NOTHING:
                self.unreadable[shown(path)] = error
            return None

    def below(self, name: str, suffix: str) -> list[TextFile]:
        """Return the files below one of its directories whose names end in ``suffix``, sorted."""
        if name not in self.names:
            return []
        found = sorted(self._below(self.directory.path / name, suffix))
        relative = [path.relative_to(self.directory.path).as_posix() for path in found]
        return [text for one in relative if (text := self.text(one)) is not None]

    def _below(self, directory: Path, suffix: str) -> Iterator[Path]:
        for name in self._names(directory):
            path = directory / name
            kind = self._kind(path)
            if kind == DIRECTORY and not path.is_symlink() and not self._is_skipped(path):
                yield from self._below(path, suffix)
            elif kind != DIRECTORY and name.endswith(suffix):
                yield path

    def _is_skipped(self, directory: Path) -> bool:
        return is_skipped_name(directory.name) or self._kind(directory / "pyvenv.cfg") == FILE

    def _kind(self, path: Path) -> int:
        self.keys.add(kind_key(str(path)))
        return self._evidence.kind(str(path))

    def sources(self) -> dict[str, Lines]:
        """Return the lines of what was read, by printed path."""
        texts = {text.shown: text.source for text in self._texts.values() if text is not None}
        return {module.shown: module.source for module in self.code()} | texts

    def code(self) -> Iterable[Module]:
        """Return its modules, and the others of the tree that its managers inherit from."""
        inherited = (base.module for view in self.managers for base in view.mro if not base.module.is_shipped)
        return dict.fromkeys([*self.modules, *inherited])

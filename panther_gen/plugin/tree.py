"""Plugin trees (``panther/plugins/…``) and the plugin directories in them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from panther_gen.errors import UsageError
from panther_gen.layout import PROTOCOLS, SERVICES, enclosing_root, hiding_files

__all__ = [
    "PluginDirectory",
    "directory_of",
    "find_plugins",
    "is_skipped",
    "is_skipped_name",
    "plugin_trees",
    "refuse_hidden_runtime",
    "root_of",
]

_KINDS = ("iut", "testers")
_DEPTH = len(SERVICES.parts)
_SKIPPED = {"__pycache__", "node_modules", "site-packages", "venv"}


class PluginDirectory(NamedTuple):
    """Where a plugin is, ``<root>/panther/plugins/services/<kind>/<protocol>/<name>``.

    Attributes:
        root: the directory that holds ``panther/plugins``.
        kind: ``iut`` or ``testers``; or ``protocols``: a protocol of one's own, which lies elsewhere below
            the root, and is updated like a plugin.
        protocol: the name of the directory above the plugin's.
        name: the directory's own name.
    """

    root: Path
    kind: str
    protocol: str
    name: str

    @property
    def path(self) -> Path:
        """The directory itself."""
        if self.kind == PROTOCOLS.name:
            return self.root.joinpath(PROTOCOLS, self.name)
        return self.root.joinpath(SERVICES, self.kind, self.protocol, self.name)

    @property
    def words(self) -> str:
        """What a person calls it: protocol and name."""
        return f"{self.protocol}/{self.name}"

    @property
    def module(self) -> str:
        """The dotted name that it is imported under."""
        return ".".join([*SERVICES.parts, self.kind, self.protocol, self.name])


def directory_of(path: Path) -> PluginDirectory | None:
    """Return the plugin that a file belongs to; None if it belongs to none."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 — ".." must go, links stay
    parts = absolute.parts
    for start in range(len(parts) - _DEPTH - 3):
        if parts[start : start + _DEPTH] == SERVICES.parts and parts[start + _DEPTH] in _KINDS:
            kind, protocol, name = parts[start + _DEPTH : start + _DEPTH + 3]
            return PluginDirectory(Path(*parts[:start]), kind, protocol, name)
    return None


def is_skipped(directory: Path) -> bool:
    """Tell whether a search leaves a directory out: hidden, installed packages, virtual environments."""
    return is_skipped_name(directory.name) or os.path.isfile(directory / "pyvenv.cfg")  # noqa: PTH113 - raises for none


def is_skipped_name(name: str) -> bool:
    """Tell whether a search leaves a directory out because of its name alone."""
    return name.startswith(".") or name in _SKIPPED


def plugin_trees(start: Path) -> list[Path]:
    """Return every ``panther/plugins`` directory below ``start``, or the one that it lies in.

    The one that it lies in is narrowed to ``start`` itself, so that a plugin's author checks the plugin.
    Where there is none below, it is that of the root which ``start`` lies in.
    """
    absolute = start.absolute()
    if any(
        place.name == "plugins" and place.parent.name == "panther" for place in (absolute, *absolute.parents)
    ):
        return [start]
    below = sorted(
        Path(directory, "plugins")
        for directory in _directories(start)
        if _is_tree(Path(directory).absolute())
    )
    root = None if below else enclosing_root(start)
    return below if root is None else [Path(os.path.relpath(root), "panther", "plugins")]


def find_plugins(start: Path) -> list[PluginDirectory]:
    """Return every plugin directory below ``start``, sorted.

    Raises:
        UsageError: a file beside the plugins hides the installed runtime.
    """
    found: list[PluginDirectory] = []
    for tree in plugin_trees(start):
        root = root_of(tree)
        refuse_hidden_runtime(root)
        found += [PluginDirectory(root, *path.parts[-3:]) for path in _plugin_paths(root)]
    return sorted(found)


def refuse_hidden_runtime(root: Path) -> None:
    """Refuse a root in which a file makes ``panther`` a regular package.

    Python would then look for all of ``panther`` there, and never find the runtime.

    Raises:
        UsageError: there is such a file.
    """
    for file in hiding_files(root):
        raise UsageError(
            f"'{file}' hides the installed runtime: Python then looks for all of `panther` beside it",
            cure="delete it; panther, panther.plugins and panther.plugins.services need no __init__.py",
        )


def _directories(start: Path) -> list[str]:
    found = []
    for directory, names, _ in os.walk(start):
        names[:] = sorted(name for name in names if not is_skipped(Path(directory, name)))
        found.append(directory)
    return found


def _is_tree(directory: Path) -> bool:
    return directory.name == "panther" and (directory / "plugins").is_dir()


def root_of(tree: Path) -> Path:
    """Return the directory that holds the ``panther/plugins`` that ``tree`` is or lies in."""
    absolute = tree.absolute()
    plugins = next(
        place
        for place in (absolute, *absolute.parents)
        if place.name == "plugins" and place.parent.name == "panther"
    )
    return plugins.parent.parent


def _plugin_paths(root: Path) -> list[Path]:
    below = root.joinpath(SERVICES)
    candidates = (path for kind in _KINDS for path in (below / kind).glob("*/*"))
    return [path for path in candidates if path.is_dir() and not is_skipped(path) and any(path.glob("*.py"))]

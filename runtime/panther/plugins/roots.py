"""Plugin roots: the directories whose ``panther/plugins/…`` is importable beside the runtime.

``panther``, ``panther.plugins`` and ``panther.plugins.services`` are namespace packages (PEP 420):
Python itself merges the portions that it finds on ``sys.path``, and so do mypy and pyright, which
would not follow a ``__path__`` that is extended at run time. A plugin root is therefore nothing
but an entry of ``sys.path`` that holds ``panther/plugins/``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from panther.errors import InputError

__all__ = [
    "PLUGIN_KINDS",
    "PLUGIN_PATH_VARIABLE",
    "add_plugin_root",
    "enclosing_root",
    "plugin_directory_of",
    "plugin_root_of",
    "plugin_roots",
    "protocol_directory_of",
    "roots_with",
]

#: Environment variable that names further plugin roots, separated by ``os.pathsep``.
PLUGIN_PATH_VARIABLE = "PANTHER_PLUGIN_PATH"

#: The directories below ``panther/plugins/services`` that hold plugins.
PLUGIN_KINDS = ("iut", "testers")

_SHARED = ("panther", "panther/plugins", "panther/plugins/services")
_PROTOCOL_DEPTH = len(("panther", "plugins", "protocols", "name"))
_PLUGIN_DEPTH = len(("panther", "plugins", "services", "kind", "protocol", "name"))


def plugin_roots() -> list[Path]:
    """Return every directory on the plugin path that holds plugins of services, in the order of the path."""
    # The runtime's own directory counts only where an installed package has put a plugin beside it.
    return roots_with(*(f"panther/plugins/services/{kind}" for kind in PLUGIN_KINDS))


def roots_with(*directories: str) -> list[Path]:
    """Return every directory on the plugin path that holds one of these, each once.

    First those on ``sys.path`` (the working directory among them, under ``python -m panther``), in its
    order, then the directories that ``PANTHER_PLUGIN_PATH`` names.

    Args:
        directories: paths below a root.
    """
    named = [entry for entry in os.environ.get(PLUGIN_PATH_VARIABLE, "").split(os.pathsep) if entry]
    # Looked at first and resolved then: few entries hold plugins, and each service of a run asks.
    entries = (entry or os.curdir for entry in (*sys.path, *named))
    holding = (entry for entry in entries if _holds(entry, directories))
    return list(dict.fromkeys(Path(entry).resolve() for entry in holding))


def _holds(root: str, directories: Iterable[str]) -> bool:
    return any(os.path.isdir(f"{root}/{directory}") for directory in directories)  # noqa: PTH112


def add_plugin_root(root: Path, *, before_installed: bool = False) -> None:
    """Make the plugins below ``root`` importable from now on.

    Args:
        root: a directory that holds ``panther/plugins/``; adding it twice changes nothing.
        before_installed: let its plugins go before those that are installed packages; never before
            Python's own modules.

    Raises:
        InputError: a file in it makes a regular package of a namespace that its plugins share with the
            runtime, so that Python would find only one of the two.
    """
    resolved = root.resolve()
    for package in _SHARED:
        if (init := resolved / package / "__init__.py").is_file():
            raise InputError(
                f"{init} hides the runtime from the plugins below it",
                cure="delete that file: no directory above a plugin needs an __init__.py",
            )
    if resolved not in (Path(entry or ".").resolve() for entry in sys.path):
        sys.path.insert(_first_installed() if before_installed else len(sys.path), str(resolved))


def _first_installed() -> int:
    """Return the place of installed packages on ``sys.path``."""
    installed = (place for place, entry in enumerate(sys.path) if entry.endswith("-packages"))
    return next(installed, len(sys.path))


def enclosing_root(directory: Path) -> Path | None:
    """Return the nearest of ``directory`` and those above it that holds plugins, or None.

    The directory of the runtime itself is none, although it holds ``panther/plugins/``.
    """
    absolute = directory.resolve()
    for place in (absolute, *absolute.parents):
        # Not Path.is_dir: it raises where a directory above may not be searched.
        plugins, runtime = place / "panther" / "plugins", place / "panther" / "__main__.py"
        if os.path.isdir(plugins) and not os.path.isfile(runtime):  # noqa: PTH112, PTH113
            return place
    return None


def plugin_root_of(path: Path) -> Path | None:
    """Return the root that ``path`` lies below (``<root>/panther/plugins/…``), or None."""
    resolved = path.resolve()
    for directory in (resolved, *resolved.parents):
        if directory.name == "plugins" and directory.parent.name == "panther":
            return directory.parent.parent
    return None


def plugin_directory_of(path: Path) -> Path | None:
    """Return the plugin directory that ``path`` is or lies in, or None.

    That is ``<root>/panther/plugins/services/<kind>/<protocol>/<name>``.
    """
    root = plugin_root_of(path)
    if root is None:
        return None
    parts = path.resolve().relative_to(root).parts
    if len(parts) < _PLUGIN_DEPTH or parts[2] != "services" or parts[3] not in PLUGIN_KINDS:
        return None
    directory = root.joinpath(*parts[:_PLUGIN_DEPTH])
    return directory if directory.is_dir() else None


def protocol_directory_of(path: Path) -> Path | None:
    """Return the directory of a protocol of one's own that ``path`` is or lies in, or None.

    That is ``<root>/panther/plugins/protocols/<name>``, a package with a base class for plugins.
    """
    root = plugin_root_of(path)
    if root is None:
        return None
    parts = path.resolve().relative_to(root).parts
    if len(parts) < _PROTOCOL_DEPTH or parts[2] != "protocols":
        return None
    directory = root.joinpath(*parts[:_PROTOCOL_DEPTH])
    return directory if directory.is_dir() else None

"""Where plugins lie below a root directory, and what would hide the runtime there.

``<root>/panther/plugins/services/<kind>/<protocol>/<name>/`` is a plugin. ``panther``,
``panther.plugins`` and ``panther.plugins.services`` are namespace packages (PEP 420): Python merges
the root's portion with the installed runtime's, as long as no ``__init__.py`` makes one of them a
regular package, which hides every other portion.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

__all__ = [
    "PROTOCOLS",
    "SERVICES",
    "default_root",
    "enclosing_root",
    "hiding_files",
    "plugin_path",
    "plugins_below",
    "protocol_path",
    "protocols_below",
]

#: The directory of the protocols of one's own, below a root; each is a package with a base class.
PROTOCOLS = PurePosixPath("panther/plugins/protocols")

#: The directory of every kind of plugin, below a root.
SERVICES = PurePosixPath("panther/plugins/services")

_HIDING_FILES = (
    "panther.py",
    "panther/__init__.py",
    "panther/plugins/__init__.py",
    "panther/plugins/services/__init__.py",
)


def plugin_path(kind: str, protocol: str, name: str) -> PurePosixPath:
    """Return a plugin's directory, relative to its root."""
    return SERVICES / kind / protocol / name


def protocol_path(name: str) -> PurePosixPath:
    """Return the directory of a protocol of one's own, relative to its root."""
    return PROTOCOLS / name


def default_root() -> Path:
    """Return where plugins go if nobody says where: to those that the working directory lies among."""
    root = enclosing_root(Path())
    return Path() if root is None or root == Path.cwd() else root


def enclosing_root(directory: Path) -> Path | None:
    """Return the nearest of ``directory`` and those above it that holds plugins, or None.

    The directory of the runtime itself is none: there ``panther/plugins/`` holds its own modules.
    """
    absolute = directory.resolve()
    for place in (absolute, *absolute.parents):
        # Not Path.is_dir: it raises where a directory above may not be searched.
        plugins, runtime = place / "panther" / "plugins", place / "panther" / "__main__.py"
        if os.path.isdir(plugins) and not os.path.isfile(runtime):  # noqa: PTH112, PTH113
            return place
    return None


def hiding_files(root: Path) -> list[Path]:
    """Return the files below ``root`` that hide the runtime from a Python that looks there."""
    return [root / name for name in _HIDING_FILES if (root / name).is_file()]


def plugins_below(root: Path) -> list[Path]:
    """Return the plugin directories below ``root``, of every kind, sorted."""
    return sorted(init.parent for init in root.joinpath(SERVICES).glob("*/*/*/__init__.py"))


def protocols_below(root: Path) -> list[Path]:
    """Return the directories of the protocols of one's own below ``root``, sorted."""
    return sorted(init.parent for init in root.joinpath(PROTOCOLS).glob("*/__init__.py"))

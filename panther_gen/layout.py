"""Where plugins lie below a root directory, and what would hide the runtime there.

``<root>/panther/plugins/services/<kind>/<protocol>/<name>/`` is a plugin. ``panther``,
``panther.plugins`` and ``panther.plugins.services`` are namespace packages (PEP 420): Python merges
the root's portion with the installed runtime's, as long as no ``__init__.py`` makes one of them a
regular package, which hides every other portion.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

__all__ = ["SERVICES", "hiding_files", "plugin_path", "plugins_below"]

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


def hiding_files(root: Path) -> list[Path]:
    """Return the files below ``root`` that hide the runtime from a Python that looks there."""
    return [root / name for name in _HIDING_FILES if (root / name).is_file()]


def plugins_below(root: Path) -> list[Path]:
    """Return the plugin directories below ``root``, of every kind, sorted."""
    return sorted(init.parent for init in root.joinpath(SERVICES).glob("*/*/*/__init__.py"))

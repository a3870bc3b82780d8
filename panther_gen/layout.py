"""Where plugins lie below a root directory, and what would hide the runtime there.

``<root>/panther/plugins/services/<kind>/<protocol>/<name>/`` is a plugin. ``panther``,
``panther.plugins`` and ``panther.plugins.services`` are namespace packages (PEP 420): Python merges
the root's portion with the installed runtime's, as long as no ``__init__.py`` makes one of them a
regular package, which hides every other portion.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath

__all__ = [
    "JOURNAL",
    "PROTOCOLS",
    "SERVICES",
    "default_root",
    "enclosing_root",
    "hiding_files",
    "plugin_path",
    "plugin_places",
    "plugins_below",
    "protocol_path",
    "protocols_below",
]

#: The directory of the protocols of one's own, below a root; each is a package with a base class.
PROTOCOLS = PurePosixPath("panther/plugins/protocols")

#: The directory of every kind of plugin, below a root.
SERVICES = PurePosixPath("panther/plugins/services")

#: Below a root, while files are changed: what takes the change back if the command is killed.
JOURNAL = PurePosixPath("panther/.panther-gen-journal")

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
        if os.path.isdir(plugins) and not os.path.isfile(runtime):
            return place
    return None


def hiding_files(root: Path) -> list[Path]:
    """Return the files below ``root`` that hide the runtime from a Python that looks there."""
    return [root / name for name in _HIDING_FILES if (root / name).is_file()]


def plugins_below(root: Path) -> list[Path]:
    """Return the plugin directories below ``root``, of every kind, sorted; but for what may not be read."""
    return [root.joinpath(SERVICES, *place) for place in _places(root, forgiven=(OSError,))]


def plugin_places(root: Path) -> list[tuple[str, str, str]]:
    """Return kind, protocol and name of each plugin below ``root``, sorted.

    Raises:
        OSError: a directory may not be read: what is in it would be missed.
    """
    return _places(root, forgiven=(FileNotFoundError, NotADirectoryError))


def _places(root: Path, forgiven: tuple[type[OSError], ...]) -> list[tuple[str, str, str]]:
    services = str(root / SERVICES)
    return [
        (kind, protocol, name)
        for kind in _names_in(services, forgiven)
        for protocol in _names_in(f"{services}/{kind}", forgiven)
        for name in _names_in(f"{services}/{kind}/{protocol}", forgiven)
        if _is_file(f"{services}/{kind}/{protocol}/{name}/__init__.py", forgiven)
    ]


def _names_in(directory: str, forgiven: tuple[type[OSError], ...]) -> list[str]:
    try:
        return sorted(os.listdir(directory))
    except forgiven:
        return []


def _is_file(path: str, forgiven: tuple[type[OSError], ...]) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except forgiven:
        return False


def protocols_below(root: Path) -> list[Path]:
    """Return the directories of the protocols of one's own below ``root``, sorted."""
    return sorted(init.parent for init in root.joinpath(PROTOCOLS).glob("*/__init__.py"))

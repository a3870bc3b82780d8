"""A plugin directory described: its files, its registration, its configuration."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from panther_gen.errors import UsageError
from panther_gen.plugin.source import ConfigClass, Registration, config_classes, registrations
from panther_gen.plugin.tree import PluginDirectory, is_skipped

__all__ = ["PluginDescription", "describe_plugin"]

_CONFIG_FILE = "config_schema.py"


@dataclass(frozen=True, slots=True)
class PluginDescription:
    """What is in a plugin directory.

    Attributes:
        directory: where it is.
        files: every file in it, as paths relative to the directory, sorted; without caches.
        registrations: the classes that it registers; one, if all is well.
        configs: the classes in its ``config_schema.py``.
    """

    directory: PluginDirectory
    files: tuple[str, ...]
    registrations: tuple[Registration, ...]
    configs: tuple[ConfigClass, ...]


def describe_plugin(directory: PluginDirectory) -> PluginDescription:
    """Read a plugin directory; nothing is imported.

    Raises:
        UsageError: a Python file of the plugin cannot be read or parsed.
    """
    files = sorted(_files(directory.path))
    found: list[Registration] = []
    configs: list[ConfigClass] = []
    for file in files:
        if file.suffix != ".py" or file.parent != directory.path:
            continue
        tree = _parse(file)
        found += registrations(tree, file)
        configs += config_classes(tree, file) if file.name == _CONFIG_FILE else []
    names = tuple(file.relative_to(directory.path).as_posix() for file in files)
    return PluginDescription(directory, names, tuple(found), tuple(configs))


def _files(directory: Path) -> list[Path]:
    found: list[Path] = []
    for path in directory.iterdir():
        if path.is_dir() and not path.is_symlink():
            found += [] if is_skipped(path) else _files(path)
        elif path.is_file():
            found.append(path)
    return found


def _parse(file: Path) -> ast.Module:
    try:
        return ast.parse(file.read_bytes(), filename=str(file))
    except SyntaxError as error:
        where = f"{file}:{error.lineno or 1}:{error.offset or 1}"
        raise UsageError(
            f"the plugin cannot be parsed: {error.msg}", where=where, cure="mend it first"
        ) from None
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        raise UsageError(f"the plugin cannot be read: {error}", where=str(file)) from None

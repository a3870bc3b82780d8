"""What ``[tool.panther-gen.lint]`` in a ``pyproject.toml`` says.

It is read strictly: a key that does not exist, or a value of another type, would silently check something
else than its author thinks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from panther_gen.errors import UsageError, shown
from panther_gen.lint.configuration.patterns import is_pattern

__all__ = ["Settings", "SettingsFile", "read_settings"]

_OURS = ("tool", "panther-gen")
_TABLE = (*_OURS, "lint")
_SETTINGS = ("select", "ignore", "per-file-ignores", "exclude", "strict", "contract")
_EXAMPLES = {"exclude": '["tests/data"]', "contract": '["contracts/acme.json"]'}
_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """The file that says it, so that an error can name the line."""

    path: Path
    text: str

    def refuse(self, keys: Sequence[str], message: str, cure: str, value: str | None = None) -> NoReturn:
        """Raise a UsageError that points to a key, or to a string in its list."""
        from panther_gen.lint.configuration.toml_places import line_of

        line = line_of(self.text, keys, value)
        raise UsageError(message, cure=cure, where=f"{os.path.relpath(self.path)}:{line}")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings; the defaults are those of a project that says nothing.

    Attributes:
        file: where they come from; None: nowhere.
        select: codes, their beginnings, or names of the rules to use; None: all.
        ignore: the same of rules to leave out.
        per_file_ignores: the same by pattern of the files that it is for.
        exclude: patterns of files that are not checked.
        strict: what could not be verified is an error.
        contract: the files with the contracts of other packages.
    """

    file: SettingsFile | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    strict: bool = False
    contract: tuple[Path, ...] = ()

    @property
    def root(self) -> Path:
        """The directory that patterns are relative to."""
        return self.file.path.parent if self.file else Path.cwd()


def read_settings(file: SettingsFile) -> Settings:
    """Return the settings in a file; those of a file without our table are the defaults.

    Raises:
        UsageError: it is no TOML, has an unknown key, or a value of the wrong type.
    """
    tools = _table(file, _parsed(file).get("tool", {}), _OURS[:1])
    ours = _table(file, tools.get("panther-gen", {}), _OURS)
    _check_names(file, ours, _OURS, ("lint",))
    table = _table(file, ours.get("lint", {}), _TABLE)
    _check_names(file, table, _TABLE, _SETTINGS)
    return Settings(
        file,
        _strings(file, table["select"], "select") if "select" in table else None,
        _strings(file, table.get("ignore", []), "ignore"),
        _per_file_ignores(file, table.get("per-file-ignores", {})),
        _patterns(file, _strings(file, table.get("exclude", []), "exclude"), "exclude"),
        _boolean(file, table.get("strict", False), "strict"),
        _contracts(file, _strings(file, table.get("contract", []), "contract")),
    )


def _parsed(file: SettingsFile) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        where = ":".join([os.path.relpath(file.path), *(place.groups() if place else ())])
        message = _TOML_PLACE.sub("", str(error))
        raise UsageError(f"it is not TOML: {message}", where=where) from None


def _check_names(
    file: SettingsFile, table: Mapping[str, Any], path: tuple[str, ...], known: tuple[str, ...]
) -> None:
    for name in table:
        if name not in known:
            from difflib import get_close_matches

            close = get_close_matches(name.replace("_", "-"), known, n=1, cutoff=0.5)
            cure = f"did you mean '{close[0]}'?" if close else f"known: {', '.join(known)}"
            file.refuse([*path, name], f"{shown(name)} is no setting of [{'.'.join(path)}]", cure)


def _table(file: SettingsFile, value: Any, path: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        file.refuse(path, f"'{path[-1]}' is {_kind(value)}, not a table", f"write [{'.'.join(path)}]")
    return value


def _strings(file: SettingsFile, value: Any, *keys: str) -> tuple[str, ...]:
    example = _EXAMPLES.get(keys[0], '["PG1"]')
    cure = f"write {_spelt(keys[-1])} = {example}"
    if not isinstance(value, list):
        file.refuse([*_TABLE, *keys], f"{shown(keys[-1])} is {_kind(value)}, not a list of strings", cure)
    for item in value:
        if not isinstance(item, str):
            message = f"{shown(keys[-1])} has {_kind(item)}, {shown(str(item))}, in its list of strings"
            file.refuse([*_TABLE, *keys], message, cure)
    return tuple(value)


def _boolean(file: SettingsFile, value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        message = f"'{key}' is {_kind(value)}, {shown(str(value))}, not true or false"
        file.refuse([*_TABLE, key], message, f"write {key} = true")
    return value


def _per_file_ignores(file: SettingsFile, value: Any) -> dict[str, tuple[str, ...]]:
    table = _table(file, value, (*_TABLE, "per-file-ignores"))
    _patterns(file, tuple(table), "per-file-ignores")
    return {pattern: _strings(file, table[pattern], "per-file-ignores", pattern) for pattern in table}


def _contracts(file: SettingsFile, names: tuple[str, ...]) -> tuple[Path, ...]:
    """Return the files, which are named relative to the file of the settings, and refuse missing ones."""
    paths = tuple(Path(os.path.relpath(file.path.parent / name)) for name in names)
    for name, path in zip(names, paths, strict=True):
        if not path.is_file():
            cure = f"make it: panther-gen contract PACKAGE_DIR -o {path}"
            file.refuse([*_TABLE, "contract"], f"the contract {shown(name)} is no file", cure, name)
    return paths


def _patterns(file: SettingsFile, patterns: tuple[str, ...], key: str) -> tuple[str, ...]:
    """Refuse patterns that would never mean a file."""
    for pattern in patterns:
        if not pattern.strip("/"):
            fault, cure = "means no file", "write the name of a file or a directory, such as tests/data"
        elif pattern.startswith(("/", "../", "!", "~")):
            fault, cure = "is outside of the project", "write it relative to the directory of this file"
        elif not is_pattern(pattern):
            fault, cure = (
                "has a set of characters that is none",
                "write it from the lower to the higher: [a-z]",
            )
        else:
            continue
        keys = [*_TABLE, key] if key == "exclude" else [*_TABLE, key, pattern]
        file.refuse(keys, f"the pattern {shown(pattern)} of '{key}' {fault}", cure, pattern)
    return patterns


def _spelt(key: str) -> str:
    return key if re.fullmatch(r"[\w-]+", key) else f'"{key}"'


def _kind(value: Any) -> str:
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list"}
    return kinds.get(type(value), "a table" if isinstance(value, dict) else "a date")

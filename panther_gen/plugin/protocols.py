"""Protocols of one's own: the base class that ``panther/plugins/protocols/NAME`` has, read from source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from panther_gen.errors import UsageError, shown
from panther_gen.layout import protocol_path

__all__ = ["OF_PROTOCOL", "OwnProtocol", "read_own_protocol"]

#: What a blueprint is told of a protocol of one's own.
OF_PROTOCOL = ("own_base", "own_version", "transport")

_VERSION_METHOD = "_get_protocol_version"
_FIRST_VERSION = "1.0"


@dataclass(frozen=True)
class OwnProtocol:
    """A protocol that has a base class below a root."""

    name: str
    """What it is called: its directory's name."""

    base_class: str
    """The class that plugins derive from, as the protocol's package exports it."""

    transport: str
    """What it says its endpoints talk over: ``tcp``, also where it says nothing, or ``udp``."""

    required: tuple[str, ...]
    """The methods that it asks plugins for, beside those that every plugin defines."""

    @property
    def version(self) -> str:
        """The version that plugins say at first; empty if the base class does not ask for one."""
        return _FIRST_VERSION if _VERSION_METHOD in self.required else ""

    @property
    def answers(self) -> dict[str, str]:
        """What a blueprint is told of it, by question."""
        return dict(zip(OF_PROTOCOL, (self.base_class, self.version, self.transport), strict=True))

    @property
    def left_to_define(self) -> tuple[str, ...]:
        """The required methods that a new plugin lacks: those that only their author knows."""
        return tuple(name for name in self.required if name != _VERSION_METHOD)


def read_own_protocol(root: Path, name: str) -> OwnProtocol | None:
    """Return the protocol called ``name`` below ``root``; None if it has no directory with a package.

    Raises:
        UsageError: a file of it does not parse, or it does not have one base class.
    """
    directory = root / protocol_path(name)
    init = directory / "__init__.py"
    if not init.is_file():
        return None
    exported = set(_exported(_parsed(init)))
    classes = [
        cls
        for file in sorted(directory.glob("*.py"))
        for cls in ast.walk(_parsed(file))
        if isinstance(cls, ast.ClassDef) and cls.name in exported and _speaks(cls, name)
    ]
    if len(classes) != 1:
        found = f"{len(classes)}: {', '.join(cls.name for cls in classes)}" if classes else "none"
        raise UsageError(
            f"the protocol '{name}' shall have one base class, and has {found}",
            cure=f"let __init__.py import one class that says protocol_name = '{name}'",
            where=str(init),
        )
    transport = _constant(classes[0], "transport") or "tcp"
    if transport not in ("tcp", "udp"):
        raise UsageError(
            f"the protocol '{name}' says transport = {shown(str(transport))}",
            cure="write tcp or udp",
            where=str(init.parent),
        )
    return OwnProtocol(name, classes[0].name, transport, tuple(_required(classes[0])))


def _parsed(file: Path) -> ast.Module:
    try:
        return ast.parse(file.read_bytes())
    except SyntaxError as error:
        raise UsageError(
            f"the protocol {shown(file.parent.name)} does not parse: {error.msg}",
            where=f"{file}:{error.lineno}",
        ) from error
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the protocol {shown(file.parent.name)} cannot be read: {error}", where=str(file)
        ) from error


def _exported(init: ast.Module) -> Iterator[str]:
    for statement in init.body:
        if isinstance(statement, ast.ImportFrom):
            yield from (alias.name for alias in statement.names if alias.asname in (None, alias.name))
        elif isinstance(statement, ast.ClassDef):
            yield statement.name


def _speaks(cls: ast.ClassDef, name: str) -> bool:
    return _constant(cls, "protocol_name") == name


def _constant(cls: ast.ClassDef, wanted: str) -> str:
    """Return what the body of a class sets a name to, if that is a literal text; else the empty string."""
    for statement in cls.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        targets = [statement.target] if isinstance(statement, ast.AnnAssign) else targets
        value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
        named = any(isinstance(target, ast.Name) and target.id == wanted for target in targets)
        if named and isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
    return ""


def _required(cls: ast.ClassDef) -> Iterator[str]:
    for statement in cls.body:
        if isinstance(statement, ast.FunctionDef):
            marks = {ast.unparse(decorator).rpartition(".")[2] for decorator in statement.decorator_list}
            if "abstractmethod" in marks:
                yield statement.name

"""What a plugin says about itself, read with ``ast``: its registration and its configuration.

A value is what Python's source says literally. What is computed is known by its expression alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ConfigClass", "ConfigField", "Registration", "config_classes", "registrations"]

_PARAMETERS = ("plugin_type", "name", "version", "description", "supported_protocols", "capabilities")
_TEXTS = ("plugin_type", "name", "version", "description")


@dataclass(frozen=True, slots=True)
class Registration:
    """A call of ``@register_plugin`` with the class that it decorates.

    Attributes:
        class_name: the class.
        bases: its bases, as they are written.
        methods: the names of the functions in its body.
        file: where it is.
        line: of the decorator, counted from 1.
        plugin_type: ``iut`` or ``testers``; like every value, empty if it is not literal.
        name: the plugin's name.
        version: the plugin's version.
        description: one line on the plugin.
        supported_protocols: the protocols that it speaks.
        capabilities: what it can do.
    """

    class_name: str
    bases: tuple[str, ...]
    methods: tuple[str, ...]
    file: Path
    line: int
    plugin_type: str = ""
    name: str = ""
    version: str = ""
    description: str = ""
    supported_protocols: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigField:
    """A field of a configuration dataclass; annotation and default as they are written."""

    name: str
    annotation: str
    default: str | None
    line: int


@dataclass(frozen=True, slots=True)
class ConfigClass:
    """A class of ``config_schema.py``.

    Attributes:
        name: its name.
        bases: its bases, as they are written.
        is_dataclass: it is decorated with ``@dataclass``.
        fields: those of its own body.
        file: where it is.
        line: of the class statement, counted from 1.
    """

    name: str
    bases: tuple[str, ...]
    is_dataclass: bool
    fields: tuple[ConfigField, ...]
    file: Path
    line: int


def registrations(tree: ast.Module, file: Path) -> list[Registration]:
    """Return every registered class of a module, in the order of the source."""
    aliases = _names_of(tree, "register_plugin")
    return [
        _registration(node, call, file)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for call in node.decorator_list
        if isinstance(call, ast.Call) and _last_name(call.func) in aliases
    ]


def config_classes(tree: ast.Module, file: Path) -> list[ConfigClass]:
    """Return the classes at the top of a module that may be a plugin's configuration."""
    aliases = _names_of(tree, "dataclass")
    return [
        ConfigClass(
            name=node.name,
            bases=tuple(ast.unparse(base) for base in node.bases),
            is_dataclass=any(_last_name(_called(one)) in aliases for one in node.decorator_list),
            fields=tuple(_fields(node)),
            file=file,
            line=node.lineno,
        )
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    ]


def _names_of(tree: ast.Module, original: str) -> set[str]:
    """Return the names that ``original`` has in a module: its own, and those it is imported as."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {original} | {
        alias.asname or alias.name for node in imports for alias in node.names if alias.name == original
    }


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _registration(node: ast.ClassDef, call: ast.Call, file: Path) -> Registration:
    given = dict(zip(_PARAMETERS, call.args, strict=False))
    given.update({keyword.arg: keyword.value for keyword in call.keywords if keyword.arg})
    literal = {name: _literal(value) for name, value in given.items() if name in _PARAMETERS}
    texts = {name: value for name in _TEXTS if isinstance(value := literal.get(name), str)}
    protocols, capabilities = (_words(literal.get(name)) for name in ("supported_protocols", "capabilities"))
    return Registration(
        class_name=node.name,
        bases=tuple(ast.unparse(base) for base in node.bases),
        methods=tuple(
            one.name for one in node.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))
        ),
        file=file,
        line=call.lineno,
        supported_protocols=protocols,
        capabilities=capabilities,
        **texts,
    )


def _literal(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _words(value: object) -> tuple[str, ...]:
    is_words = isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value)
    return tuple(value) if isinstance(value, (list, tuple)) and is_words else ()


def _fields(node: ast.ClassDef) -> Iterator[ConfigField]:
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            default = ast.unparse(statement.value) if statement.value is not None else None
            annotation = ast.unparse(statement.annotation)
            yield ConfigField(statement.target.id, annotation, default, statement.lineno)

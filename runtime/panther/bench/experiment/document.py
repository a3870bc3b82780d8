"""YAML with positions: every key and value knows its line and column, and no key stands twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from panther.bench.experiment.problems import ExperimentError, Problem, dotted
from panther.errors import ConfigurationError

__all__ = ["Document", "Path_", "read_document"]

Path_ = tuple[str | int, ...]

_MAX_BYTES = 4 * 1024 * 1024
_MAX_NODES = 100_000


@dataclass
class Document:
    """A YAML document.

    Attributes:
        file: where it was read from.
        value: the document as plain Python values.
    """

    file: str
    value: Any = None
    keys: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    """Line and column, from 1, of the key that a path ends with."""

    values: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    """Line and column, from 1, of the value that a path leads to."""

    def position(self, path: Path_, *, of_key: bool = False) -> tuple[int, int]:
        """Return line and column of a path; of what contains it, where it is not there itself."""
        if of_key and path in self.keys:
            return self.keys[path]
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, (1, 1))


def read_document(file: Path) -> Document:
    """Read a YAML file.

    Raises:
        ExperimentError: it cannot be read, is not YAML, is empty, or has a key twice in one mapping.
    """
    text = _read_text(file)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ExperimentError([_syntax_problem(str(file), error)]) from None
    document = Document(str(file))
    if node is None:
        raise ExperimentError([Problem(str(file), 1, 1, "", "the file is empty", "write at least 'tests:'")])
    _Reader(document).read(node)
    return document


class _Reader:
    """Turns nodes into values and remembers where each stood."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._problems: list[Problem] = []
        self._nodes = 0
        self._constructor = yaml.SafeLoader("")

    def read(self, root: Node) -> None:
        self._document.value = self._value(root, ())
        if self._problems:
            raise ExperimentError(self._problems)

    def _value(self, node: Node, path: Path_) -> Any:
        self._nodes += 1
        if self._nodes > _MAX_NODES or len(path) > 100:
            self._refuse(node, path, "the document is too large or refers to itself", "write aliases out")
            raise ExperimentError(self._problems)
        self._document.values[path] = _start(node)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: Path_) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else None
            if key is None:
                self._refuse(key_node, path, "a key is not text", "write a name before the colon")
                continue
            if key in mapping:
                line, column = self._document.keys[(*path, key)]
                first = f"the key '{key}' stands twice, first at line {line}, column {column}"
                self._refuse(key_node, (*path, key), first, "remove one of the two")
                continue
            self._document.keys[(*path, key)] = _start(key_node)
            mapping[key] = self._value(value_node, (*path, key))
        return mapping

    def _scalar(self, node: Node, path: Path_) -> Any:
        try:
            return self._constructor.construct_object(node)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            reason = getattr(error, "problem", None) or str(error)
            self._refuse(
                node,
                path,
                f"the value cannot be read: {reason}",
                "use plain YAML text, numbers, lists and mappings",
            )
            return None

    def _refuse(self, node: Node, path: Path_, message: str, cure: str) -> None:
        self._problems.append(Problem(self._document.file, *_start(node), dotted(path), message, cure))


def _start(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _read_text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise _unreadable(file, "there is no such file", "check the path") from None
    except IsADirectoryError:
        raise _unreadable(file, "it is a directory", "name the experiment file in it") from None
    except OSError as error:
        raise _unreadable(file, f"it cannot be read: {error.strerror}", "check its permissions") from None
    if len(data) > _MAX_BYTES:
        raise _unreadable(file, f"it has {len(data)} bytes, more than {_MAX_BYTES}", "split it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        problem = Problem(str(file), line, column, "", "the file is not UTF-8", "save it as UTF-8")
        raise ExperimentError([problem]) from None


def _unreadable(file: Path, reason: str, cure: str) -> ConfigurationError:
    return ConfigurationError(f"the experiment file '{file}': {reason}", cure=cure)


def _syntax_problem(file: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    context = getattr(error, "context", None)
    return Problem(file, line, column, "", f"no valid YAML: {reason}{f' ({context})' if context else ''}", "")

"""A YAML document as plain values: every key and value knows its line and column, no key stands twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from panther.bench.experiment.nodes import (
    MAX_DEPTH,
    MAX_NODES,
    ListNode,
    MappingNode,
    Node,
    Place,
    ScalarNode,
    UnusableYaml,
    compose,
)
from panther.bench.experiment.problems import ExperimentError, Finding, Problem, YamlPath, dotted
from panther.bench.experiment.source import read_source

__all__ = ["Document", "read_document"]

_CORE = "tag:yaml.org,2002:"
_CONSTRUCTED = frozenset({f"{_CORE}{name}" for name in ("null", "bool", "int", "float")})
#: A date is text here, as it is in YAML 1.2: no field of an experiment is a date.
_TEXT = frozenset({f"{_CORE}{name}" for name in ("str", "timestamp", "value", "merge")})
_TAGS: dict[type[Node], frozenset[str]] = {
    ScalarNode: _CONSTRUCTED | _TEXT,
    MappingNode: frozenset({f"{_CORE}map"}),
    ListNode: frozenset({f"{_CORE}seq"}),
}

#: What neither a command line nor an XML report can hold (XML 1.0, section 2.2); escapes can write it.
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass
class Document:
    """A YAML document."""

    file: str
    """Where it was read from."""

    value: Any = None
    """Mappings with text as keys, lists, text, numbers, truth values and None."""

    keys: dict[YamlPath, Place] = field(default_factory=dict)
    """Line and column, from 1, of the key that a path ends with."""

    values: dict[YamlPath, Place] = field(default_factory=dict)
    """Line and column, from 1, of the value that a path leads to."""

    scalars: dict[YamlPath, str] = field(default_factory=dict)
    """The text that a number or a truth value was written as."""

    problems: list[Problem] = field(default_factory=list)
    """What is wrong with the YAML itself, where the rest can still be looked at."""

    unusable: set[YamlPath] = field(default_factory=set)
    """What could not be read, so that nothing else is to be said of it."""

    def position(self, path: YamlPath, *, of_key: bool = False) -> Place:
        """Return line and column of a path; of what contains it, where it is not there itself."""
        if of_key and path in self.keys:
            return self.keys[path]
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, (1, 1))

    def located(self, findings: Iterable[Finding]) -> Iterator[Problem]:
        """Turn findings into problems; what lies in an unusable value is left out."""
        for finding in findings:
            path = finding.path
            if not any(path[:length] in self.unusable for length in range(len(path) + 1)):
                place = self.position(path, of_key=finding.of_key)
                yield Problem(self.file, *place, dotted(path), finding.message, finding.suggestion)


def read_document(file: Path) -> Document:
    """Read a YAML file. What is wrong with single keys and values is in the document's ``problems``.

    Raises:
        ExperimentError: it cannot be read, is not YAML, or is empty.
    """
    document = Document(str(file))
    try:
        root = compose(read_source(file))
        if root is None or (isinstance(root, ScalarNode) and root.tag == f"{_CORE}null"):
            raise UnusableYaml((1, 1), "the file is empty", "write at least 'tests:' and a test")
        _Reader(document).read(root)
    except UnusableYaml as error:
        problem = Problem(document.file, error.line, error.column, "", error.message, error.cure)
        raise ExperimentError([*document.problems, problem]) from None
    return document


class _Reader:
    """Turns nodes into values and remembers where each stood."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._visited = 0
        self._constructor: Any = yaml.SafeLoader("")

    def read(self, root: Node) -> None:
        self._document.value = self._value(root, ())

    def _value(self, node: Node, path: YamlPath) -> Any:
        self._count(node)
        if len(path) > MAX_DEPTH:
            raise UnusableYaml(node.place, f"more than {MAX_DEPTH} levels lie in one another here")
        self._document.values[path] = node.place
        if node.tag not in _TAGS[type(node)]:
            return self._refuse(
                node, path, f"the value cannot be read: unknown tag '{_short(node.tag)}'", "remove it"
            )
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, ListNode):
            return [self._value(item, (*path, index)) for index, item in enumerate(node.items)]
        return self._scalar(node, path)

    def _count(self, node: Node) -> None:
        self._visited += 1
        if self._visited > MAX_NODES:
            message = f"the file is too large: more than {MAX_NODES} values with its aliases written out"
            raise UnusableYaml(node.place, message, "use fewer aliases")

    def _mapping(self, node: MappingNode, path: YamlPath) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.pairs:
            if key_node.tag == f"{_CORE}merge":
                continue
            key = self._key(key_node, path)
            if key is None:
                continue
            here = (*path, key)
            if key in mapping:
                line, column = self._document.keys[here]
                message = f"the key '{key}' stands twice, first at line {line}, column {column}"
                self._report(key_node, here, message, "remove one of the two")
                continue
            self._document.keys[here] = key_node.place
            mapping[key] = self._value(value_node, here)
        self._merge(node, mapping, path)
        return mapping

    def _merge(self, node: MappingNode, mapping: dict[str, Any], path: YamlPath, depth: int = 0) -> None:
        """Add what ``<<`` brings, where the mapping itself does not say it."""
        if depth > MAX_DEPTH:
            raise UnusableYaml(node.place, f"more than {MAX_DEPTH} mappings are merged into one another")
        for key_node, value_node in node.pairs:
            if key_node.tag != f"{_CORE}merge":
                continue
            sources = value_node.items if isinstance(value_node, ListNode) else (value_node,)
            for source in sources:
                self._count(source)
                if isinstance(source, MappingNode):
                    self._merge_one(source, mapping, path, depth)
                else:
                    self._report(
                        value_node, (*path, "<<"), "'<<' merges mappings only", "name an alias of one"
                    )

    def _merge_one(self, source: MappingNode, mapping: dict[str, Any], path: YamlPath, depth: int) -> None:
        for key_node, value_node in source.pairs:
            if key_node.tag == f"{_CORE}merge":
                continue
            key = self._key(key_node, path)
            if key is not None and key not in mapping:
                self._document.keys[(*path, key)] = key_node.place
                mapping[key] = self._value(value_node, (*path, key))
        self._merge(source, mapping, path, depth + 1)

    def _key(self, node: Node, path: YamlPath) -> str | None:
        if isinstance(node, ScalarNode) and node.tag in _TAGS[ScalarNode] and not _UNUSABLE.search(node.text):
            return node.text
        self._report(node, path, "a key is not text", "write a name before the colon")
        return None

    def _scalar(self, node: ScalarNode, path: YamlPath) -> Any:
        if node.tag in _TEXT:
            if found := _UNUSABLE.search(node.text):
                message = f"the text holds the character U+{ord(found[0]):04X}"
                cure = "remove it: neither a command line nor a report can hold it"
                return self._refuse(node, path, message, cure)
            return node.text
        self._document.scalars[path] = node.text
        try:
            return self._constructor.construct_object(yaml.ScalarNode(node.tag, node.text))
        except (yaml.YAMLError, ValueError, LookupError, OverflowError):
            kind = _short(node.tag).removeprefix("!!")
            return self._refuse(
                node, path, f"'{_cut(node.text)}' is no {kind}", "put text into quotation marks"
            )

    def _refuse(self, node: Node, path: YamlPath, message: str, cure: str) -> None:
        """Report a value that nothing else is to be said of."""
        self._document.unusable.add(path)
        self._report(node, path, message, cure)

    def _report(self, node: Node, path: YamlPath, message: str, cure: str) -> None:
        self._document.problems.append(Problem(self._document.file, *node.place, dotted(path), message, cure))


def _short(tag: str) -> str:
    return tag.replace(_CORE, "!!")


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"

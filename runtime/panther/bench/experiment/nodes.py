"""From YAML text to nodes with marks, whatever the text is.

PyYAML's own composers recurse without a bound: a few thousand brackets are a RecursionError in the one
written in Python, and overflow the stack of the process in the one written in C. Its parsers do not
recurse, so that only the composing is done here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

__all__ = [
    "MAX_DEPTH",
    "MAX_NODES",
    "ListNode",
    "Loader",
    "MappingNode",
    "Node",
    "Place",
    "ScalarNode",
    "UnusableYaml",
    "compose",
]

#: Line and column, both from 1.
Place = tuple[int, int]

#: Levels of mappings and lists in one another; an experiment file needs ten.
MAX_DEPTH = 50
#: Values in one document, each use of an alias counted as what it stands for.
MAX_NODES = 100_000

Loader = type[yaml.SafeLoader] | type["yaml.CSafeLoader"]

#: libyaml's where PyYAML was built with it, which is five times as fast.
_LOADER: Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: What a person can do about what the parsers complain of.
_CURES = (
    ("cannot start any token", "put the text into quotation marks"),
    ("mapping values are not allowed", "check the indentation; text with a colon needs quotation marks"),
    ("could not find expected ':'", "check for a missing colon, or a missing space after one"),
    ("but found another document", "an experiment file holds one document: split it"),
    ("expected ',' or", "close the bracket, or put a comma between two values"),
    ("expected <block end>", "check the indentation, and that quotation marks and brackets are closed"),
    ("did not find expected key", "check the indentation, and that quotation marks and brackets are closed"),
    ("did not find expected '-' indicator", "check the indentation"),
    ("unexpected end of stream", "close the quotation mark"),
    ("while scanning a quoted scalar", "close the quotation mark"),
    ("escape c", "write a backslash twice, or use 'single quotation marks'"),
)  # fmt: skip


@dataclass(frozen=True)
class ScalarNode:
    """Text, a number, a truth value or nothing."""

    tag: str
    place: Place
    text: str


@dataclass(frozen=True)
class ListNode:
    """A list."""

    tag: str
    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True)
class MappingNode:
    """Keys and values; a key may stand twice."""

    tag: str
    place: Place
    pairs: tuple[tuple[Node, Node], ...]


Node = ScalarNode | ListNode | MappingNode


class UnusableYaml(Exception):  # noqa: N818 — caught where the file's name is known, and an error there
    """The text is no YAML, or YAML that is not taken.

    Attributes:
        line: from 1.
        column: from 1.
        cure: how to mend it; may be empty.
    """

    def __init__(self, place: Place, message: str, cure: str = "") -> None:
        super().__init__(message)
        self.line, self.column = place
        self.message = message
        self.cure = cure


def compose(text: str, loader: Loader = _LOADER) -> Node | None:
    """Return the root node of a text; None if it holds no document.

    The nodes are a tree, or share branches where aliases stand; never a ring.

    Raises:
        UnusableYaml: the text is no YAML, holds several documents, is too deep or too large.
    """
    try:
        return _Composer(yaml.parse(text, Loader=loader)).document()
    except yaml.YAMLError as error:
        raise _syntax_error(error, text) from None


class _Composer:
    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._resolver: Any = yaml.SafeLoader("")
        self._anchors: dict[str, Node | None] = {}
        self._nodes = 0

    def document(self) -> Node | None:
        root = None
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    message = "a second document begins here"
                    raise UnusableYaml(_place(event), message, "an experiment file holds one: split it")
                root = self._node(next(self._events), 0)
        return root

    def _node(self, event: Event, depth: int) -> Node:
        self._nodes += 1
        if depth > MAX_DEPTH:
            raise UnusableYaml(_place(event), f"more than {MAX_DEPTH} levels lie in one another here")
        if self._nodes > MAX_NODES:
            raise UnusableYaml(
                _place(event), f"the file is too large: more than {MAX_NODES} values", "split it"
            )
        if isinstance(event, AliasEvent):
            return self._aliased(event)
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self._anchors[anchor] = None
        node = self._scalar(event) if isinstance(event, ScalarEvent) else self._collection(event, depth)
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _aliased(self, event: AliasEvent) -> Node:
        name = str(event.anchor)
        if name not in self._anchors:
            message, cure = (
                f"the alias '*{name}' has no anchor before it",
                f"write '&{name}' at what it means",
            )
            raise UnusableYaml(_place(event), message, cure)
        node = self._anchors[name]
        if node is None:
            message = f"the alias '*{name}' refers to itself: it lies in what it stands for"
            raise UnusableYaml(_place(event), message, "write it out")
        return node

    def _scalar(self, event: ScalarEvent) -> Node:
        tag = self._tag(event, yaml.ScalarNode, event.value)
        return ScalarNode(tag, _place(event), event.value)

    def _collection(self, event: Event, depth: int) -> Node:
        children = self._children(depth)
        if isinstance(event, SequenceStartEvent):
            return ListNode(self._tag(event, yaml.SequenceNode), _place(event), tuple(children))
        assert isinstance(event, MappingStartEvent)
        tag = self._tag(event, yaml.MappingNode)
        return MappingNode(tag, _place(event), tuple(zip(children, children, strict=True)))

    def _children(self, depth: int) -> Iterator[Node]:
        while isinstance(event := next(self._events), NodeEvent):
            yield self._node(event, depth + 1)

    def _tag(self, event: Any, kind: type[yaml.Node], value: str | None = None) -> str:
        """Return the tag that is written, or the one that YAML 1.1 gives to what has none."""
        if event.tag is not None and event.tag != "!":
            return str(event.tag)
        return str(self._resolver.resolve(kind, value, event.implicit))


def _place(event: Event) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


def _syntax_error(error: yaml.YAMLError, text: str) -> UnusableYaml:
    place = line, column = _place_of_error(error, text)
    lines = text.splitlines()
    if lines and lines[line - 1][column - 1 : column] == "\t":
        return UnusableYaml(
            place, "this is no valid YAML: a line is indented with a tab", "indent with spaces"
        )
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    if "maximum nesting depth" in reason:  # libyaml's own limit comes before ours
        return UnusableYaml(place, f"more than {MAX_DEPTH} levels lie in one another here")
    context = getattr(error, "context", None)
    message = f"this is no valid YAML: {reason}{f' ({context})' if context else ''}"
    return UnusableYaml(place, message, next((cure for words, cure in _CURES if words in message), ""))


def _place_of_error(error: yaml.YAMLError, text: str) -> Place:
    """Return where the parser stumbled; where it ran into the end, the beginning of what is not closed."""
    marks = [getattr(error, name, None) for name in ("problem_mark", "context_mark")]
    for mark in marks:
        if mark is not None and text[mark.index :].strip():
            return mark.line + 1, mark.column + 1
    lines = text.splitlines() or [""]
    return len(lines), len(lines[-1]) + 1

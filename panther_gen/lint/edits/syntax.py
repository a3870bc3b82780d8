"""A source's tree with exact positions, and the questions that fixes ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from panther_gen.lint.edits.document import UnfixableError
from panther_gen.lint.model import Span

__all__ = ["Syntax"]

NodeT = TypeVar("NodeT", bound=cst.CSTNode)


class Syntax:
    """A parsed source.

    Args:
        text: the source, its lines ending in line feeds.

    Raises:
        UnfixableError: libcst cannot parse it, or does not give it back letter by letter: positions in
            such a tree would not be those of the source.
    """

    def __init__(self, text: str) -> None:
        try:
            module = cst.parse_module(text)
        except (cst.ParserSyntaxError, RecursionError, ValueError, UnicodeError):
            raise UnfixableError("it cannot be parsed") from None
        if module.code != text:
            raise UnfixableError("its syntax tree does not give the same text back")
        self.module = module
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        self._ranges = wrapper.resolve(PositionProvider)
        self._parents = wrapper.resolve(ParentNodeProvider)

    @cached_property
    def _by_span(self) -> dict[Span, list[cst.CSTNode]]:
        found: dict[Span, list[cst.CSTNode]] = {}
        for node in self._ranges:
            found.setdefault(self.span(node), []).append(node)
        return found

    def span(self, node: cst.CSTNode) -> Span:
        """Return where a node is."""
        found = self._ranges[node]
        assert isinstance(found, CodeRange)
        start, end = found.start, found.end
        return Span(start.line, start.column + 1, end.line, end.column + 1)

    def find(self, kind: type[NodeT], span: Span) -> NodeT | None:
        """Return a node of a kind that is exactly there; None if there is none."""
        return next((node for node in self._by_span.get(span, ()) if isinstance(node, kind)), None)

    def expression(self, span: Span) -> cst.BaseExpression | None:
        """Return an expression that is exactly there; None if there is none."""
        return self.find(cst.BaseExpression, span)  # type: ignore[type-abstract]

    def definition(self, kind: type[NodeT], span: Span) -> NodeT | None:
        """Return the class or function whose name is there; None if there is none."""
        name = self.find(cst.Name, span)
        parent = self._parents.get(name) if name is not None else None
        return parent if isinstance(parent, kind) and getattr(parent, "name", None) is name else None

    def around(self, node: cst.CSTNode, kind: type[NodeT]) -> NodeT | None:
        """Return the nearest node of a kind that a node stands in; None if there is none."""
        parent = self._parents.get(node)
        while parent is not None and not isinstance(parent, kind):
            parent = self._parents.get(parent)
        return parent

    def statements(self) -> Iterator[tuple[Span, cst.BaseSmallStatement]]:
        """Yield the simple statements at the top of the module, each with the span of its line."""
        for line in self.module.body:
            if isinstance(line, cst.SimpleStatementLine):
                for statement in line.body:
                    yield self.span(line), statement

    def indent(self, node: cst.CSTNode) -> str:
        """Return what the lines of a statement begin with."""
        column = self.span(node).column
        line = self.module.code.split("\n")[self.span(node).line - 1]
        return line[: column - 1] if not line[: column - 1].strip() else ""

    @property
    def step(self) -> str:
        """What a block is indented by."""
        return self.module.default_indent

    def bound(self, name: str, node: cst.CSTNode | None = None) -> bool:
        """Tell whether something in the module, or within a node of it, binds a name."""
        return any(name in _bound(found) for found in _walk(node or self.module))

    def uses_names_of(self, node: cst.CSTNode, around: cst.ClassDef) -> bool:
        """Tell whether an expression uses a name that a class's body binds at its top."""
        bodies = (line.body for line in around.body.body if isinstance(line, cst.SimpleStatementLine))
        small = [one for body in bodies for one in body]
        functions = [one for one in around.body.body if isinstance(one, (cst.FunctionDef, cst.ClassDef))]
        names = {name for one in (*small, *functions) for name in _bound(one)}
        for one in small:
            if isinstance(one, cst.Assign):
                names = names.union(*(_bound(target) for target in one.targets))
        return bool(names & _names(node))


def _bound(node: cst.CSTNode) -> set[str]:
    """Return the names that a node itself binds."""
    match node:
        case cst.FunctionDef(name=cst.Name(value=name)) | cst.ClassDef(name=cst.Name(value=name)):
            return {name}
        case cst.AssignTarget(target=target) | cst.AnnAssign(target=target) | cst.AugAssign(target=target):
            return _names(target)
        case cst.NamedExpr(target=target) | cst.For(target=target) | cst.CompFor(target=target):
            return _names(target)
        case cst.AsName(name=target):
            return _names(target)
        case cst.Param(name=cst.Name(value=name)):
            return {name}
        case cst.ImportAlias(asname=None, name=name):
            while isinstance(name, cst.Attribute):
                if not isinstance(name.value, (cst.Name, cst.Attribute)):
                    return set()
                name = name.value
            return {name.value}
    return set()


def _names(node: cst.CSTNode) -> set[str]:
    return {found.value for found in _walk(node) if isinstance(found, cst.Name)}


def _walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    waiting = [node]
    while waiting:
        waiting += (found := waiting.pop()).children
        yield found

"""Completion: the template methods that a class has not overridden yet, where a method can be defined."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lsprotocol import types

from panther_gen.lint.classes.contract import inherited_contract
from panther_gen.lint.model import Span
from panther_gen.server.client import Client
from panther_gen.server.contracts import Around, Method, class_around, method_of
from panther_gen.server.documents import Document
from panther_gen.server.positions import Positions
from panther_gen.server.words import describe

__all__ = ["complete"]

_WRITTEN = re.compile(r"([ \t]+)((?:async[ \t]+)?(?:def[ \t]+)?)(\w*)")
_REST = re.compile(r"\w*")
_SPECIAL = re.compile(r"([\\$}])")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a method is being written.

    Attributes:
        around: the class.
        indent: the whitespace before it.
        keyword: ``def `` or ``async def `` if that is written already.
        span: from there to the end of the name, as far as it is written.
        has_parameters: they are written already, so that only the name is wanted.
    """

    around: Around
    indent: str
    keyword: str
    span: Span
    has_parameters: bool


def complete(
    document: Document, documents: Iterable[Document], position: types.Position, client: Client
) -> list[types.CompletionItem]:
    """Return the template methods that can be defined at a position.

    Args:
        document: the Python module that is being written.
        documents: everything that is open, itself included.
        position: where the cursor is.
        client: decides about units, Markdown and snippets.
    """
    positions = Positions(document.text, client.encoding)
    place = _place(document, documents, positions, *positions.place(position))
    if place is None:
        return []
    view = place.around.view
    methods = [
        method_of(slot)
        for slot in inherited_contract(view).values()
        if slot.kind == "template" and slot.name not in view.own
    ]
    known = set(view.module.summary.scopes[0].bindings) | set(dir(builtins))
    replaced = positions.range(place.span)
    return [_item(method, place, replaced, known, client) for method in methods]


def _place(
    document: Document, documents: Iterable[Document], positions: Positions, line: int, column: int
) -> _Place | None:
    text = positions.line(line)
    written = _WRITTEN.fullmatch(text[: column - 1])
    if written is None:
        return None
    rest = _REST.match(text, column - 1)
    end = rest.end() if rest else column - 1
    has_parameters = text[end:].lstrip().startswith("(")
    around = class_around(document, documents, line, is_written=not has_parameters)
    if around is None or not any(statement.lineno == line for statement in around.node.body):
        return None
    span = Span(line, written.end(1) + 1, line, end + 1)
    return _Place(around, written[1], written[2], span, has_parameters)


def _item(
    method: Method, place: _Place, replaced: types.Range, known: set[str], client: Client
) -> types.CompletionItem:
    keyword = "async def" if method.is_async else "def"
    required = "required" if method.required else "optional"
    if place.has_parameters:
        text = f"{keyword} {method.name}"
    else:
        head = f"{keyword} {method.name}({_parameters(method, known)}){_returns(method, known)}:"
        text = _body(head, method, place, client)
    snippet = client.snippets and not place.has_parameters
    return types.CompletionItem(
        label=method.name,
        kind=types.CompletionItemKind.Method,
        detail=f"{required} template method of {method.owner}",
        documentation=describe(method, markdown=client.markdown_completion),
        sort_text=f"{0 if method.required else 1}{method.name}",
        filter_text=f"{place.keyword}{method.name}",
        insert_text_format=types.InsertTextFormat.Snippet if snippet else types.InsertTextFormat.PlainText,
        insert_text_mode=(types.InsertTextMode.AdjustIndentation if snippet else types.InsertTextMode.AsIs),
        text_edit=types.TextEdit(replaced, text),
    )


def _body(head: str, method: Method, place: _Place, client: Client) -> str:
    """Return the definition: in a snippet, what the base class does is the blank to fill in."""
    outer = " " * place.around.node.col_offset
    step = "\t" if "\t" in place.indent else place.indent[len(outer) :] or "    "
    body = "..." if method.required else f"return {_super_call(method)}"
    if not client.snippets:
        return f"{head}\n{place.indent}{step}{body}"
    return f"{_escaped(head)}\n{step}${{0:{_escaped(body)}}}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _super_call(method: Method) -> str:
    passed = ", ".join(_passed(_arguments(method)))
    return f"{'await ' if method.is_async else ''}super().{method.name}({passed})"


def _passed(arguments: ast.arguments) -> Iterator[str]:
    yield from (one.arg for one in [*arguments.posonlyargs, *arguments.args][1:])
    if arguments.vararg:
        yield f"*{arguments.vararg.arg}"
    yield from (f"{one.arg}={one.arg}" for one in arguments.kwonlyargs)
    if arguments.kwarg:
        yield f"**{arguments.kwarg.arg}"


def _parameters(method: Method, known: set[str]) -> str:
    """Return the parameters, without the annotations that name what the module does not know."""
    arguments = _arguments(method)
    for node in ast.walk(arguments):
        if (
            isinstance(node, ast.arg)
            and node.annotation is not None
            and not _is_known(node.annotation, known)
        ):
            node.annotation = None
    return ast.unparse(arguments)


def _returns(method: Method, known: set[str]) -> str:
    if not method.returns or not _is_known(ast.parse(method.returns, mode="eval"), known):
        return ""
    return f" -> {method.returns}"


def _is_known(node: ast.AST, known: set[str]) -> bool:
    return all(name.id in known for name in ast.walk(node) if isinstance(name, ast.Name))


def _arguments(method: Method) -> ast.arguments:
    function = ast.parse(f"def f({method.parameters}): ...").body[0]
    if not isinstance(function, ast.FunctionDef):
        raise TypeError(f"parameters of a method, got {method.parameters!r}")
    return function.args

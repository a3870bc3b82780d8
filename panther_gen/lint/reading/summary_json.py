"""A module's summary as lists that JSON can say, and back: short, because there is one for every file."""

from __future__ import annotations

from typing import Any

from panther_gen.lint.model import Span
from panther_gen.lint.reading.summary import (
    Argument,
    Binding,
    ClassSummary,
    Decorator,
    ImportTarget,
    ModuleSummary,
    Parameter,
    ParameterKind,
    Reference,
    Scope,
    Signature,
)

__all__ = ["from_lists", "to_lists"]

_KINDS: tuple[ParameterKind, ...] = (
    "positional-only",
    "positional",
    "var-positional",
    "keyword-only",
    "var-keyword",
)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}


def to_lists(summary: ModuleSummary) -> list[Any]:
    """Return a summary as lists of lists, texts and numbers.

    Args:
        summary: of a file; what only shipped modules have is left out.
    """
    return [
        [_scope(one) for one in summary.scopes],
        [_class(one) for one in summary.classes],
        [_span(one) for one in summary.spans],
    ]


def from_lists(content: list[Any]) -> ModuleSummary:
    """Return the summary that :func:`to_lists` was given.

    Raises:
        ValueError: the content is none, as any of LookupError, TypeError and AttributeError say, too.
    """
    scopes, classes, spans = content
    return ModuleSummary(
        [_to_scope(*one) for one in scopes],
        [_to_class(*one) for one in classes],
        [Span(one) if isinstance(one, int) else Span(*one) for one in spans],
    )


def _span(span: Span) -> Any:
    return [span.line, span.column, span.end_line, span.end_column] if span.column else span.line


def _scope(scope: Scope) -> list[Any]:
    bindings = [_binding(one) for found in scope.bindings.values() for one in found]
    return [
        scope.kind,
        scope.parent,
        scope.serial,
        bindings,
        [_binding(one) for one in scope.stars],
        scope.opaque,
    ]


def _to_scope(
    kind: Any, parent: int, serial: int, bindings: list[Any], stars: list[Any], opaque: list[Any]
) -> Scope:
    found: dict[str, list[Binding]] = {}
    for one in bindings:
        found.setdefault(one[0], []).append(_to_binding(*one))
    entries = [(reason, site) for reason, site in opaque]
    return Scope(kind, parent, serial, found, [_to_binding(*one) for one in stars], entries)


def _binding(one: Binding) -> list[Any]:
    """Return a binding; of those fields that most have not, only the ones that it has."""
    known = [one.name, one.how, one.site, one.serial, one.conditional]
    signature = 0 if one.signature is None else _signature(one.signature)
    marks = [_decorator(mark) for mark in one.decorators] or 0
    target = 0 if one.target is None else _target(one.target)
    if _has_rest(one):
        return [
            *known,
            signature,
            marks,
            target,
            one.alias,
            one.called,
            one.klass,
            one.constant,
            one.maker and _decorator(one.maker),
        ]
    if target:
        return [*known, signature, marks, target]
    if marks:
        return [*known, signature, marks]
    return [*known, signature] if signature else known


def _has_rest(one: Binding) -> bool:
    return bool(one.alias or one.called or one.klass >= 0 or one.constant or one.maker)


def _to_binding(
    name: str,
    how: str,
    site: int,
    serial: int,
    conditional: bool,
    signature: Any = 0,
    decorators: Any = 0,
    target: Any = 0,
    alias: Any = (),
    called: Any = (),
    klass: int = -1,
    constant: bool = False,
    maker: Any = None,
) -> Binding:
    return Binding(
        name,
        how,
        site,
        serial,
        conditional,
        ImportTarget(*target) if target else None,
        tuple(alias),
        tuple(called),
        klass,
        tuple([_to_decorator(*one) for one in decorators]) if decorators else (),
        _to_decorator(*maker) if maker else None,
        _to_signature(signature) if signature else None,
        constant,
    )


def _signature(signature: Signature) -> list[Any]:
    words: list[Any] = [signature.is_async]
    for name, kind, required in signature.parameters:
        words += (name, _NUMBERS[kind], required)
    return words


def _to_signature(words: list[Any]) -> Signature:
    rest = iter(words[1:])
    found = [
        Parameter(name, _KINDS[kind], required) for name, kind, required in zip(rest, rest, rest, strict=True)
    ]
    return Signature(tuple(found), words[0])


def _target(target: ImportTarget) -> list[Any]:
    return [target.module, target.name, target.level]


def _reference(one: Reference | None) -> list[Any] | None:
    return None if one is None else [one.parts, one.text, one.site, one.klass]


def _to_reference(parts: list[str], text: str, site: int, klass: int) -> Reference:
    return Reference(tuple(parts), text, site, klass)


def _decorator(one: Decorator) -> list[Any]:
    arguments = [[argument.keyword, argument.text, argument.words] for argument in one.arguments]
    return [_reference(one.reference), arguments, one.called]


def _to_decorator(reference: list[Any], arguments: list[Any], called: bool) -> Decorator:
    found = [
        Argument(keyword, text, None if words is None else tuple(words)) for keyword, text, words in arguments
    ]
    return Decorator(_to_reference(*reference), tuple(found), called)


def _class(one: ClassSummary) -> list[Any]:
    numbers = [one.name, one.qualname, one.site, one.serial, one.scope, one.body]
    bases = [_reference(base) for base in one.bases]
    decorators = [_decorator(mark) for mark in one.decorators]
    return [*numbers, bases, decorators, _reference(one.maker), _reference(one.metaclass)]


def _to_class(
    name: str,
    qualname: str,
    site: int,
    serial: int,
    scope: int,
    body: int,
    bases: list[Any],
    decorators: list[Any],
    maker: list[Any] | None,
    metaclass: list[Any] | None,
) -> ClassSummary:
    return ClassSummary(
        name,
        qualname,
        site,
        serial,
        scope,
        body,
        tuple([_to_reference(*base) for base in bases]),
        tuple([_to_decorator(*mark) for mark in decorators]),
        None if maker is None else _to_reference(*maker),
        None if metaclass is None else _to_reference(*metaclass),
    )

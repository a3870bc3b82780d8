"""What the libcst reader takes from expressions: names, literals, decorators, signatures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from panther_gen.lint.reading.builder import SummaryBuilder
from panther_gen.lint.reading.summary import (
    Argument,
    Decorator,
    Parameter,
    ParameterKind,
    Reference,
    Signature,
)

__all__ = [
    "NameSite",
    "Token",
    "Values",
    "assigned_pairs",
    "defaults_of",
    "dotted",
    "first_token",
    "is_constant",
    "signature_of",
    "static_truth",
    "target_entries",
    "target_names",
    "text_of",
]

_LITERALS = (
    cst.BaseNumber,
    cst.BaseString,
    cst.Ellipsis,
    cst.List,
    cst.Tuple,
    cst.Dict,
    cst.Set,
)
_WORDS = {"None": False, "True": True, "False": False}


#: What has a place of its own in the tree.
Token = cst.Name | cst.SimpleString | cst.Integer | cst.Float | cst.Imaginary


@dataclass(frozen=True, slots=True)
class NameSite:
    """A place in the tree: the name or literal that it starts with, and its width (0: that one's own)."""

    node: Token
    width: int = 0


def dotted(node: cst.BaseExpression) -> tuple[str, ...]:
    """Return the dotted name that ``node`` is, a last subscript left out; empty if it is anything else."""
    parts: list[str] = []
    while True:
        if isinstance(node, cst.Attribute):
            parts.append(node.attr.value)
            node = node.value
        elif isinstance(node, (cst.Subscript, cst.NamedExpr)) and not parts:
            node = node.value
        elif isinstance(node, cst.Name) and node.value not in _WORDS:
            return (node.value, *reversed(parts))
        else:
            return ()


def is_constant(node: cst.BaseExpression) -> bool:
    """Tell whether ``node`` is a literal, which nothing can call."""
    return isinstance(node, _LITERALS) or (isinstance(node, cst.Name) and node.value in _WORDS)


def static_truth(node: cst.BaseExpression) -> bool | None:
    """Return what a condition always is at run time, None if that depends."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        truth = static_truth(node.expression)
        return None if truth is None else not truth
    if isinstance(node, cst.Name) and node.value in _WORDS:
        return _WORDS[node.value]
    if isinstance(node, cst.Ellipsis):
        return True
    if isinstance(node, (cst.Integer, cst.Float, cst.Imaginary, cst.SimpleString, cst.ConcatenatedString)):
        value = node.evaluated_value
        return None if value is None else bool(value)
    return False if dotted(node)[-1:] == ("TYPE_CHECKING",) else None


def assigned_pairs(
    target: cst.BaseExpression, value: cst.BaseExpression
) -> list[tuple[cst.BaseExpression, cst.BaseExpression]] | None:
    """Return which part of a tuple's target gets which part of its value; None if that is not written out."""
    kinds = (cst.Tuple, cst.List)
    if not isinstance(target, kinds) or not isinstance(value, kinds):
        return None
    elements = [*target.elements, *value.elements]
    if len(target.elements) != len(value.elements) or not all(
        isinstance(one, cst.Element) for one in elements
    ):
        return None
    return [(one.value, its.value) for one, its in zip(target.elements, value.elements, strict=True)]


def target_names(node: cst.BaseExpression) -> Iterator[cst.Name]:
    """Yield the names that an assignment to ``node`` binds."""
    if isinstance(node, cst.Name):
        yield node
    elif isinstance(node, (cst.Tuple, cst.List)):
        for element in node.elements:
            yield from target_names(element.value)


def target_entries(node: cst.BaseExpression) -> Iterator[cst.Subscript]:
    """Yield the items, such as ``locals()["x"]``, that an assignment to ``node`` sets."""
    if isinstance(node, cst.Subscript):
        yield node
    elif isinstance(node, (cst.Tuple, cst.List)):
        for element in node.elements:
            yield from target_entries(element.value)


def defaults_of(parameters: cst.Parameters) -> list[cst.CSTNode]:
    """Return the defaults of parameters."""
    every = [*parameters.posonly_params, *parameters.params, *parameters.kwonly_params]
    return [parameter.default for parameter in every if parameter.default is not None]


def signature_of(parameters: cst.Parameters, *, is_async: bool = False) -> Signature:
    """Return the parameters of a function or lambda."""
    found = [
        *_parameters(parameters.posonly_params, "positional-only"),
        *_parameters(parameters.params, "positional"),
    ]
    if isinstance(parameters.star_arg, cst.Param):
        found.append(Parameter(parameters.star_arg.name.value, "var-positional", required=False))
    found.extend(_parameters(parameters.kwonly_params, "keyword-only"))
    if parameters.star_kwarg is not None:
        found.append(Parameter(parameters.star_kwarg.name.value, "var-keyword", required=False))
    return Signature(tuple(found), is_async)


def _parameters(nodes: Sequence[cst.Param], kind: ParameterKind) -> list[Parameter]:
    return [Parameter(node.name.value, kind, node.default is None) for node in nodes]


class Values:
    """References and decorators, whose places and texts need the module and the builder."""

    def __init__(self, module: cst.Module, builder: SummaryBuilder) -> None:
        self._module = module
        self._builder = builder

    def reference(self, node: cst.BaseExpression, fallback: Token, star: str = "") -> Reference:
        """Return ``node`` as a reference; where it starts with no name, it is reported at ``fallback``."""
        text = self._module.code_for_node(node)
        first = _first_name(node)
        width = 0 if first is None or "\n" in text or text.startswith("(") else len(text)
        site = self._builder.site(NameSite(first or fallback, width))
        return Reference(() if star else dotted(node), star + " ".join(text.split()), site)

    def decorators(self, nodes: Sequence[cst.Decorator], fallback: Token) -> tuple[Decorator, ...]:
        """Return the decorators of a definition, from the top."""
        return tuple(self.decorator(node.decorator, fallback) for node in nodes)

    def decorator(self, node: cst.BaseExpression, fallback: Token) -> Decorator:
        """Return an expression as a decorator."""
        if not isinstance(node, cst.Call):
            return Decorator(self.reference(node, fallback))
        positional = [
            Argument("", text_of(arg.value), _words(arg.value)) for arg in node.args if not _is_keyword(arg)
        ]
        keywords = [
            Argument(arg.keyword.value if arg.keyword else "**", text_of(arg.value), _words(arg.value))
            for arg in node.args
            if _is_keyword(arg)
        ]
        return Decorator(self.reference(node.func, fallback), (*positional, *keywords), called=True)


def _is_keyword(argument: cst.Arg) -> bool:
    return argument.keyword is not None or argument.star == "**"


def text_of(node: cst.BaseExpression) -> str | None:
    """Return the text that an expression literally is; None if it is anything else."""
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None


def _words(node: cst.BaseExpression) -> tuple[str, ...] | None:
    if not isinstance(node, (cst.List, cst.Tuple)):
        return None
    words = [text_of(element.value) for element in node.elements]
    return None if None in words else tuple(word for word in words if word is not None)


def _first_name(node: cst.BaseExpression) -> cst.Name | None:
    while not isinstance(node, cst.Name):
        if isinstance(node, (cst.Attribute, cst.Subscript)):
            node = node.value
        elif isinstance(node, cst.NamedExpr):
            node = node.target
        elif isinstance(node, cst.Call):
            node = node.func
        else:
            return None
    return node


def first_token(node: cst.CSTNode) -> Token | None:
    """Return the first name, text or number in an expression; None if there is none, as in ``()``."""
    stack: list[cst.CSTNode] = [node]
    while stack:
        found = stack.pop()
        if isinstance(found, (cst.Name, cst.SimpleString, cst.Integer, cst.Float, cst.Imaginary)):
            return found
        stack.extend(reversed(found.children))
    return None

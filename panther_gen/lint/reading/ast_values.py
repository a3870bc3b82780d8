"""What the ``ast`` reader takes from expressions: names, literals, decorators, signatures."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from panther_gen.lint.reading.builder import SummaryBuilder
from panther_gen.lint.reading.summary import Argument, Decorator, Parameter, Reference, Signature

__all__ = [
    "assigned_pairs",
    "decorators_of",
    "dotted",
    "is_constant",
    "reference",
    "signature_of",
    "static_truth",
    "target_entries",
    "target_names",
    "text_of",
]

_LITERALS = (ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Dict, ast.Set)


def dotted(node: ast.expr) -> tuple[str, ...]:
    """Return the dotted name that ``node`` is, a last subscript left out; empty if it is anything else."""
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, (ast.Subscript, ast.NamedExpr)) and not parts:
            node = node.value
        elif isinstance(node, ast.Name):
            return (node.id, *reversed(parts))
        else:
            return ()


def reference(builder: SummaryBuilder, node: ast.expr) -> Reference:
    """Return ``node`` as a reference."""
    parts = dotted(node)
    text = ".".join(parts) if parts else " ".join(ast.unparse(node).split())
    return Reference(parts, text, builder.site(node.lineno))


def decorators_of(builder: SummaryBuilder, nodes: list[ast.expr]) -> tuple[Decorator, ...]:
    """Return the decorators of a definition, from the top."""
    return tuple(_decorator(builder, node) for node in nodes)


def _decorator(builder: SummaryBuilder, node: ast.expr) -> Decorator:
    if not isinstance(node, ast.Call):
        return Decorator(reference(builder, node))
    positional = [Argument("", text_of(value), _words(value)) for value in node.args]
    keywords = [
        Argument(keyword.arg or "**", text_of(keyword.value), _words(keyword.value))
        for keyword in node.keywords
    ]
    return Decorator(reference(builder, node.func), (*positional, *keywords), called=True)


def text_of(node: ast.expr) -> str | None:
    """Return the text that an expression literally is; None if it is anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _words(node: ast.expr) -> tuple[str, ...] | None:
    if not isinstance(node, (ast.List, ast.Tuple)):
        return None
    words = [text_of(element) for element in node.elts]
    return None if None in words else tuple(word for word in words if word is not None)


def is_constant(node: ast.expr) -> bool:
    """Tell whether ``node`` is a literal, which nothing can call."""
    return isinstance(node, _LITERALS)


def static_truth(node: ast.expr) -> bool | None:
    """Return what a condition always is at run time, None if that depends."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        truth = static_truth(node.operand)
        return None if truth is None else not truth
    if isinstance(node, ast.Constant):
        return bool(node.value)
    return False if dotted(node)[-1:] == ("TYPE_CHECKING",) else None


def target_names(node: ast.AST) -> Iterator[ast.Name]:
    """Yield the names that an assignment to ``node`` binds."""
    if isinstance(node, ast.Name):
        yield node
    elif isinstance(node, ast.Starred):
        yield from target_names(node.value)
    elif isinstance(node, (ast.Tuple, ast.List)):
        for element in node.elts:
            yield from target_names(element)


def target_entries(node: ast.AST) -> Iterator[ast.Subscript]:
    """Yield the items, such as ``locals()["x"]``, that an assignment to ``node`` sets."""
    if isinstance(node, ast.Subscript):
        yield node
    elif isinstance(node, ast.Starred):
        yield from target_entries(node.value)
    elif isinstance(node, (ast.Tuple, ast.List)):
        for element in node.elts:
            yield from target_entries(element)


def signature_of(arguments: ast.arguments, *, is_async: bool = False) -> Signature:
    """Return the parameters of a function or lambda."""
    positional = [*arguments.posonlyargs, *arguments.args]
    required = len(positional) - len(arguments.defaults)
    parameters = [
        Parameter(
            parameter.arg,
            "positional-only" if index < len(arguments.posonlyargs) else "positional",
            index < required,
        )
        for index, parameter in enumerate(positional)
    ]
    if arguments.vararg:
        parameters.append(Parameter(arguments.vararg.arg, "var-positional", required=False))
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        parameters.append(Parameter(parameter.arg, "keyword-only", default is None))
    if arguments.kwarg:
        parameters.append(Parameter(arguments.kwarg.arg, "var-keyword", required=False))
    return Signature(tuple(parameters), is_async)


def assigned_pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]] | None:
    """Return which part of a tuple's target gets which part of its value; None if that is not written out."""
    kinds = (ast.Tuple, ast.List)
    if not isinstance(target, kinds) or not isinstance(value, kinds) or len(target.elts) != len(value.elts):
        return None
    pairs = list(zip(target.elts, value.elts, strict=True))
    return None if any(isinstance(one, ast.Starred) for pair in pairs for one in pair) else pairs

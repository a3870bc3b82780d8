"""The fields of a plugin's configuration, as its class statement writes them."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import class_node

__all__ = ["Field", "annotation_key", "fields_of"]

# typing's capitalised names mean the same as the builtins'.
_SPELLINGS = {
    "List": "list",
    "Dict": "dict",
    "Set": "set",
    "Tuple": "tuple",
    "FrozenSet": "frozenset",
    "Type": "type",
}


@dataclass(frozen=True, slots=True)
class Field:
    """An annotated name in a class's body.

    Attributes:
        name: the field's name.
        node: the statement.
        annotation: the expression behind the colon.
        value: the default; None if there is none.
    """

    name: str
    node: ast.AnnAssign
    annotation: ast.expr
    value: ast.expr | None


def fields_of(view: ClassView) -> list[Field]:
    """Return the fields of a class's own body; class variables are none."""
    node = class_node(view)
    return [
        Field(statement.target.id, statement, statement.annotation, statement.value)
        for statement in (node.body if node is not None else ())
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
        if "ClassVar" not in ast.unparse(statement.annotation)
    ]


def annotation_key(node: ast.expr) -> str:
    """Return an annotation's spelling, the same for each way to write one type."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):  # a quoted annotation
        try:
            return annotation_key(ast.parse(node.value, mode="eval").body)
        except (SyntaxError, ValueError):
            return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([node.left, node.right])
    if isinstance(node, ast.Subscript):
        return _subscript(node)
    if isinstance(node, ast.Attribute):
        return _SPELLINGS.get(node.attr, node.attr)
    if isinstance(node, ast.Name):
        return _SPELLINGS.get(node.id, node.id)
    return ast.unparse(node)


def _subscript(node: ast.Subscript) -> str:
    name = annotation_key(node.value)
    inner = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Optional":
        return _union([*inner, ast.Constant(None)])
    if name == "Union":
        return _union(inner)
    if name == "Annotated" and inner:
        return annotation_key(inner[0])
    if name == "Literal":
        return f"Literal[{', '.join(sorted(ast.unparse(one) for one in inner))}]"
    return f"{name}[{', '.join(annotation_key(one) for one in inner)}]"


def _union(members: list[ast.expr]) -> str:
    parts = {part for member in members for part in annotation_key(member).split(" | ")}
    return " | ".join(sorted(parts))

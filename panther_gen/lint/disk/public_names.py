"""What a module offers to ``from module import *``."""

from __future__ import annotations

import ast

from panther_gen.lint.disk.modules import Module
from panther_gen.lint.reading.parsing import parse
from panther_gen.lint.reading.source import Source

__all__ = ["literal_all", "may_be_public"]


def may_be_public(module: Module, name: str) -> bool:
    """Tell whether a star import of a module may bring a name that the module has."""
    if "__all__" not in module.summary.scopes[0].bindings:
        return not name.startswith("_")
    names = literal_all(module)
    return names is None or name in names


def literal_all(module: Module) -> list[str] | None:
    """Return what ``__all__`` lists, None if there is none or it is not a plain literal."""
    bindings = module.summary.scopes[0].bindings.get("__all__", [])
    if len(bindings) != 1 or not isinstance(module.source, Source):
        return None
    try:
        tree = parse(module.source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            value = statement.value
            if isinstance(value, (ast.List, ast.Tuple)):
                words = [one.value for one in value.elts if isinstance(one, ast.Constant)]
                return [str(word) for word in words] if len(words) == len(value.elts) else None
    return None

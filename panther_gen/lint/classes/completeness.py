"""Whether a class has to be complete, and which required methods it then lacks.

A plugin has to be if it is registered. A class below another framework's base class has to be if somebody
makes an object of it: it is called in its own file, or it is ``@final``, so that no subclass can be meant.
A class that is neither may be a base class of others.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from panther_gen.lint.classes.contract import Slot, contract_of
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import class_node, tree_of
from panther_gen.lint.classes.mixins import EMPTY
from panther_gen.lint.reading.summary import Reference

__all__ = ["FINAL", "lacking"]

#: What marks a class that has no subclasses, or a method that none overrides.
FINAL = ("typing.final", "typing_extensions.final")

#: Decorators of classes that define no method that could be required.
_PLAIN = {*FINAL, "dataclasses.dataclass", "typing.runtime_checkable", "typing_extensions.runtime_checkable"}
_RAISES = {"raises", "assertRaises", "assertRaisesRegex", "suppress"}


def lacking(view: ClassView) -> tuple[str, list[Slot]]:
    """Return why a class has to be complete, and the required methods that it lacks; else nothing."""
    if view.is_registered:
        if any(base.unresolved for base in view.mro):
            return "", []
        return "is registered", [slot for slot in contract_of(view).values() if slot.abstract]
    if not any(base.is_foreign for base in view.mro[1:]):
        return "", []
    slots = [slot for slot in contract_of(view).values() if slot.abstract and not _may_be_filled(view, slot)]
    why = _why(view) if slots else ""
    return (why, slots) if why else ("", [])


def _may_be_filled(view: ClassView, slot: Slot) -> bool:
    """Tell whether something unknown may define a method before the class that leaves it abstract."""
    nearest = next(base for base in view.mro if slot.name in base.own)
    if not all(nearest.mark(binding).abstract for binding in nearest.own[slot.name]):
        return True
    for base in view.mro:
        if base is nearest:
            break
        if any(not view_names & _PLAIN for view_names in _decorators(base)):
            return True
        if any(not base.dotted(reference) & EMPTY for reference in _unknown_before(base, nearest)):
            return True
    return False


def _decorators(view: ClassView) -> list[set[str]]:
    return [view.dotted(decorator.reference) for decorator in view.summary.decorators]


def _unknown_before(view: ClassView, nearest: ClassView) -> Iterator[Reference]:
    """Yield the bases of a class that are not known and whose methods go before those of ``nearest``."""
    for reference in view.summary.bases:
        found = [base for written, base in view.bases if written == reference]
        if any(nearest in base.mro for base in found):
            return
        if not found:
            yield reference


def _why(view: ClassView) -> str:
    if any(view.has_decorator(mark) for mark in FINAL):
        return "is final"
    source = view.module.source
    pattern = re.compile(rf"\b{re.escape(view.name)}\(")
    header = view.span(view.summary.site).line
    if all(number == header for number in source.lines_with(pattern)):
        return ""
    tree, node = tree_of(view.module), class_node(view)
    if tree is None or node is None or _is_ambiguous(tree, node):
        return ""
    line = next(_calls(tree, view.name), 0)
    return f"is made in line {line}" if line else ""


def _is_ambiguous(tree: ast.Module, klass: ast.ClassDef) -> bool:
    """Tell whether the class's name may mean something else somewhere, or the class is changed later."""
    name = klass.name
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            found = node.arg == name
        elif isinstance(node, ast.alias):
            found = (node.asname or node.name) == name
        elif isinstance(node, ast.Name):
            found = node.id == name and not isinstance(node.ctx, ast.Load)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found = node.name == name and node is not klass
        elif isinstance(node, ast.Attribute):
            found = not isinstance(node.ctx, ast.Load) and _is_name(node.value, name)
        elif isinstance(node, ast.Call):
            found = _is_name(node.func, "setattr") and bool(node.args) and _is_name(node.args[0], name)
        else:
            continue
        if found:
            return True
    return False


def _calls(node: ast.AST, name: str) -> Iterator[int]:
    """Yield the lines in which a class is called, but for those that expect it to fail."""
    if isinstance(node, ast.Call) and _is_name(node.func, name):
        yield node.lineno
    inner: Iterator[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, (ast.Try, ast.TryStar)) and node.handlers:
        inner = iter([*node.handlers, *node.orelse, *node.finalbody])
    elif isinstance(node, (ast.With, ast.AsyncWith)) and any(_expects(item) for item in node.items):
        inner = iter(())
    for child in inner:
        yield from _calls(child, name)


def _expects(item: ast.withitem) -> bool:
    call = item.context_expr
    name = getattr(call.func, "attr", getattr(call.func, "id", "")) if isinstance(call, ast.Call) else ""
    return name in _RAISES


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name

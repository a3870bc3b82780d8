"""The class at a place in a document, and what its bases say of its methods.

An editor asks while a line is being written, so that the file can often not be parsed; then that line is
taken for a ``pass``.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from panther_gen.lint.classes.contract import Slot
from panther_gen.lint.classes.hierarchy import ClassView, Hierarchy
from panther_gen.lint.classes.look import method_node
from panther_gen.lint.classes.names import Names
from panther_gen.lint.contracts.snapshot import SNAPSHOT, load_snapshot
from panther_gen.lint.disk.modules import Modules
from panther_gen.server.documents import Document
from panther_gen.server.positions import Positions

__all__ = ["Around", "Method", "class_around", "method_of"]


@dataclass(frozen=True, slots=True)
class Around:
    """The class that a place lies in.

    Attributes:
        view: the class, its bases resolved.
        node: its statement.
    """

    view: ClassView
    node: ast.ClassDef


@dataclass(frozen=True, slots=True)
class Method:
    """What a base class says of a method.

    Attributes:
        name: its name.
        kind: template or workflow.
        required: it has no default, so that a plugin has to define it.
        owner: the class that says so.
        module: the dotted name of the module that the class stands in.
        parameters: as they are declared, with ``self`` and annotations.
        returns: the annotation of what it returns; empty if there is none.
        summary: the first line of its docstring; empty if it has none.
        instead: what to override instead of a workflow method.
        is_async: calling it makes a coroutine.
    """

    name: str
    kind: Literal["template", "workflow"]
    required: bool
    owner: str
    module: str
    parameters: str
    returns: str
    summary: str
    instead: tuple[str, ...]
    is_async: bool


def _tree_of(text: str) -> ast.Module | None:
    """Return the tree of a source; None if it cannot be parsed."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def class_around(
    document: Document, documents: Iterable[Document], line: int, *, is_written: bool = False
) -> Around | None:
    """Return the innermost class around a line, counted from 1; None if there is none, or none is known.

    Args:
        document: the Python module.
        documents: everything that is open, itself included.
        line: of the document.
        is_written: the line is only being written, so that what it says does not count.
    """
    text = _parsable(document.text, line, is_written=is_written)
    node = _class_node(text, line)
    if text is None or node is None:
        return None
    contents = {other.path: other.content for other in documents}
    contents[document.path] = replace(document, text=text).content
    modules = Modules(load_snapshot(), contents)
    module = modules.load(document.path)
    if module is None:
        return None
    spans = module.summary.spans
    summary = next(
        (
            one
            for one in module.summary.classes
            if one.name == node.name and spans[one.site].line == node.lineno
        ),
        None,
    )
    return None if summary is None else Around(Hierarchy(Names(modules, {})).view(module, summary), node)


def _parsable(text: str, line: int, *, is_written: bool) -> str | None:
    lines = Positions(text, "utf-32").lines
    lines[0] = lines[0].removeprefix("\ufeff")
    if not is_written and _tree_of("\n".join(lines)) is not None:
        return "\n".join(lines)
    if line <= len(lines):
        written = lines[line - 1]
        lines[line - 1] = f"{written[: len(written) - len(written.lstrip())]}pass"
    repaired = "\n".join(lines)
    return repaired if _tree_of(repaired) is not None else None


def _class_node(text: str | None, line: int) -> ast.ClassDef | None:
    tree = _tree_of(text) if text is not None else None
    found = [
        node
        for node in (ast.walk(tree) if tree is not None else ())
        if isinstance(node, ast.ClassDef) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return max(found, key=lambda node: node.lineno, default=None)


def method_of(slot: Slot) -> Method:
    """Return what is known of a method of a contract."""
    owner = slot.owner
    facts = _shipped_facts().get((owner.module.dotted, owner.name, slot.name))
    if facts is not None:
        parameters, returns, summary = facts["declared"], facts["returns"], facts["summary"]
    else:
        parameters, returns, summary = _read(owner, slot.name)
    return Method(
        slot.name,
        slot.kind,
        slot.abstract,
        owner.name,
        owner.module.dotted,
        parameters,
        returns,
        summary,
        slot.instead,
        slot.signature is not None and slot.signature.is_async,
    )


def _read(owner: ClassView, name: str) -> tuple[str, str, str]:
    node = method_node(owner, name)
    if node is None:
        return "self", "", ""
    summary = (ast.get_docstring(node) or "").partition("\n")[0]
    return ast.unparse(node.args), ast.unparse(node.returns) if node.returns else "", summary


@cache
def _shipped_facts() -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return what the snapshot says of each method of the runtime, by module, class and name."""
    modules = json.loads(SNAPSHOT.read_text(encoding="utf-8"))["modules"]
    return {
        (dotted, name, method): entry
        for dotted, facts in modules.items()
        for name, details in facts.get("classes", {}).items()
        for method, entry in details.get("methods", {}).items()
    }

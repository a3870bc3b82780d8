"""The runtime's source turned into the text of ``contract.json``; nothing is imported."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.contracts.classes import ClassDescriber
from panther_gen.lint.contracts.file import contract_text
from panther_gen.lint.contracts.package import PackageFile, find_package
from panther_gen.lint.contracts.source import contract_of_package

__all__ = ["snapshot_of"]

#: The roots of the classes whose fields are part of the contract.
_WITH_FIELDS = {"ImplementationConfig", "ServiceParameters"}
#: What plugins import. The bench stands on top of it and is no plugin's business.
_PLUGIN_FACING = ("panther.errors", "panther.config", "panther.core", "panther.plugins")


def snapshot_of(runtime: Path) -> str:
    """Return the text of the snapshot.

    Args:
        runtime: the directory that holds ``panther/``.

    Raises:
        ValueError: a file cannot be read, decoded or parsed.
    """
    files = [one for one in find_package(runtime / "panther", "panther").files if _is_plugin_facing(one)]
    contract = contract_of_package(files, {}, _RuntimeDescriber)
    if contract.unreadable:
        first = contract.unreadable[0]
        raise ValueError(f"'{first.path}' cannot be read: {first.error}")
    return contract_text("panther", contract.modules)


def _is_plugin_facing(file: PackageFile) -> bool:
    return f"{file.dotted}.".startswith(tuple(f"{name}." for name in _PLUGIN_FACING))


class _RuntimeDescriber(ClassDescriber):
    """Adds what rules know of the runtime beyond marks: fields, protocols, classes of parameters."""

    def describe(self, view: ClassView) -> dict[str, Any]:
        node = self.nodes.klass(view)
        facts = super().describe(view)
        if any(ancestor.name in _WITH_FIELDS for ancestor in view.mro):
            return {"line": node.lineno, "bases": facts["bases"], "fields": _fields(view, node)}
        if any(ancestor.declares_contract for ancestor in view.mro):
            facts |= _protocol(node)
        return facts


def _fields(view: ClassView, node: ast.ClassDef) -> dict[str, list[str | int]]:
    """Return annotation, line and source of the fields of a dataclass or pydantic model, by name."""
    return {
        statement.target.id: [
            ast.unparse(statement.annotation),
            statement.lineno,
            view.module.source.line(statement.lineno),
        ]
        for statement in node.body
        if isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and not ast.unparse(statement.annotation).startswith("ClassVar")
    }


def _protocol(node: ast.ClassDef) -> dict[str, str]:
    """Return the protocol of a service manager and the class of its parameters, where it names them."""
    values = {
        statement.target.id: statement.value
        for statement in node.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    }
    name, parameters = values.get("protocol_name"), values.get("parameters_class")
    facts = {"parameters": ast.unparse(parameters)} if parameters is not None else {}
    if isinstance(name, ast.Constant) and name.value:
        facts["protocol"] = str(name.value)
    return facts

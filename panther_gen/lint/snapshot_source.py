"""The runtime's source turned into the text of ``contract.json``; nothing is imported."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from panther_gen.lint.hierarchy import ClassView, Hierarchy
from panther_gen.lint.modules import Module, Modules
from panther_gen.lint.names import Names
from panther_gen.lint.source import read_source

__all__ = ["snapshot_of"]

#: The roots of the classes whose fields are part of the contract.
_WITH_FIELDS = {"ImplementationConfig", "ServiceParameters"}
#: What plugins import. The bench stands on top of it and is no plugin's business.
_PLUGIN_FACING = ("errors.py", "config", "core", "plugins")


def snapshot_of(runtime: Path) -> str:
    """Return the text of the snapshot.

    Args:
        runtime: the directory that holds ``panther/``.

    Raises:
        UnreadableError: a file cannot be read or decoded.
        SyntaxError: a file cannot be parsed.
    """
    modules = Modules({})
    hierarchy = Hierarchy(Names(modules, {}))
    described = {}
    for path in _files(runtime.resolve() / "panther"):
        module = modules.load(path)
        if module is None:
            raise ValueError(f"'{path}' cannot be parsed")
        described[module.dotted] = _describe(module, hierarchy, path.relative_to(runtime.resolve()))
    return json.dumps({"version": 1, "modules": described}, indent=1, ensure_ascii=False) + "\n"


def _files(package: Path) -> Iterator[Path]:
    for name in _PLUGIN_FACING:
        place = package / name
        yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]


def _describe(module: Module, hierarchy: Hierarchy, path: Path) -> dict[str, Any]:
    scope = module.summary.scopes[0]
    functions = {name for name, found in scope.bindings.items() if any(one.how == "def" for one in found)}
    imports = {
        name: [found[-1].target.module, found[-1].target.name]
        for name, found in scope.bindings.items()
        if found[-1].target is not None and name not in functions and _matters(found[-1].target.module)
    }
    nodes = _class_nodes(read_source(module.path).text)
    classes = {
        summary.name: _class(hierarchy.view(module, summary), nodes)
        for summary in module.summary.classes
        if summary.scope == 0
    }
    described = {"imports": imports, "functions": sorted(functions), "classes": classes}
    return {"path": path.as_posix(), **{name: facts for name, facts in described.items() if facts}}


def _matters(module: str) -> bool:
    """Tell whether what is imported from a module may be a base class or a re-export."""
    return module.partition(".")[0] in {"panther", "abc"}


def _class_nodes(text: str) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)}


def _class(view: ClassView, nodes: dict[str, ast.ClassDef]) -> dict[str, Any]:
    node = nodes[view.name]
    bases = [".".join(reference.parts) for reference in view.summary.bases if reference.parts]
    if any(ancestor.name in _WITH_FIELDS for ancestor in view.mro):
        return {"line": node.lineno, "bases": bases, "fields": _fields(view, node)}
    if not any(ancestor.declares_contract for ancestor in view.mro):
        return {"bases": bases}
    facts: dict[str, Any] = {"line": node.lineno, "bases": bases, **_protocol(node)}
    definitions = {child.name: child for child in node.body if isinstance(child, ast.FunctionDef)}
    marked = {name: found[-1] for name, found in view.own.items() if view.mark(found[-1]).declared}
    facts["attributes"] = [name for name in view.own if name not in marked]
    facts["methods"] = {name: _method(view, name, definitions[name]) for name in marked}
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


def _method(view: ClassView, name: str, node: ast.FunctionDef) -> dict[str, Any]:
    mark = view.mark(view.own[name][-1])
    first = min(decorator.lineno for decorator in node.decorator_list)
    source = [view.module.source.line(number) for number in range(first, node.lineno + 1)]
    docstring = ast.get_docstring(node) or ""
    facts = {
        "kind": mark.kind,
        "required": mark.abstract,
        "instead": list(mark.instead),
        "line": node.lineno,
        "source": source,
        "parameters": _names_and_defaults(node.args),
        "declared": ast.unparse(node.args),
        "returns": ast.unparse(node.returns) if node.returns else "",
        "summary": docstring.partition("\n")[0],
    }
    return facts if mark.instead else {key: value for key, value in facts.items() if key != "instead"}


def _names_and_defaults(arguments: ast.arguments) -> str:
    """Return the parameters as a lambda would have them: without annotations, every default an ellipsis."""
    copy = ast.parse(f"def f({ast.unparse(arguments)}): 0").body[0]
    if not isinstance(copy, ast.FunctionDef):
        raise TypeError("a definition was parsed as something else")
    for parameter in ast.walk(copy.args):
        if isinstance(parameter, ast.arg):
            parameter.annotation = None
    copy.args.defaults = [ast.Constant(...) for _ in copy.args.defaults]
    copy.args.kw_defaults = [default and ast.Constant(...) for default in copy.args.kw_defaults]
    return ast.unparse(copy.args)

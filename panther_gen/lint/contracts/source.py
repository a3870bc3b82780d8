"""A package's source turned into a contract: which of its classes' methods are final, which required.

Nothing is imported. The marks are ``typing.final`` (also of ``typing_extensions``) and
``abc.abstractmethod``, under whatever names the package gives them, and the marks of the runtime.
Every base class is resolved here, so that whoever reads the contract need not do it again.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from panther_gen.lint.classes.hierarchy import Hierarchy
from panther_gen.lint.classes.names import Names
from panther_gen.lint.contracts.classes import ClassDescriber, Nodes, reference_text
from panther_gen.lint.contracts.package import PackageFile
from panther_gen.lint.disk.modules import Module, Modules, is_standard_library
from panther_gen.lint.reading.ast_reader import read_with_ast
from panther_gen.lint.reading.source import Source, UnreadableError, read_source
from panther_gen.lint.reading.summary import Binding

__all__ = ["PackageContract", "Unreadable", "contract_of_package"]

_MARKS = {"typing.final", "typing_extensions.final", "abc.abstractmethod"}
_DEFINITIONS = {"def", "async def"}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file of the package that cannot be read, where and why."""

    path: Path
    error: UnreadableError


@dataclass(slots=True)
class PackageContract:
    """What is known of a package.

    Attributes:
        modules: what the contract file says of each module, by dotted name.
        unreadable: the files that are missing in it.
    """

    modules: dict[str, dict[str, Any]] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)


def contract_of_package(
    files: Sequence[PackageFile],
    others: Mapping[str, Module],
    describe: type[ClassDescriber] = ClassDescriber,
) -> PackageContract:
    """Return the contract of a package.

    Args:
        files: its modules.
        others: modules of other packages whose marks it may use: those of the runtime.
        describe: says what the contract has of a class.
    """
    contract = PackageContract()
    modules: dict[str, Module] = {}
    for file in files:
        try:
            modules[file.dotted] = _read(file)
        except UnreadableError as error:
            contract.unreadable.append(Unreadable(file.path, error))
    known = Modules({**others, **modules})
    hierarchy = Hierarchy(Names(known, {}))
    for dotted, module in sorted(modules.items()):
        # Parsed once more: the trees of a large package, kept all at once, would fill the memory.
        nodes = Nodes(_parsed(module.source.text)) if isinstance(module.source, Source) else None
        classes = describe(hierarchy, nodes).all_of(module) if nodes and module.summary.classes else {}
        facts = {
            "imports": _imports(module, hierarchy.names, known),
            "stars": [
                absolute
                for star in module.summary.scopes[0].stars
                if star.target is not None
                and (absolute := known.absolute(star.target, module))
                and not is_standard_library(absolute)
            ],
            "functions": _functions(module),
            "classes": classes,
        }
        contract.modules[dotted] = {
            "path": module.shown,
            **{name: found for name, found in facts.items() if found},
        }
    return contract


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():  # of the code that is read, such as an invalid escape sequence
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _read(file: PackageFile) -> Module:
    source = read_source(file.path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            summary = read_with_ast(source.text)
    except SyntaxError as error:
        raise UnreadableError(error.msg, error.lineno or 1, max(error.offset or 0, 0)) from None
    except (RecursionError, MemoryError):
        raise UnreadableError("the file is nested too deeply to be read") from None
    except ValueError as error:
        raise UnreadableError(f"the file cannot be parsed: {error}") from None
    return Module(file.path, file.dotted, file.is_package, (), summary, source, file.shown, is_shipped=True)


def surviving(bindings: Sequence[Binding]) -> list[Binding]:
    """Return the bindings that may hold when the module is complete."""
    certain = max((index for index, binding in enumerate(bindings) if not binding.conditional), default=0)
    return [binding for binding in bindings[certain:] if binding.how != "del"]


def _functions(module: Module) -> list[str]:
    return sorted(
        name
        for name, bindings in module.summary.scopes[0].bindings.items()
        if not name.startswith("_") and any(one.how in _DEFINITIONS for one in surviving(bindings))
    )


def _imports(module: Module, names: Names, modules: Modules) -> dict[str, list[str]]:
    """Return what names of a module mean that it imports, or binds to what has another name."""
    found: dict[str, list[str]] = {}
    for name, bindings in module.summary.scopes[0].bindings.items():
        meanings = [
            meaning
            for one in surviving(bindings)
            for meaning in _meanings(module, one, names, modules)
            if meaning in _MARKS_AS_TEXT or not is_standard_library(meaning.partition(":")[0])
        ]
        if meanings:
            found[name] = list(dict.fromkeys(meanings))
    return found


_MARKS_AS_TEXT = {":".join(mark.rsplit(".", 1)) for mark in _MARKS}


def _meanings(module: Module, binding: Binding, names: Names, modules: Modules) -> Iterable[str]:
    if binding.target is not None:
        absolute = modules.absolute(binding.target, module)
        return [f"{absolute}:{binding.target.name}"] if absolute else []
    if binding.alias:
        targets = names.resolve(module, 0, binding.alias, binding.serial)
        return [text for target in targets if (text := reference_text(target))]
    return []

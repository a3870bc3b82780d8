"""Contracts turned back into modules, like those that are read from a tree.

Resolution and rules see no difference. A module is made when something first asks for it: a contract
may have thousands of classes, and a file derives from few of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from panther_gen.lint.disk.modules import Module
from panther_gen.lint.model import Span
from panther_gen.lint.reading.ast_values import signature_of
from panther_gen.lint.reading.builder import SummaryBuilder
from panther_gen.lint.reading.summary import (
    Decorator,
    ImportTarget,
    Mark,
    Reference,
    Shipped,
    Signature,
)

__all__ = ["ContractModules", "parse_parameters"]

# Names that no source can bind, for what a definition in a contract refers to.
_HIDDEN = "@"
_DECORATORS = {
    "final": ("typing", "final"),
    "property": ("builtins", "property"),
    "classmethod": ("builtins", "classmethod"),
    "staticmethod": ("builtins", "staticmethod"),
}


class ContractModules(Mapping[str, Module]):
    """The modules of one or more contracts, by dotted name.

    Attributes:
        packages: the packages that contract files are about; the runtime is none of them.
    """

    def __init__(self) -> None:
        self.packages: frozenset[str] = frozenset()
        self._facts: dict[str, tuple[Mapping[str, Any], bool]] = {}
        self._made: dict[str, Module] = {}

    def add(self, modules: Mapping[str, Any], *, is_runtime: bool = False) -> None:
        """Enter the modules of one contract.

        Args:
            modules: what it says of each, by dotted name.
            is_runtime: it is the contract of the runtime.
        """
        for dotted, facts in modules.items():
            self._facts[dotted] = (facts, is_runtime)

    def __getitem__(self, dotted: str) -> Module:
        made = self._made.get(dotted)
        if made is None:
            made = self._made[dotted] = _Maker(*self._facts[dotted]).module(dotted)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def runtime_names(self) -> frozenset[str]:
        """Return every name in the contracts of the runtime's classes."""
        return frozenset(
            name
            for facts, is_runtime in self._facts.values()
            if is_runtime
            for details in facts.get("classes", {}).values()
            for name in details.get("methods", ())
        )

    def runtime_classes(self) -> dict[tuple[str, str], Shipped]:
        """Return what the contract says of the runtime's classes beyond their methods, by module and name."""
        return {
            (dotted, name): _shipped(details)
            for dotted, (facts, is_runtime) in self._facts.items()
            if is_runtime
            for name, details in facts.get("classes", {}).items()
        }


class ContractLines:
    """The lines of a module that a finding shows."""

    def __init__(self) -> None:
        self._lines: dict[int, str] = {}

    def add(self, last: int, lines: list[str]) -> None:
        """Enter consecutive lines, the last of them numbered ``last``."""
        for number, text in enumerate(lines, last - len(lines) + 1):
            self._lines[number] = text

    def line(self, number: int) -> str:
        """Return a line, counted from 1; empty if it is not in the contract."""
        return self._lines.get(number, "")

    def lines_with(self, pattern: Any) -> list[int]:
        """Return the numbers of the known lines in which ``pattern`` is found."""
        return [number for number, text in self._lines.items() if pattern.search(text)]


class _Maker:
    """Makes one module."""

    def __init__(self, facts: Mapping[str, Any], is_runtime: bool) -> None:
        self._facts = facts
        self._is_runtime = is_runtime
        self._builder = SummaryBuilder()
        self._lines = ContractLines()

    def module(self, dotted: str) -> Module:
        """Return the module."""
        facts, builder = self._facts, self._builder
        for star in facts.get("stars", ()):  # first: what the contract names goes before what they bring
            builder.star(0, ImportTarget(star, "*"), conditional=False)
        for name, meanings in facts.get("imports", {}).items():
            for meaning in meanings:
                self._import(name, meaning)
        for name in facts.get("functions", ()):
            self._bind(name, "def")
        bodies = {"": 0}
        for key, details in facts.get("classes", {}).items():
            self._class(bodies, key, details)
        summary = builder.summary
        summary.spans = [Span(line) for line in builder.sites]
        shown = facts["path"]
        path = Path(shown)
        is_package = path.name == "__init__.py"
        return Module(path, dotted, is_package, (), summary, self._lines, shown, is_shipped=True)

    def _bind(self, name: str, how: str, **facts: Any) -> None:
        # What has been bound before stands in the contract because conditions decide between the two.
        self._builder.bind(0, name, how, 1, conditional=self._is_bound(0, name), **facts)

    def _is_bound(self, scope: int, name: str) -> bool:
        return name in self._builder.summary.scopes[scope].bindings

    def _import(self, name: str, meaning: str) -> None:
        module, _, path = meaning.partition(":")
        if "." in path:
            self._bind(name, "assignment", alias=self._parts(meaning))
        else:
            self._bind(name, "import", target=ImportTarget(module, path))

    def _parts(self, meaning: str) -> tuple[str, ...]:
        """Return the dotted name by which ``module:name`` is found, whatever the module itself binds."""
        module, _, path = meaning.partition(":")
        return (self._hidden(module, module, ""), *path.split("."))

    def _hidden(self, name: str, module: str, member: str) -> str:
        hidden = f"{_HIDDEN}{name}"
        if not self._is_bound(0, hidden):
            self._builder.bind(0, hidden, "import", 1, target=ImportTarget(module, member))
        return hidden

    def _decorator(self, word: str, line: int) -> Decorator:
        return Decorator(Reference((self._hidden(word, *_DECORATORS[word]),), word, self._builder.site(line)))

    def _base(self, meanings: str | list[str], line: int) -> Reference:
        site = self._builder.site(line)
        if isinstance(meanings, str):
            return Reference(self._parts(meanings), meanings, site)
        text = " | ".join(meanings)
        for meaning in meanings:
            self._bind(f"{_HIDDEN}{text}", "assignment", alias=self._parts(meaning))
        return Reference((f"{_HIDDEN}{text}",) if meanings else (), text, site)

    def _class(self, bodies: dict[str, int], key: str, details: dict[str, Any]) -> None:
        builder, line = self._builder, details["line"]
        outer, _, name = key.partition("#")[0].rpartition(".")
        scope = bodies[outer]
        bases = tuple(self._base(base, line) for base in details["bases"])
        decorators: tuple[Decorator, ...] = ()
        if "final" in details:
            self._lines.add(line, details["final"])
            decorators = (self._decorator("final", line - len(details["final"]) + 1),)
        conditional = self._is_bound(scope, name)
        body = builder.open_class(scope, name, line, bases, decorators, conditional)
        bodies[key.partition("#")[0]] = body
        for attribute in details.get("attributes", ()):
            if f"{key}.{attribute}" not in self._facts["classes"]:  # a class of its own, bound by itself
                builder.bind(body, attribute, "assignment", line)
        if self._is_runtime:
            builder.summary.classes[-1] = replace(builder.summary.classes[-1], shipped=_shipped(details))
        for _, number, text in details.get("fields", {}).values():
            self._lines.add(number, [text])
        for method, entry in details.get("extended", {}).items():
            self._extended(body, method, entry)
        for method, entry in details.get("methods", {}).items():
            self._method(body, method, entry)

    def _extended(self, body: int, name: str, entry: dict[str, Any]) -> None:
        line, source = entry["line"], entry["source"]
        self._lines.add(line, source)
        decorator = Decorator(Reference(("calls_super",), "", self._builder.site(line - len(source) + 1)))
        mark = Mark(declared=True, extends=True)
        self._builder.bind(body, name, "def", line, decorators=(decorator,), mark=mark)

    def _method(self, body: int, name: str, entry: dict[str, Any]) -> None:
        line, source, form = entry["line"], entry["source"], entry.get("form", "method")
        self._lines.add(line, source)
        first = line - len(source) + 1
        instead = tuple(entry.get("instead", ()))
        extends = entry.get("extends", False)
        mark = Mark(entry["kind"], entry["required"], declared=True, extends=extends, instead=instead)
        reference = Reference((f"{entry['kind']}_method",), "", self._builder.site(first))
        decorators: tuple[Decorator, ...] = (Decorator(reference),)
        if form in _DECORATORS:
            decorators = (self._decorator(form, first), *decorators)
        self._builder.bind(
            body,
            name,
            "async def" if entry.get("async") else "def",
            line,
            decorators=decorators,
            signature=None if form == "other" else _signature(entry),
            mark=mark,
            returns=entry["returns"],
        )


def _shipped(details: Mapping[str, Any]) -> Shipped:
    bases = [base for base in details["bases"] if isinstance(base, str)]
    return Shipped(
        details.get("protocol", ""),
        details.get("parameters", ""),
        tuple(base.rpartition(":")[2] for base in bases),
        tuple((name, *facts[:2]) for name, facts in details.get("fields", {}).items()),
    )


def parse_parameters(text: str) -> ast.arguments:
    """Return parameters as they are written between the brackets.

    Raises:
        ValueError: they are none.
    """
    try:
        function = ast.parse(f"lambda {text}: 0", mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"these are no parameters: {error.msg}") from None
    if not isinstance(function, ast.Lambda) or not isinstance(function.body, ast.Constant):
        raise ValueError("these are no parameters")
    return function.args


def _signature(entry: Mapping[str, Any]) -> Signature:
    return signature_of(parse_parameters(entry["parameters"]), is_async=entry.get("async", False))

"""The shipped base classes, as the linter knows them without the runtime being installed.

``contract.json`` is made from the runtime's source by ``python -m panther_gen.lint.snapshot RUNTIME_DIR``;
a test fails where the two differ. It is turned back into modules like those that are read from a tree,
so that resolution and rules see no difference.
"""

from __future__ import annotations

import ast
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from panther_gen.lint.ast_values import signature_of
from panther_gen.lint.builder import SummaryBuilder
from panther_gen.lint.model import Span
from panther_gen.lint.modules import Module
from panther_gen.lint.summary import Decorator, ImportTarget, Mark, Reference, Shipped, Signature

__all__ = ["SNAPSHOT", "load_snapshot"]

#: The file that holds the snapshot.
SNAPSHOT = Path(__file__).with_name("contract.json")


class ShippedLines:
    """The lines of a runtime module that a finding shows."""

    def __init__(self) -> None:
        self._lines: dict[int, str] = {}

    def add(self, last: int, lines: list[str]) -> None:
        """Enter consecutive lines, the last of them numbered ``last``."""
        for number, text in enumerate(lines, last - len(lines) + 1):
            self._lines[number] = text

    def line(self, number: int) -> str:
        """Return a line, counted from 1; empty if it is not in the snapshot."""
        return self._lines.get(number, "")

    def lines_with(self, pattern: Any) -> list[int]:
        """Return the numbers of the known lines in which ``pattern`` is found."""
        return [number for number, text in self._lines.items() if pattern.search(text)]


def load_snapshot(path: Path = SNAPSHOT) -> dict[str, Module]:
    """Return the shipped modules, by dotted name."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {dotted: _module(dotted, facts) for dotted, facts in content["modules"].items()}


def _module(dotted: str, facts: dict[str, Any]) -> Module:
    builder = SummaryBuilder()
    lines = ShippedLines()
    for name, (module, original) in facts.get("imports", {}).items():
        builder.bind(0, name, "import", 1, target=ImportTarget(module, original))
    for name in facts.get("functions", ()):
        builder.bind(0, name, "def", 1)
    for name, details in facts.get("classes", {}).items():
        bases = tuple(Reference(tuple(base.split(".")), base, builder.site(1)) for base in details["bases"])
        line = details.get("line", 1)
        body = builder.open_class(0, name, line, bases, (), conditional=False)
        for attribute in details.get("attributes", ()):
            builder.bind(body, attribute, "assignment", line)
        builder.summary.classes[-1] = replace(
            builder.summary.classes[-1],
            shipped=Shipped(
                details.get("protocol", ""),
                details.get("parameters", ""),
                tuple(details["bases"]),
                tuple((name, *facts[:2]) for name, facts in details.get("fields", {}).items()),
            ),
        )
        for _, number, text in details.get("fields", {}).values():
            lines.add(number, [text])
        for method, entry in details.get("methods", {}).items():
            _bind_method(builder, lines, body, method, entry)
    summary = builder.summary
    summary.spans = [Span(line) for line in builder.sites]
    path = Path(facts["path"])
    return Module(
        path, dotted, path.name == "__init__.py", (), summary, lines, facts["path"], is_shipped=True
    )


def _bind_method(
    builder: SummaryBuilder, lines: ShippedLines, body: int, name: str, entry: dict[str, Any]
) -> None:
    line, source = entry["line"], entry["source"]
    lines.add(line, source)
    mark = Mark(entry["kind"], entry["required"], declared=True, instead=tuple(entry.get("instead", ())))
    reference = Reference((f"{entry['kind']}_method",), "", builder.site(line - len(source) + 1))
    builder.bind(
        body,
        name,
        "def",
        line,
        decorators=(Decorator(reference),),
        signature=_signature(entry["parameters"]),
        mark=mark,
        returns=entry["returns"],
    )


def _signature(parameters: str) -> Signature:
    function = ast.parse(f"lambda {parameters}: 0", mode="eval").body
    if not isinstance(function, ast.Lambda):
        raise TypeError(f"parameters of a shipped method, got {parameters!r}")
    return signature_of(function.args)


def main(arguments: list[str]) -> int:
    """Write the snapshot of the runtime in the directory given; return the exit status."""
    from panther_gen.lint.snapshot_source import snapshot_of

    if len(arguments) != 1 or not Path(arguments[0], "panther").is_dir():
        sys.stderr.write("usage: python -m panther_gen.lint.snapshot RUNTIME_DIR (that holds panther/)\n")
        return 2
    SNAPSHOT.write_text(snapshot_of(Path(arguments[0])), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

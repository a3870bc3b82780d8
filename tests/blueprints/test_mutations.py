"""The generated tests notice each change: to what a plugin's methods return, and to its command templates.

Every literal and every item of a list in a service manager is changed in turn, and every flag and line of
its command templates. A mutant that all tests of the plugin pass is a survivor, and there may be none.
"""

from __future__ import annotations

import ast
import copy
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pytest


def test_no_mutant_survives(grid: Any) -> None:
    """One process for all plugins: what they register must not reach other tests."""
    plugins = sorted((grid.root / "panther" / "plugins" / "services" / "iut").glob("*/*/"))
    assert len(plugins) == 24
    result = subprocess.run(
        [sys.executable, __file__, *map(str, plugins)], cwd=grid.root, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    outcome = json.loads(result.stdout)
    assert outcome["survivors"] == []
    assert outcome["mutants"] > 25 * len(plugins)


@pytest.mark.parametrize(
    ("source", "mutants"),
    [
        ("f('a')", ["f('amutant')"]),
        ("f(1)", ["f(2)"]),
        ("f(True)", ["f(False)"]),
        ("f('a', ['b', c])", ["f('amutant', ['b', c])", "f('a', ['bmutant', c])"]),
        ("f(['a'])", ["f([])", "f(['amutant'])"]),
        ("f([a, b])", ["f([b])", "f([a])", "f([b, a])"]),
        ("def f():\n    'documentation'\n    return a", []),
    ],
)
def test_mutants(source: str, mutants: list[str]) -> None:
    found = [ast.unparse(tree) for _, tree in mutants_of(ast.parse(source))]
    assert set(mutants) <= set(found)
    assert bool(found) == bool(mutants)


def mutants_of(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Yield a description and a changed copy for each change to a literal or a list."""
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for position, node in enumerate(ast.walk(tree)):
        if id(node) in documentation:
            continue
        for change in _changes(node):
            mutant = copy.deepcopy(tree)
            changed = list(ast.walk(mutant))[position]
            change(changed)
            place = f"line {getattr(node, 'lineno', 0)}: {ast.unparse(node)} becomes {ast.unparse(changed)}"
            yield place, ast.fix_missing_locations(mutant)


def _changes(node: ast.AST) -> Iterator[Callable[[Any], None]]:
    if isinstance(node, ast.Constant) and node.value is not None:
        value = not node.value if isinstance(node.value, bool) else node.value
        value = value + "mutant" if isinstance(value, str) else value
        value = value + 1 if isinstance(value, int | float) and not isinstance(value, bool) else value
        yield lambda changed: setattr(changed, "value", value)
    if isinstance(node, ast.List):
        for index in range(len(node.elts)):
            yield lambda changed, index=index: changed.elts.pop(index)  # type: ignore[misc]
        for index in range(len(node.elts) - 1):
            yield lambda changed, index=index: changed.elts.insert(index, changed.elts.pop(index + 1))  # type: ignore[misc]


def changed_templates(text: str) -> Iterator[tuple[str, str]]:
    """Yield a description and a changed copy for each line and each word of a command template."""
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.startswith("#"):
            continue
        yield f"without line {number + 1}: {line.strip()}", "".join(lines[:number] + lines[number + 1 :])
        for match in re.finditer(r"(?<=[ }])(?:--[a-z-]+|client|server)(?=[ {\n])", line):
            changed = f"{line[: match.end()]}x{line[match.end() :]}"
            mutant = "".join([*lines[:number], changed, *lines[number + 1 :]])
            yield f"line {number + 1}: {changed.strip()}", mutant


class Plugin:
    """One generated plugin, with its tests at hand."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.package = ".".join(directory.parts[-6:])
        self.source = directory / f"{directory.name}.py"
        self.module = importlib.import_module(f"{self.package}.{directory.name}")
        self.class_name = importlib.import_module(self.package).__all__[0]
        tests = directory / "tests" / f"test_{directory.name}.py"
        names: dict[str, Any] = {"__file__": str(tests), "__name__": tests.stem}
        exec(compile(tests.read_text(encoding="utf-8"), str(tests), "exec"), names)
        self.tests = [value for name, value in names.items() if name.startswith("test_")]

    def passes(self, code: CodeType) -> bool:
        """Tell whether the module ``code`` passes all tests."""
        name = f"{self.package}.{self.directory.name}"
        names = {"__file__": str(self.source), "__name__": name, "__package__": self.package}
        try:
            exec(code, names)
            for test in self.tests:
                test(names[self.class_name]())  # type: ignore[operator]
        except Exception:  # noqa: BLE001 — whatever is raised, the change was noticed
            return False
        return True

    def survivors(self) -> Iterator[tuple[str, bool]]:
        """Yield each mutant's description, and whether it passed."""
        tree = ast.parse(self.source.read_text(encoding="utf-8"))
        original = compile(tree, str(self.source), "exec")
        assert self.passes(original), f"{self.directory}: the tests fail without a change"
        for place, mutant in mutants_of(tree):
            yield f"{self.source.name}, {place}", self.passes(compile(mutant, str(self.source), "exec"))
        for template in sorted(self.directory.glob("templates/*")):
            text = template.read_text(encoding="utf-8")
            for place, changed in changed_templates(text):
                template.write_text(changed, encoding="utf-8")
                yield f"{self.directory.name}/{template.name}, {place}", self.passes(original)
            template.write_text(text, encoding="utf-8")


def main(directories: list[str]) -> None:
    """Mutate the plugins in the given directories; print what survived as JSON."""
    outcomes = [outcome for directory in directories for outcome in Plugin(Path(directory)).survivors()]
    survivors = [place for place, passed in outcomes if passed]
    print(json.dumps({"mutants": len(outcomes), "survivors": survivors}))


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main(sys.argv[1:])

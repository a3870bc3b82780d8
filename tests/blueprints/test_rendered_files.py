"""What the blueprint writes: which files, and that each of them is well formed."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

PAIRS = [
    (protocol, language)
    for protocol in ("quic", "http", "minip", "tcp", "weather")
    for language in ("python", "rust", "c", "go")
]


@pytest.mark.parametrize(("protocol", "language"), PAIRS)
def test_files(grid: Any, protocol: str, language: str) -> None:
    directory = grid.plugins[protocol, language]
    name = directory.name
    expected = {
        "Dockerfile",
        "README.md",
        "__init__.py",
        "config_schema.py",
        f"{name}.py",
        "templates/client_command.jinja",
        "templates/server_command.jinja",
        f"tests/test_{name}.py",
    }
    if language == "python":
        expected |= {f"endpoint/{protocol}_endpoint.py", "endpoint/requirements.txt"}
    found = {path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()}
    assert {path for path in found if "__pycache__" not in path} == expected


@pytest.mark.parametrize(("protocol", "language"), PAIRS)
def test_text(grid: Any, protocol: str, language: str) -> None:
    for path in grid.plugins[protocol, language].rglob("*"):
        if not path.is_file() or "__pycache__" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert not re.search(r"[ \t]+$", text, re.MULTILINE), path
        assert not re.search(r"TODO|FIXME|NotImplemented|\bcopier\b", text), path
        if path.suffix == ".py":
            ast.parse(text)
        if path.parent.name != "templates":
            assert "{{" not in text, path
            assert "{%" not in text, path


@pytest.mark.parametrize(("protocol", "language"), PAIRS)
def test_class_is_exported(grid: Any, protocol: str, language: str) -> None:
    directory = grid.plugins[protocol, language]
    class_name = f"{protocol.capitalize()}{language.capitalize()}ServiceManager"
    init = ast.parse((directory / "__init__.py").read_text(encoding="utf-8"))
    imported = [node for node in init.body if isinstance(node, ast.ImportFrom)]
    assert [(node.level, node.module, node.names[0].name) for node in imported] == [
        (1, directory.name, class_name)
    ]
    assert f'__all__ = ["{class_name}"]' in (directory / "__init__.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(("protocol", "language"), PAIRS)
def test_readme(grid: Any, protocol: str, language: str) -> None:
    directory = grid.plugins[protocol, language]
    text = (directory / "README.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == [
        "Purpose and Capabilities",
        "Inheritance Pattern",
        "Supported Features",
        "Configuration Schema",
        "Usage Examples",
        "Development and Extension",
        "Testing and Verification",
        "Event Integration",
        "Troubleshooting",
    ]
    module = ast.parse((directory / f"{directory.name}.py").read_text(encoding="utf-8"))
    (manager,) = (node for node in module.body if isinstance(node, ast.ClassDef))
    (base,) = manager.bases
    assert isinstance(base, ast.Name)
    assert f"> **Base class**: `{base.id}`" in text
    methods = [node.name for node in manager.body if isinstance(node, ast.FunctionDef)]
    assert re.findall(r"[├└]── (\w+)\(\)$", text, re.MULTILINE) == methods
    assert not re.search(r"\[[^\]]+\](?!\()", text), "a placeholder in square brackets"


@pytest.mark.parametrize(("protocol", "language"), PAIRS)
def test_example_in_the_readme(grid: Any, protocol: str, language: str) -> None:
    directory = grid.plugins[protocol, language]
    text = (directory / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (test,) = yaml.safe_load(block)["tests"]
    assert test["network_environment"] == {"type": "localhost"}
    assert [
        (service["implementation"]["name"], service["protocol"]["name"], service["protocol"]["role"])
        for service in test["services"].values()
    ] == [(directory.name, protocol, "server"), (directory.name, protocol, "client")]


def test_examples_are_valid_experiments(grid: Any, tmp_path: Path) -> None:
    """One file of all of them, read by the bench itself."""
    tests = []
    for directory in grid.plugins.values():
        text = (directory / "README.md").read_text(encoding="utf-8")
        (block,) = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        tests += yaml.safe_load(block)["tests"]
    experiment = tmp_path / "experiment.yaml"
    experiment.write_text(yaml.safe_dump({"tests": tests}), encoding="utf-8")
    words = ["-m", "panther", "--experiment-config", str(experiment), "--validate-config"]
    result = subprocess.run([sys.executable, *words], cwd=grid.root, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("words", [["format", "--diff"], ["check"]], ids=["format", "check"])
def test_ruff(grid: Any, words: list[str]) -> None:
    """The formatter changes nothing and the linter finds nothing, both with their own defaults."""
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists() and not shutil.which("ruff"):
        pytest.skip("ruff is not installed")
    result = subprocess.run(
        [str(ruff) if ruff.exists() else "ruff", *words, "--isolated", "--no-cache", str(grid.root)],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
def test_mypy(grid: Any) -> None:
    pytest.importorskip("mypy")
    pytest.importorskip("aioquic")
    words = ["-m", "mypy", "--strict", "--cache-dir", str(grid.root / ".mypy_cache"), "."]
    result = subprocess.run([sys.executable, *words], cwd=grid.root, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_panther_gen_lint(grid: Any) -> None:
    words = ["-m", "panther_gen", "lint"]
    result = subprocess.run([sys.executable, *words], cwd=grid.root, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_generated_tests(grid: Any) -> None:
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "panther"]
    result = subprocess.run([sys.executable, *words], cwd=grid.root, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("protocol", ["quic", "http", "minip", "tcp", "weather"])
def test_endpoint_is_small(grid: Any, protocol: str) -> None:
    """An author reads it in a few minutes: one file, documented in its first lines."""
    path = grid.plugins[protocol, "python"] / "endpoint" / f"{protocol}_endpoint.py"
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 220
    assert "until your own program takes over" in text.splitlines()[0]

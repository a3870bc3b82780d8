"""Trees of files to lint, and the ways to lint them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from panther_gen.lint.model import Finding
from panther_gen.lint.running.engine import Report, check_files

Tree = Callable[[Mapping[str, str | bytes]], Path]
Check = Callable[..., Report]
PLUGIN = "panther/plugins/services/iut/quic/sample"


@pytest.fixture
def plugin() -> str:
    """Where a plugin stands in a tree."""
    return PLUGIN


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """Write files below the working directory, which is a directory of the test's own."""
    monkeypatch.chdir(tmp_path)

    def write(files: Mapping[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return write


@pytest.fixture
def check() -> Check:
    """Check files named relative to the working directory."""

    def run(*names: str) -> Report:
        return check_files([Path(name) for name in names])

    return run


@pytest.fixture
def places() -> Callable[[Iterable[Finding]], list[str]]:
    """Findings as ``path:line:column CODE``."""

    def describe(findings: Iterable[Finding]) -> list[str]:
        return [f"{one.path}:{one.span.line}:{one.span.column} {one.code}" for one in findings]

    return describe

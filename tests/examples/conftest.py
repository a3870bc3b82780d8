"""What the tests of the generated examples share: commands that are run there as a person would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def repository() -> Path:
    return _ROOT


@pytest.fixture(scope="session")
def examples() -> Path:
    """The directory that the examples are used from."""
    return _ROOT / "generated_examples"


@pytest.fixture(scope="session")
def iut(examples) -> Path:
    return examples / "panther" / "plugins" / "services" / "iut"


@pytest.fixture(scope="session")
def run(examples) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a Python module in the examples' directory.

    ``cwd`` is another one, ``environment`` is added; with ``apart`` standard error is not among the output.
    """

    def python(
        *words: object, cwd: Path | None = None, timeout: float = 300, apart: bool = False, **environment: str
    ):
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        return subprocess.run(
            [sys.executable, "-m", *map(str, words)],
            cwd=cwd or examples,
            env={**inherited, "PYTHONDONTWRITEBYTECODE": "1", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if apart else subprocess.STDOUT,
            text=True,
            timeout=timeout,
        )

    return python


@pytest.fixture
def panther(run, tmp_path) -> Callable[..., tuple[int, list[dict[str, Any]], str]]:
    """Run the bench; return its exit status, what became of each test, and what it printed."""

    def bench(*words: object, **options: Any):
        done = run("panther", *words, "--results", tmp_path / "results", **options)
        file = tmp_path / "results" / "latest" / "results.json"
        tests = json.loads(file.read_text(encoding="utf-8"))["tests"] if file.is_file() else []
        return done.returncode, tests, done.stdout

    return bench


@pytest.fixture
def launch() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start programs with these variables more; those that still run are killed after the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(words: Sequence[str], **variables: str) -> subprocess.Popen[str]:
        program = subprocess.Popen(
            words,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(program)
        return program

    yield begin
    for program in started:
        if program.poll() is None:
            program.kill()
            program.wait()
        program.stdout.close()

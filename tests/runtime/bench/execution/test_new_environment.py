"""A fresh execution environment: one file, clean, found by being there, and it works as written."""

from __future__ import annotations

import subprocess
import sys

import pytest

from panther.bench import execution
from panther.bench.execution.new_environment import main


@pytest.fixture
def directory(tmp_path, monkeypatch):
    """A directory whose files count as those of the package."""
    place = tmp_path / "environments"
    place.mkdir()
    monkeypatch.setattr(execution, "__path__", [*execution.__path__, str(place)])
    execution.environment_classes.cache_clear()
    yield place
    for name in ("calls_seen", "fresh"):
        sys.modules.pop(f"panther.bench.execution.{name}", None)
    execution.environment_classes.cache_clear()


def test_a_fresh_environment_works_as_written(directory, profiled, needs, capsys):
    needs("strace")
    assert main(["calls-seen", "--tool", "strace", "--directory", str(directory)]) == 0
    path = directory / "calls_seen.py"
    assert str(path) in capsys.readouterr().out
    ruff = [sys.executable, "-m", "ruff", "--config", "line-length = 110"]
    for words in (["check"], ["format", "--check"]):
        subprocess.run([*ruff[:3], *words, *ruff[3:], "--isolated", path], check=True)
    execution.environment_classes.cache_clear()
    test = profiled("calls-seen")
    assert test.outcome == "passed", test.reason
    (profile,) = test.services[0].profiles
    assert profile.environment == "calls-seen"
    assert any("execve" in row[0] for row in profile.rows)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["../up", "--tool", "x"], "'../up' cannot be the name"),
        (["Fresh", "--tool", "x"], "'Fresh' cannot be the name"),
        (["strace", "--tool", "strace"], "'strace' is there already"),
        (["fresh", "--tool", "/bin/x"], "'/bin/x' is no name of a program"),
        (["fresh", "--tool", "x", "--package", '"); import os'], "is no name of a program or package"),
    ],
)
def test_a_name_that_cannot_be_writes_nothing(directory, words, message, capsys):
    assert main([*words, "--directory", str(directory)]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "cure: " in err
    assert list(directory.iterdir()) == []

"""Tests that happen to stand beside a plugin root do not see its plugins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TEST = """\
from panther.plugins.discovery import find_plugins


def test_no_plugin_of_the_neighbour_is_found():
    assert find_plugins() == []
"""


def test_a_root_that_is_passed_by_is_not_added(tmp_path: Path) -> None:
    plugin = tmp_path / "neighbour" / "panther" / "plugins" / "services" / "iut" / "quic" / "one"
    plugin.mkdir(parents=True)
    plugin.joinpath("__init__.py").touch()
    tests = tmp_path / "tests"
    tests.mkdir()
    tests.joinpath("test_neighbour.py").write_text(TEST)
    tmp_path.joinpath("pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout

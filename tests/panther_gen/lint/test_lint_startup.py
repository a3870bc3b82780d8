"""The linter stays light: a clean file needs no libcst, and nothing ever imports ``panther``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
from panther_gen.lint.command import run_lint
run_lint([Path(sys.argv[1])])
print(*sorted(name for name in sys.modules if "." not in name), sep="\\n")
"""
HEAVY = {"copier", "docker", "jinja2", "libcst", "panther", "pydantic", "rich", "typer", "yaml"}
CLEAN = "from panther.plugins.services.base import BaseServiceManager as B\nclass P(B): ...\n"


def imported_by_linting(text: str, directory: Path) -> set[str]:
    (directory / "sample.py").write_text(text)
    command = [sys.executable, "-c", PROGRAM, "sample.py"]
    return set(
        subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True).stdout.split()
    )


@pytest.mark.parametrize(
    ("text", "heavy"),
    [(CLEAN, set()), (CLEAN.replace("...", "prepare = 1"), {"libcst", "yaml"})],
    ids=["clean", "wrong"],
)
def test_nothing_heavy_is_imported_that_is_not_used(text, heavy, tmp_path):
    assert imported_by_linting(text, tmp_path) & HEAVY <= heavy

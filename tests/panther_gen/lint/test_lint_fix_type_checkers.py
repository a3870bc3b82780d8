"""The comments that the fix of PG113 writes are those that mypy and pyright take."""

from __future__ import annotations

import subprocess
import sys

import pytest

from panther_gen.__main__ import main

ESCAPES = '''\
from __future__ import annotations

from typing import Any

from panther.plugins.services.base import BaseServiceManager, overrides_workflow


class One(BaseServiceManager):
    @overrides_workflow(reason="systemd prepares it")
    def prepare(self, plugin_manager: Any = None) -> None:
        """Do nothing."""


class Two(BaseServiceManager):
    @overrides_workflow(
        reason="systemd prepares it",
    )
    def prepare(
        self,
        plugin_manager: Any = None,
    ) -> None:
        """Do nothing."""
'''


@pytest.mark.parametrize("checker", [["mypy", "--strict"], ["pyright", "--pythonpath", sys.executable]])
def test_type_checkers_take_the_comments(checker, tree, tmp_path):
    tree({"a.py": ESCAPES, "pyproject.toml": "[tool.mypy]\n[tool.pyright]\n"})

    def checked() -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", *checker, "a.py"]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    before = checked()
    assert before.returncode == 1
    assert before.stdout.count("override final") == 2
    assert main(["lint", "a.py"]) == 1
    assert main(["lint", "--fix", "a.py"]) == 0
    after = checked()
    assert after.returncode == 0, after.stdout


def test_a_checker_that_is_configured_later_is_noticed(tree, capsys):
    """Although what was found before is remembered, and the fix rests on what is remembered."""
    root = tree({"pyproject.toml": "", "a.py": ESCAPES})
    assert main(["lint", "a.py"]) == 0
    (root / "mypy.ini").write_text("[mypy]\n")
    assert main(["lint", "a.py"]) == 1
    capsys.readouterr()
    assert main(["lint", "a.py"]) == 1
    assert capsys.readouterr().out.endswith("[*] 2 fixable with --fix\n")
    assert main(["lint", "--fix", "a.py"]) == 0

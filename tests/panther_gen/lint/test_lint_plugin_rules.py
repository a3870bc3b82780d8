"""The rules for whole plugin directories: which plugins they look at, and what they cost a plain one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[3] / "generated_examples"
CLASS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseQUICServiceManager\n"
    "@register_plugin('iut', 'sample', '1.0.0', supported_protocols=['quic'])\n"
    "class P(BaseQUICServiceManager):\n"
    "    def _get_implementation_name(self): ...\n    def _get_binary_name(self): ...\n"
)


def test_a_given_file_brings_the_rules_of_its_plugin(tree, check, places, plugin):
    tree(
        {
            f"{plugin}/sample.py": CLASS,
            f"{plugin}/__init__.py": "",
            f"{plugin}/Dockerfile": "FROM debian\nUSER me\n",
            f"{plugin}/../other/Dockerfile": "FROM debian\n",
        }
    )
    expected = [f"{plugin}/Dockerfile:1:1 PG602", f"{plugin}/__init__.py:1:1 PG306"]
    for given in ("sample.py", "Dockerfile"):  # of Python, only what is given has findings
        assert places(check(f"{plugin}/{given}").findings) == expected[:1]
    assert places(check(f"{plugin}/__init__.py").findings) == expected


def test_a_plugin_that_cannot_be_parsed_is_not_judged_as_a_whole(tree, check, plugin):
    tree({f"{plugin}/sample.py": CLASS, f"{plugin}/__init__.py": "x = (\n"})
    assert [one.code for one in check(f"{plugin}/sample.py", f"{plugin}/__init__.py").findings] == ["PG001"]


def test_a_finding_outside_of_python_can_be_left_out(tree, check, plugin):
    comment = "# panther-gen: ignore[PG602] the newest is what is tested\n"
    tree({f"{plugin}/sample.py": "", f"{plugin}/Dockerfile": f"{comment}FROM debian\nUSER me\n"})
    report = check(f"{plugin}/Dockerfile")
    assert (report.findings, report.suppressed) == ([], 1)


def test_a_plain_template_needs_no_jinja(tmp_path):
    shutil.copytree(EXAMPLES / "panther", tmp_path / "panther")
    program = (
        "import sys; from panther_gen.lint.command import run_lint; "
        "status = run_lint([]); print(status, sorted({'jinja2', 'libcst'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "0 []"

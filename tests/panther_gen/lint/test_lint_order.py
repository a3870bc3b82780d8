"""What is found does not depend on how it is asked for; and nothing is found in code without a plugin."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from panther_gen.lint.running.engine import check_files

IMPORT = "from panther.plugins.services.base import BaseServiceManager as B\n"
WRONG = "    def prepare(self): ...\n    def _get_binayr_name(self): ...\n    _do_prepare = make()\n"
MANAGER = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from .middle import Middle\n@register_plugin('itu', 'other', '1')\nclass P(Middle):\n" + WRONG
)


@pytest.fixture
def project(tree, plugin):
    """Write a project with findings of every family in files that depend on each other; return its files."""
    files = {
        f"{plugin}/sample.py": MANAGER,
        f"{plugin}/middle.py": f"{IMPORT}class Middle(B):\n{WRONG}",
        f"{plugin}/__init__.py": "",
        f"{plugin}/Dockerfile": "FROM debian\nCMD run\n",
        f"{plugin}/README.md": "# Sample\n",
        f"{plugin}/templates/server_command.jinja": "{{ nothing }} {% if %}\n",
        f"{plugin}/config_schema.py": (
            "from panther.config.core.models import IUTConfig\nclass C(IUTConfig):\n    x: list = []\n"
        ),
        "lib/__init__.py": "",
        "lib/one.py": f"from lib.two import Two\nclass One(Two):\n{WRONG}",
        "lib/two.py": f"from lib.three import *\nclass Two(Three):\n{WRONG}",
        "lib/three.py": f"{IMPORT}class Three(B): ...  # panther-gen: ignore[PG101] no longer so\n",
        "lib/broken.py": "x = (\n",
    }
    tree(files)
    return [name for name in files if name.endswith((".py", "Dockerfile"))]


def described(report):
    return [(one.path, one.span, one.code, one.message, one.help, one.places) for one in report.findings]


def test_the_project_has_findings_of_many_kinds(project, check):
    families = {one.code[2] for one in check(*project).findings}
    assert families >= set("012346")


def test_the_order_of_the_files_changes_nothing(project, check):
    expected = described(check(*sorted(project)))
    shuffled = list(project)
    for seed in range(8):
        random.Random(seed).shuffle(shuffled)
        assert described(check(*shuffled)) == expected


def test_what_is_found_in_a_file_does_not_depend_on_the_others_that_are_given(project, check):
    together = described(check(*project))
    alone = [found for name in project for found in described(check(name)) if found[0] == name]
    of_given = [found for found in together if found[0] in project]
    assert sorted(alone, key=repr) == sorted(of_given, key=repr)


def found_by(arguments, cwd, **environment):
    command = [sys.executable, "-m", "panther_gen", "lint", "--format", "json", "--no-cache", *arguments]
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, timeout=300
    )
    assert done.stderr == ""
    return json.loads(done.stdout)["findings"]


def placed(findings, cwd):
    """Return findings with absolute paths, so that those of several working directories compare."""
    return sorted(
        (
            os.path.normpath(f"{cwd}/{one['path']}" if not one["path"].startswith("/") else one["path"]),
            one["line"],
            one["column"],
            one["code"],
            one["message"],
        )
        for one in findings
    )


def test_the_working_directory_and_the_spelling_of_paths_change_nothing(project, tmp_path, plugin):
    root = str(tmp_path)
    expected = placed(found_by(["panther", "lib"], root), root)
    assert expected
    spelt = [f"{root}/panther", f"./lib/../lib/../{tmp_path.name}/../lib"]
    (tmp_path / tmp_path.name).mkdir()
    assert placed(found_by(spelt, root), root) == expected
    for inside in (f"{root}/lib", f"{root}/{plugin}"):
        up = os.path.relpath(root, inside)
        assert placed(found_by([f"{up}/panther", f"{up}/lib"], inside), inside) == expected


def test_the_seed_of_hashes_changes_nothing(project, tmp_path):
    first, *others = [found_by(["."], tmp_path, PYTHONHASHSEED=seed) for seed in ("0", "1", "42", "4711")]
    assert first
    assert all(other == first for other in others)


@pytest.mark.slow
def test_nothing_is_found_in_installed_packages_but_what_python_refuses():
    """Thousands of modules that nobody wrote for this linter; some may be broken on purpose."""
    packages = Path(sysconfig.get_path("purelib"))
    files = [
        path
        for path in sorted(packages.rglob("*.py"))
        if not path.relative_to(packages).parts[0].startswith("_panther")
    ]
    assert len(files) > 1000
    report = check_files(files)
    found = [one for one in report.findings if one.code != "PG001"]
    assert [(one.path, one.span.line, one.code) for one in found] == []
    for one in report.findings:
        with pytest.raises((SyntaxError, ValueError, RecursionError, MemoryError)):
            compile(Path(one.path).read_bytes(), one.path, "exec")

"""A fresh execution environment: one file in the user's own tree, clean, found by its name, at work."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[3] / "assets" / "containers"
FILE = "panther/plugins/environments/execution/calls_seen.py"
EXPERIMENT = """\
tests:
  - name: a test
    execution_environment: [{type: calls-seen}]
    services:
      server:
        implementation: {name: perl_pong}
        protocol: {name: minip, role: server}
      client:
        implementation: {name: perl_pong}
        protocol: {name: minip, role: client, target: server}
"""


@pytest.fixture
def project(tmp_path):
    """A project with a plugin, and an experiment that asks for an environment."""
    shutil.copytree(PLUGINS / "panther", tmp_path / "panther")
    (tmp_path / "experiment.yaml").write_text(EXPERIMENT)
    return tmp_path


@pytest.fixture
def panther(project):
    def run(*words, module="panther", status=0):
        argv = [sys.executable, "-m", module, *words]
        done = subprocess.run(
            argv, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300
        )
        assert done.returncode == status, done.stdout
        return done.stdout

    return run


def test_a_fresh_environment_works_as_written(panther, project, needs):
    needs("strace")
    if shutil.which("perl") is None:
        pytest.skip("the program is written in Perl")
    printed = panther("new-execution", "calls-seen", "--tool", "strace", module="panther_gen")
    assert printed.splitlines()[0] == FILE
    ruff = [sys.executable, "-m", "ruff", "--config", "line-length = 110"]
    for words in (["check"], ["format", "--check"]):
        subprocess.run([*ruff[:3], *words, *ruff[3:], "--isolated", project / FILE], check=True)
    panther("lint", "--strict", FILE, module="panther_gen")
    panther("--experiment-config", "experiment.yaml")
    (test,) = json.loads((project / "panther-results/latest/results.json").read_text())["tests"]
    for service in test["services"]:
        (profile,) = service["profiles"]
        assert profile["environment"] == "calls-seen"
        assert any("execve" in row[0] for row in profile["rows"])
    assert "calls-seen: strace" in panther("doctor")


def test_it_is_one_of_those_that_may_have_been_meant(panther, project):
    panther("new-execution", "calls-seen", "--tool", "strace")
    (project / "experiment.yaml").write_text(EXPERIMENT.replace("calls-seen", "calls-sen"))
    printed = panther("validate", "experiment.yaml", status=2)
    assert "experiment.yaml:3:36" in printed
    assert "unknown execution environment 'calls-sen'" in printed
    assert "did you mean 'calls_seen'?" in printed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 / 0", "cannot be imported: ZeroDivisionError: division by zero"),
        ("", "there is no subclass of ExecutionEnvironment whose name is 'calls-seen'"),
    ],
)
def test_a_file_that_is_no_use_is_a_problem_of_the_experiment(panther, project, text, message):
    panther("new-execution", "calls-seen", "--tool", "strace")
    (project / FILE).write_text(text)
    printed = panther("validate", "experiment.yaml", status=2)
    assert message in printed
    assert str(project / FILE) in printed


@pytest.mark.parametrize(
    ("method", "status", "outcome"),
    [("wrap", 4, "error"), ("beside", 4, "error"), ("status", 0, "passed"), ("read", 0, "passed")],
)
def test_a_fault_of_a_file_is_reported_as_that(panther, project, needs, method, status, outcome):
    """The verdict is right, and a person learns in which line of their file it is."""
    needs("strace")
    panther("new-execution", "calls-seen", "--tool", "strace")
    text = (project / FILE).read_text()
    text += f"\n    def {method}(self, *words):\n        return self.nothing\n"
    (project / FILE).write_text(text)
    printed = panther("--experiment-config", "experiment.yaml", status=status)
    assert f"'nothing' (calls_seen.py, line {len(text.splitlines())})" in printed
    (test,) = json.loads((project / "panther-results/latest/results.json").read_text())["tests"]
    assert test["outcome"] == outcome


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["../up", "--tool", "x"], "'../up' cannot be the name"),
        (["Fresh", "--tool", "x"], "'Fresh' cannot be the name"),
        (["strace", "--tool", "strace"], "'strace' is there already"),
        (["py_spy", "--tool", "py-spy"], "'py_spy' is there already"),
        (["fresh", "--tool", "/bin/x"], "'/bin/x' is no name of a program"),
        (["fresh", "--tool", "x", "--package", '"); import os'], "is no name of a program or package"),
    ],
)
def test_a_name_that_cannot_be_writes_nothing(panther, project, words, message):
    printed = panther("new-execution", *words, status=2)
    assert message in printed
    assert "cure: " in printed
    assert not (project / "panther/plugins/environments").exists()


def test_a_directory_that_is_a_file_is_told_with_a_cure(panther, project):
    (project / "file").touch()
    printed = panther("new-execution", "fresh", "--tool", "x", "--directory", "file", status=4)
    assert "'file' cannot be written: File exists\n  cure: name a directory" in printed


@pytest.mark.parametrize("name", ["none", "profile", "settings", "spot", "execution-environment"])
def test_a_name_that_is_a_word_of_the_file_is_no_obstacle(panther, project, needs, name):
    """``class None`` does not parse, and a class ``Profile`` would hide the one that it returns."""
    needs("strace")
    panther("new-execution", name, "--tool", "strace", module="panther_gen")
    panther("lint", "--strict", "panther/plugins/environments", module="panther_gen")
    (project / "experiment.yaml").write_text(EXPERIMENT.replace("calls-seen", f'"{name}"'))
    panther("--experiment-config", "experiment.yaml")
    (test,) = json.loads((project / "panther-results/latest/results.json").read_text())["tests"]
    assert [profile["problem"] for service in test["services"] for profile in service["profiles"]] == ["", ""]


def test_a_name_is_taken_once(panther):
    panther("new-execution", "calls-seen", "--tool", "strace")
    assert "'calls-seen' is there already" in panther("new-execution", "calls-seen", "--tool", "x", status=2)

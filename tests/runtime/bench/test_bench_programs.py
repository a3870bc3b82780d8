"""What a run records of the programs that it started: content, version, package, distributions."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

import pytest
import yaml

from panther.bench.plan import TestPlan
from panther.bench.programs import ProgramsObserver, StartedProgram
from panther.bench.python_programs import imported_distributions, python_source


def describe(path, invoked="", source=""):
    observer = ProgramsObserver({StartedProgram(str(path), invoked or str(path), source): None})
    (described,) = observer.describe(ask=True)
    return described


def script(tmp_path, *lines):
    """Make a program that is no interpreter by its name; the kernel would run /bin/sh."""
    program = tmp_path / "program"
    program.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    program.chmod(0o755)
    return program


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@pytest.fixture
def patient(monkeypatch):
    """Give programs that do tell their version more time than a run has for those that do not."""
    monkeypatch.setattr("panther.bench.programs._SECONDS", 60)


@pytest.mark.usefixtures("patient")
def test_the_programs_of_a_run_are_in_its_results(run, make_test, programs):
    result = run(make_test("quic"))
    record = json.loads((result.directory / "results.json").read_text())
    python = str(Path(sys.executable).resolve())
    assert [program["path"] for program in record["programs"]] == [python, python]
    assert {service["program"] for service in record["tests"][0]["services"]} == {python}
    for program, name in zip(record["programs"], ("quic_server.py", "quic_client.py"), strict=True):
        assert program["sha256"] == sha256(python)
        assert program["version"].startswith("Python 3.")
        assert program["source"]["path"] == str(programs / name)
        assert program["source"]["sha256"] == sha256(programs / name)
        assert program["distributions"].keys() == {"aioquic"}


@pytest.mark.usefixtures("patient")
def test_a_program_is_asked_for_its_version(tmp_path, namespace_only):
    assert (
        describe(script(tmp_path, '[ "$*" = --version ] && echo "tool 1.2.3" && echo more'))["version"]
        == "tool 1.2.3"
    )


@pytest.mark.parametrize(
    "lines",
    [["echo no digits"], ["echo tool 1.2; exit 1"], ["sleep 60"], ["sleep 60 & echo"], [":"]],
    ids=["no number", "refused", "serves", "leaves a child", "silent"],
)
def test_a_program_that_tells_no_version(tmp_path, namespace_only, lines):
    assert describe(script(tmp_path, *lines))["version"] is None


@pytest.mark.usefixtures("patient")
def test_a_version_is_one_line_that_can_be_shown(tmp_path, namespace_only):
    program = script(tmp_path, "printf 'tool\\033[31m 1 %0500d\\n' 7")
    version = describe(program)["version"]
    assert version.startswith("tool?[31m 1 000")
    assert len(version) == 200


def test_a_program_that_is_gone_is_recorded_all_the_same(tmp_path):
    described = describe(tmp_path / "gone")
    assert (described["sha256"], described["version"], described["changed_during_run"]) == (None, None, None)


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="no Debian")
def test_the_debian_package_of_a_program():
    if not Path("/usr/bin/dpkg-query").is_file():
        pytest.skip("dpkg-query is elsewhere")
    assert describe("/usr/bin/dpkg-query")["package"].startswith("dpkg 1.")


@pytest.mark.parametrize(
    "argv",
    [
        ["python3", "-m", "tool"],
        ["python3", "-mtool", "--x"],
        ["/usr/bin/python3", "-u", "-W", "error", "tool.py", "-m", "other"],
        ["./tool.py", "x"],
    ],
)
def test_the_file_that_a_python_program_begins_with(tmp_path, argv):
    (tmp_path / "tool.py").write_text("")
    assert python_source(argv, str(tmp_path), {}) == str(tmp_path / "tool.py")


def test_the_file_of_a_program_that_is_found_on_path(tmp_path):
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    tool = tmp_path / "second" / "tool"
    tool.write_text("#!/usr/bin/env python3\n")
    tool.chmod(0o755)
    path = {"PATH": f"{tmp_path / 'first'}:{tmp_path / 'second'}"}
    assert python_source(["tool", "x"], str(tmp_path), path) == str(tool)
    assert python_source(["absent"], str(tmp_path), path) == ""


@pytest.mark.parametrize(
    "argv", [["python3", "-c", "pass"], ["python3"], ["python3", "-m", "../x"], ["python3", "-"]]
)
def test_a_python_program_without_a_file(tmp_path, argv):
    assert python_source(argv, str(tmp_path), {}) == ""


def test_distributions_are_those_that_the_file_imports(tmp_path):
    file = tmp_path / "x.py"
    file.write_text("import yaml, os, no_such_module\nfrom pydantic.main import BaseModel\nfrom . import y\n")
    assert imported_distributions(sys.executable, str(file)).keys() == {"PyYAML", "pydantic"}
    file.write_text("this is no Python")
    assert imported_distributions(sys.executable, str(file)) == {}
    assert imported_distributions("/no/such/python", __file__) == {}


def test_the_experiment_is_kept_as_it_was_run(run, make_service):
    test = TestPlan(
        "t", "t", (make_service("tcp", "server"), make_service("tcp", "client")), ports={"server": 8080}
    )
    result = run(test, experiment_text="tests: []\n", name="line\nbreak")
    text = (result.directory / "experiment.yaml").read_text()
    assert yaml.safe_load(text) == {"tests": []}
    assert f"# Run it again with: {result.rerun}" in text
    assert result.rerun.startswith(f"panther-gen run {result.directory}/experiment.yaml --isolation ")

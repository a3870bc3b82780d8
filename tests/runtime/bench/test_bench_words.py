"""The words of the runtime's command line: help, exit statuses, and sentences that name the cure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def panther(cwd, *words, **variables):
    return subprocess.run(
        [sys.executable, "-m", "panther", *words],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "100", **variables},
        capture_output=True,
        text=True,
        timeout=240,
    )


def panther_gen(cwd, *words):
    command = [Path(sys.executable).with_name("panther-gen"), *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=240)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A root with a plugin whose program is not there."""
    root = tmp_path_factory.mktemp("project")
    words = ("new-iut", "tcp", "mine", "--language", "c", "--binary", "no_such_program", "--defaults")
    assert panther_gen(root, *words).returncode == 0
    return root


def test_without_a_word_the_help_is_shown_and_the_status_is_2(tmp_path):
    done = panther(tmp_path)
    assert done.returncode == 2
    assert "Usage: python -m panther" in done.stdout + done.stderr


@pytest.mark.parametrize("words", [("--help",), ("try", "--help"), ("run", "-h")])
def test_flags_take_no_value_in_the_help(tmp_path, words):
    done = panther(tmp_path, *words)
    assert done.returncode == 0
    assert "<bool>" not in done.stdout
    assert "or refuse" not in done.stdout


def test_every_exit_status_is_in_the_help(tmp_path):
    text = panther(tmp_path, "--help").stdout
    assert all(f"{status}" in text for status in (0, 1, 2, 3, 4, 129, 130, 141, 143))


def test_started_by_panther_gen_the_help_is_of_panther_gen(tmp_path):
    done = panther_gen(tmp_path, "try", "--help")
    assert "Usage: panther-gen try" in done.stdout
    assert "python -m panther" not in done.stdout


def test_a_program_that_is_not_there_does_not_drown_its_cure(project):
    done = panther(project, "try", "mine")
    assert done.returncode == 4
    assert "the program 'no_such_program' of service 'server' is not on PATH\n" in done.stderr
    assert os.environ["PATH"] not in done.stderr
    assert "panther-gen try mine --set binary_name=/path/to/no_such_program" in done.stderr


def test_a_path_that_is_no_program_says_where_it_was_looked_for(project):
    done = panther(project, "try", "mine", "--set", "binary_name=./nothing")
    assert done.returncode == 4
    assert f"'./nothing' of service 'server' is no executable file in '{project}'" in done.stderr


@pytest.mark.parametrize("place", ["nowhere/x.yaml", "/proc/x.yaml"])
def test_an_experiment_file_that_cannot_be_written_is_told_with_a_cure(project, place):
    done = panther(project, "try", "mine", "--write-config", place)
    assert done.returncode == 4
    assert f"'{place}' cannot be written: No such file or directory\n  cure: name a file in a" in done.stderr


def test_a_flag_of_a_file_before_a_word_is_refused(project):
    done = panther(project, "--jobs", "4", "run", "test_config.yaml")
    assert done.returncode == 2
    sentence, cure = done.stderr.splitlines()
    assert sentence == "panther: --jobs stands before the word 'run', and would do nothing"
    assert cure == "  cure: write it after the word"


@pytest.mark.parametrize("words", [("schema",), ("doctor",), ("--help",)])
def test_output_on_a_full_device_is_a_sentence(project, words):
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "panther", *words]
        done = subprocess.run(command, cwd=project, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 4
    assert done.stderr.startswith(
        "panther: cannot write the output, or a file: No space left on device\n  cure: "
    )


def test_a_place_comes_first_also_where_the_machine_lacks_something(project, tmp_path):
    root = shutil.copytree(project, tmp_path / "root")
    (root / "panther/plugins/services/iut/tcp/mine/__init__.py").write_text("import no_such_package\n")
    done = panther(root, "validate", "test_config.yaml")
    assert done.returncode == 4
    assert done.stderr.startswith("test_config.yaml:10:17: tests[0].services.server.implementation.name: ")


@pytest.mark.parametrize(("setting", "problem"), [("=x", "names no field"), ("x", "has no '='")])
def test_a_setting_that_is_none(project, setting, problem):
    done = panther(project, "try", "mine", "--set", setting)
    assert done.returncode == 2
    assert f"--set '{setting}' {problem}" in done.stderr


@pytest.mark.parametrize("kind", ["a file", "a symbolic link to nothing"])
def test_results_that_have_no_place(project, tmp_path, kind):
    place = tmp_path / "taken"
    if kind == "a file":
        place.touch()
    else:
        place.symlink_to(tmp_path / "gone")
    done = panther(project, "try", "mine", "--set", f"binary_name={sys.executable}", "--results", str(place))
    assert done.returncode == 4, done.stdout
    assert f"results cannot be written to '{place}': it is {kind}" in done.stderr

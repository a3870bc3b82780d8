"""``panther-gen blueprint test``: our blueprints hold in every combination, and what is broken is named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

BLUEPRINTS = Path(__file__).resolve().parents[2] / "blueprints"


@pytest.fixture
def blueprint_test(tmp_path):
    """Test a blueprint with its command; return what ended."""

    def run(directory, *options, python=sys.executable):
        words = [str(python), "-m", "panther_gen", "blueprint", "test", str(directory), *options]
        environment = {**os.environ, "TMPDIR": str(tmp_path)}
        return subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True)

    return run


@pytest.fixture
def small(tmp_path):
    """A copy of our blueprint of protocols with two combinations; return its directory."""
    directory = tmp_path / "small"
    shutil.copytree(BLUEPRINTS / "protocol", directory)
    text = "place: panther/plugins/protocols/{name}\nanswers:\n  name: [weather, wind]\n  transport: [tcp]\n"
    (directory / "tests.yml").write_text(text, encoding="utf-8")
    return directory


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(("kind", "number"), [("iut", 20), ("tester", 40), ("protocol", 12)])
def test_our_blueprints_hold_in_every_combination(blueprint_test, kind, number):
    result = blueprint_test(BLUEPRINTS / kind, "--json")
    document = json.loads(result.stdout)
    failed = [one for one in document["combinations"] if not one["passed"]]
    assert failed == []
    assert result.returncode == 0
    assert len(document["combinations"]) == number
    assert all(one["files"] >= 5 and one["tests"] >= 5 for one in document["combinations"])
    assert len({json.dumps(one["answers"]) for one in document["combinations"]}) == number


def test_nothing_is_left_behind(blueprint_test, small, tmp_path):
    before = set(tmp_path.iterdir())
    assert blueprint_test(small).returncode == 0
    left = {path.name for path in set(tmp_path.iterdir()) - before}
    assert not {name for name in left if name.startswith("panther-gen")}


def test_a_failing_test_is_named_with_its_combination(blueprint_test, small):
    file = small / "template" / "tests" / "test_{{ name }}_protocol.py.jinja"
    broken = '    assert "{{ name }}" != "wind"\n'
    _replace(file, "    parameters = Speaker()", f"{broken}    parameters = Speaker()")
    result = blueprint_test(small)
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("ok    name=weather")
    assert lines[1].startswith("FAIL  name=wind")
    assert lines[2] == "blueprint 'small': 1 of 2 combinations passed"
    assert lines[3] == "first failure, name=wind:"
    assert "tests: FAILED" in lines[4]
    assert "test_wind_protocol.py::test_parameters" in lines[4]
    document = json.loads(blueprint_test(small, "--json").stdout)
    assert document["passed"] is False
    assert [one["stage"] for one in document["combinations"]] == ["", "tests"]


def test_a_finding_of_the_linter_is_named_with_its_place(blueprint_test, small):
    with (small / "template" / "service_base.py.jinja").open("a", encoding="utf-8") as file:
        file.write(
            "\n\nclass Bad({{ base_class }}):\n    def prepare(self, plugin_manager=None):\n        pass\n"
        )
    result = blueprint_test(small)
    assert result.returncode == 1
    assert "lint: panther/plugins/protocols/weather/service_base.py:" in result.stdout
    assert "PG101" in result.stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{% if %}\n", "Expected an expression"),
        ("{{ nothing.at.all }}\n", "'nothing' is undefined"),
    ],
)
def test_an_error_of_jinja_is_named_with_file_and_line(blueprint_test, small, text, words):
    file = small / "template" / "README.md.jinja"
    file.write_text(f"one\ntwo\n{text}", encoding="utf-8")
    result = blueprint_test(small)
    assert result.returncode == 1
    assert f"render: {file}:3: " in result.stdout
    assert words in result.stdout


def test_a_refused_answer_is_named(blueprint_test, small):
    _replace(small / "tests.yml", "wind]", "Wind]")
    result = blueprint_test(small)
    assert result.returncode == 1
    assert "use lower-case letters" in result.stdout


def test_a_blueprint_without_tests_fails(blueprint_test, small):
    shutil.rmtree(small / "template" / "tests")
    result = blueprint_test(small)
    assert result.returncode == 1
    assert "tests: it has no tests" in result.stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("answers: {nam: [x]}", "there is no question 'nam'\n  cure: did you mean 'name'?"),
        ("answer: {}", "there is no key 'answer'\n  cure: did you mean 'answers'?"),
        ("answers: {name: x}", "the answers to 'name' are no list"),
        ("[", "it cannot be read"),
        ("place: ../{name}\nanswers: {name: [x]}", "lies outside of the root"),
        ("place: a/{nam}\nanswers: {name: [x]}", "cannot be filled in: 'nam'"),
        (
            f"answers: {{port: {list(range(1, 1200))}}}",
            "2398 combinations; 1000 are the most",
        ),
    ],
)
def test_a_tests_file_that_cannot_be_used_is_refused(blueprint_test, small, text, words):
    (small / "tests.yml").write_text(text, encoding="utf-8")
    result = blueprint_test(small)
    assert result.returncode == 2
    assert words in result.stderr


def test_choices_are_read_from_the_questions_where_nothing_else_is_said(blueprint_test, small):
    (small / "tests.yml").write_text("place: panther/plugins/protocols/{name}\n", encoding="utf-8")
    text = "\nflavour:\n  choices: [sweet, sour]\nextra:\n  type: bool\n  default: false\n"
    text += "hidden:\n  type: bool\n  when: false\n"
    with (small / "copier.yml").open("a", encoding="utf-8") as file:
        file.write(text)
    document = json.loads(blueprint_test(small, "--json").stdout)
    answers = [one["answers"] for one in document["combinations"]]
    assert answers == [
        {"name": "sample", "transport": transport, "flavour": flavour, "extra": extra}
        for transport in ("tcp", "udp")
        for flavour in ("sweet", "sour")
        for extra in (False, True)
    ]


def test_what_is_no_blueprint_is_refused(blueprint_test, tmp_path):
    result = blueprint_test(tmp_path)
    assert result.returncode == 2
    assert "holds no copier.yml" in result.stderr


def test_a_machine_without_the_runtime_is_told_what_is_missing(blueprint_test, small, tmp_path):
    """The packages of this environment are all there, but for the runtime."""
    home = tmp_path / "venv"
    venv.create(home, symlinks=True, with_pip=False)
    packages = next(home.glob("lib/python3*/site-packages"))
    for place in map(Path, filter(None, sys.path)):
        if place.name == "site-packages":
            for entry in place.iterdir():
                if not entry.name.startswith(("panther", "_panther", "__editable__", "_editable")):
                    (packages / entry.name).symlink_to(entry)
    (packages / "here.pth").write_text(f"{BLUEPRINTS.parent}\n", encoding="utf-8")
    for pth in packages.glob("*.pth"):
        if pth.is_symlink():
            pth.unlink()
    result = blueprint_test(small, python=home / "bin" / "python")
    assert result.returncode == 4
    assert "the runtime that does so is not installed" in result.stderr
    assert "panther-gen[runtime]" in result.stderr

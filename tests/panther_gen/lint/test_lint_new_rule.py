"""The linter's next rule: scaffolded, registered, and proved by its own cases; the page that walks it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from panther_gen.lint import rules
from panther_gen.lint.pages.new_rule import main
from panther_gen.lint.rule import FAMILIES

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "writing-rules.md"
COPIED = ["panther_gen", "docs", "tests", "blueprints", "pyproject.toml", "noxfile.py", "README.md"]
SCRATCH = shutil.ignore_patterns("__pycache__", ".*_cache", "_blueprints")
#: What mypy knows already of files that are the same, where it has been run here.
KNOWN_TO_MYPY = ".mypy_cache"


@pytest.fixture
def checkout(tmp_path):
    """Copy what a rule's author works with."""
    copy = tmp_path / "checkout"
    copy.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=SCRATCH)
        else:
            shutil.copy(ROOT / name, copy)
    with contextlib.suppress(FileNotFoundError, shutil.Error):  # it may be written meanwhile
        shutil.copytree(ROOT / KNOWN_TO_MYPY, copy / KNOWN_TO_MYPY)
    return copy


@pytest.fixture
def do(checkout):
    """Carry out a command line in the copy, whose package comes first; return what it says."""

    def carry_out(line, status=0):
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        environment = {**os.environ, "PYTHONPATH": str(checkout), "PATH": path, "COLUMNS": "100"}
        done = subprocess.run(
            ["bash", "-ec", line], cwd=checkout, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == status, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    return carry_out


def commands():
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.slow
def test_the_commands_of_the_page_work_as_they_stand(do, checkout):
    lines = commands()
    assert [line.split()[0] for line in lines].count("nox") == 2
    said = {}
    for line in lines:
        # The packages that the sessions would install are those of this environment.
        said[line] = do(line.replace("nox ", "nox --no-venv --no-install ", 1))
    assert "loud-method (contract, error)" in said["panther-gen explain loud-method"]
    assert (checkout / "panther_gen/lint/rules/loud_method.py").is_file()
    assert "loud-method" in (checkout / "docs/rules/index.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_fresh_rule_of_every_kind_passes_what_every_rule_has_to_pass(do, checkout):
    asked = [
        ("aa-first", "contract", "class"),
        ("mm-middle", "commands", "module"),
        ("zz-last", "docs", "plugin"),
    ]
    for name, family, kind in asked:
        do(f"python -m panther_gen.lint.pages.new_rule {name} --family {family} --kind {kind}")
    do("ruff check panther_gen && ruff format --check panther_gen && mypy panther_gen/lint/rules")
    do("python -m panther_gen.lint.pages.rule_pages docs/rules")
    tests = "test_lint_rule_cases.py test_lint_pages.py test_lint_explain.py test_lint_readers.py"
    cases = do("cd tests/panther_gen/lint && pytest -v -k 'not repository' " + tests)
    digits = {word: digit for digit, word in FAMILIES.items()}
    for name, family, _ in asked:
        used = [int(rule.code[2:]) for rule in rules.RULES if rule.code[2] == str(digits[family])]
        code = f"PG{max(used) + 1}"
        assert f"test_a_rule_finds_its_invalid_case[{code}-1] PASSED" in cases
        assert f"test_a_rule_finds_nothing_in_its_valid_case[{code}-1] PASSED" in cases
        path = checkout / "panther_gen/lint/rules" / f"{name.replace('-', '_')}.py"
        assert f'code = "{code}"' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("one", "class", "'one' cannot be the name of a rule"),
        ("Two-Words", "class", "'Two-Words' cannot be"),
        ("../up-there", "class", "cannot be the name"),
        ("very-" * 8 + "long", "class", "35 characters at most"),
        ("workflow-overridden", "class", "is the name of PG101"),
        ("fresh-rule", "plugin", "looks at classes, not at a plugin"),
    ],
)
def test_what_cannot_be_started_is_refused_and_nothing_is_written(name, kind, message, capsys):
    directory = Path(rules.__file__).parent
    before = {path.name: path.stat().st_mtime_ns for path in directory.glob("*.py")}
    assert main([name, "--family", "contract", "--kind", kind]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "\n  cure: " in err
    assert {path.name: path.stat().st_mtime_ns for path in directory.glob("*.py")} == before


def test_a_registry_that_was_rewritten_is_left_alone(do, checkout):
    registry = checkout / "panther_gen/lint/rules/__init__.py"
    text = registry.read_text(encoding="utf-8").replace(
        "CLASS_RULES: tuple[ClassRule, ...] = (", "CLASS_RULES = ("
    )
    registry.write_text(text, encoding="utf-8")
    said = do("python -m panther_gen.lint.pages.new_rule loud-method --family tests --kind class", status=3)
    assert "register LoudMethod of loud_method.py there by hand" in said
    assert registry.read_text(encoding="utf-8") == text
    assert not registry.with_name("loud_method.py").exists()

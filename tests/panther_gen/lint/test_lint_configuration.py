"""``[tool.panther-gen.lint]``: what it changes, and how a mistake in it is told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from panther_gen.__main__ import main
from panther_gen.errors import UsageError
from panther_gen.lint.command import run_lint
from panther_gen.lint.configuration.patterns import Patterns

IMPORT = "from panther.plugins.services.base import BaseServiceManager as B\n"
WRONG = f"{IMPORT}class P(B, make()):\n    def prepare(self): ...\n"
TABLE = "[tool.panther-gen.lint]\n"


@pytest.fixture
def codes(tree, capsys):
    """Lint a tree in which ``sub/a.py`` has PG201 and PG101; return the status and the codes."""

    def lint(settings, *words, files=None):
        tree({"pyproject.toml": settings, "sub/a.py": WRONG, **(files or {})})
        status = main(["lint", "--format", "json", *(words or ["sub"])])
        document = json.loads(capsys.readouterr().out)
        return status, [one["code"] for one in document["findings"]]

    return lint


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("", ["PG201", "PG101"]),
        ("[tool.ruff]\nselect = 1\n", ["PG201", "PG101"]),
        (TABLE, ["PG201", "PG101"]),
        (f'{TABLE}select = ["PG1"]\n', ["PG101"]),
        (f'{TABLE}select = ["PG"]\nignore = ["PG20"]\n', ["PG101"]),
        (f'{TABLE}select = ["unresolved-base", "PG102"]\n', ["PG201"]),
        (f'{TABLE}ignore = ["workflow-overridden"]\n', ["PG201"]),
        (f"{TABLE}select = []\n", []),
        ('tool.panther-gen.lint = { ignore = ["PG1"] }\n', ["PG201"]),
        (f'{TABLE}per-file-ignores = {{ "sub/*" = ["PG1"], "other" = ["PG2"] }}\n', ["PG201"]),
        ('[tool.panther-gen.lint.per-file-ignores]\n"**/a.py" = ["PG1", "PG2"]\n', []),
    ],
)
def test_rules_are_selected_and_ignored(settings, found, codes):
    assert codes(settings)[1] == found


def test_strict_can_be_set_and_unset(codes):
    settings = f'{TABLE}strict = true\nignore = ["PG1"]\n'
    assert codes(settings) == (1, ["PG201"])
    assert codes(settings, "sub", "--no-strict") == (0, ["PG201"])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--select", "PG1"], ["PG101"]),
        (["--select", "PG1,PG2"], ["PG201", "PG101"]),
        (["--select", "PG1", "--select", "PG2", "--ignore", "PG201"], ["PG101"]),
        (["--ignore", "PG1"], []),
    ],
)
def test_options_go_before_the_file(words, found, codes):
    assert codes(f'{TABLE}ignore = ["PG2"]\n', "sub", *words)[1] == found


def test_a_file_that_cannot_be_parsed_is_found_whatever_is_selected(codes):
    broken = {"sub/b.py": "def f(:\n"}
    settings = f'{TABLE}select = ["PG101"]\nignore = ["PG0"]\nper-file-ignores = {{ "*.py" = ["PG"] }}\n'
    assert codes(settings, files=broken) == (1, ["PG001"])


@pytest.mark.parametrize(
    ("patterns", "summary"),
    [
        ('["broken"]', "All clean: 1 file checked, 2 excluded"),
        ('["src/broken/"]', "All clean: 1 file checked, 2 excluded"),
        ('["src/**/a.py", "src/broken/?.py"]', "All clean: 1 file checked, 2 excluded"),
        ('["src"]', "Nothing checked: 3 files excluded"),
    ],
)
def test_excluded_files_are_counted_and_not_checked(patterns, summary, tree, capsys):
    broken = {"src/broken/a.py": "def f(:\n", "src/broken/b.py": "x = (\n"}
    tree({"pyproject.toml": f"{TABLE}exclude = {patterns}\n", "src/fine.py": "", **broken})
    assert run_lint([Path("src"), Path("src/broken/a.py")]) == 0
    assert capsys.readouterr().out == f"{summary}\n"


def test_patterns_are_relative_to_the_file_that_has_them(tree, capsys, monkeypatch, tmp_path):
    settings = (
        f'{TABLE}exclude = ["one/a.py"]\n[tool.panther-gen.lint.per-file-ignores]\n"one/b.py" = ["PG1"]\n'
    )
    wrong = WRONG.replace(", make()", "")
    tree({"pyproject.toml": settings, "one/a.py": wrong, "one/b.py": wrong, "one/c.py": ""})
    monkeypatch.chdir(tmp_path / "one")
    assert run_lint([Path("a.py"), Path("../one/b.py"), tmp_path / "one/c.py"]) == 0
    assert capsys.readouterr().out == "All clean: 2 files checked, 1 excluded\n"


def test_the_nearest_file_counts(tree, capsys, monkeypatch, tmp_path):
    tree({"pyproject.toml": f"{TABLE}strict = 1\n", "one/pyproject.toml": "", "one/a.py": ""})
    monkeypatch.chdir(tmp_path / "one")
    assert run_lint([Path("a.py")]) == 0


@pytest.mark.parametrize(
    ("settings", "where", "message", "cure"),
    [
        (f"\n{TABLE}selct = []\n", ":3", "'selct' is no setting", "did you mean 'select'?"),
        (f"{TABLE}per_file_ignores = []\n", ":2", "'per_file_ignores' is no", "'per-file-ignores'?"),
        (f"{TABLE}colour = 1\n", ":2", "'colour' is no setting", "known: select, "),
        ("[tool.panther-gen.lnit]\n", ":1", "'lnit' is no setting of [tool.panther-gen]", "'lint'?"),
        (f'{TABLE}select = "PG1"\n', ":2", "'select' is a string, not a list", 'write select = ["PG1"]'),
        (f"{TABLE}ignore = [\n  101,\n]\n", ":2", "'ignore' has a number, '101'", "ignore = ["),
        (f"{TABLE}strict = 1\n", ":2", "'strict' is a number, '1', not true or false", "strict = true"),
        (f"{TABLE}per-file-ignores = []\n", ":2", "is a list, not a table", "write [tool."),
        ("[tool]\npanther-gen = 1\n", ":2", "'panther-gen' is a number, not a table", "[tool.panther-gen]"),
        (
            f'{TABLE}select = [\n  "PG1",\n  "PG999",\n]\n',
            ":4",
            "'PG999' in 'select' means no rule",
            "write a code, the beginning of one, or a name",
        ),
        (
            f'{TABLE}strict = true\n[tool.panther-gen.lint.per-file-ignores]\nx = ["PG2"]\n"a.b" = ["pg1"]\n',
            ":5",
            "'pg1' in 'per-file-ignores' means no rule",
            "did you mean 'PG1'?",
        ),
        (f'{TABLE}ignore = ["PG001"]\n', ":2", "'PG001' in 'ignore' cannot be ignored", "exclude"),
        (f'{TABLE}exclude = ["/tmp"]\n', ":2", "'/tmp' of 'exclude' is outside", "relative"),
        (f'{TABLE}exclude = [""]\n', ":2", "'' of 'exclude' means no file", "tests/data"),
        (f'{TABLE}exclude = ["[z-a]"]\n', ":2", "'[z-a]' of 'exclude' has a set", "[a-z]"),
        ("tool = 1  # panther-gen\n", ":1", "'tool' is a number, not a table", "[tool]"),
        (f"{TABLE}strict = yes\n", ":2:10", "it is not TOML: Invalid value", ""),
    ],
)
def test_a_mistake_is_told_with_its_line_and_a_cure(settings, where, message, cure, tree):
    tree({"pyproject.toml": settings, "a.py": ""})
    with pytest.raises(UsageError) as caught:
        run_lint([Path("a.py")])
    assert caught.value.where == f"pyproject.toml{where}"
    assert message in caught.value.message
    assert cure in caught.value.cure


@pytest.mark.parametrize(
    ("option", "word", "cure"),
    [
        ("--select", "pg10", "did you mean 'PG10'?"),
        ("--ignore", "workflow-overriden", "did you mean 'workflow-overridden'?"),
        ("--ignore", "PG001", "leave the file out"),
    ],
)
def test_an_option_that_means_no_rule_is_refused(option, word, cure, tree, capsys):
    tree({"a.py": ""})
    assert main(["lint", "a.py", option, word]) == 2
    err = capsys.readouterr().err
    assert f"{option} '{word}'" in err
    assert cure in err


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("a.py", "a.py", True),
        ("a.py", "deep/er/a.py", True),
        ("a.py", "aa.py", False),
        ("a?.py", "ab.py", True),
        ("tests", "src/tests/x/y.py", True),
        ("src/tests", "src/tests/x/y.py", True),
        ("src/tests", "other/src/tests/x.py", False),
        ("./src/", "src/x.py", True),
        ("src/*.py", "src/x.py", True),
        ("src/*.py", "src/y/x.py", False),
        ("src/**/x.py", "src/x.py", True),
        ("src/**/x.py", "src/a/b/x.py", True),
        ("src/**", "src/a/b.py", True),
        ("**/b.py", "b.py", True),
        ("[ab].py", "b.py", True),
        ("[!ab].py", "b.py", False),
        ("a+b.py", "a+b.py", True),
        ("a[].py", "a[].py", True),
        ("*.py", "../a.py", False),
    ],
)
def test_a_pattern_means_what_it_says(pattern, path, matches, tmp_path):
    assert Patterns(tmp_path, [pattern]).match(tmp_path / path) is matches


def test_without_a_table_of_ours_no_toml_is_parsed(tree):
    root = tree({"pyproject.toml": "[tool.ruff]\n", "a.py": ""})
    program = (
        "import sys; from pathlib import Path; from panther_gen.lint.command import run_lint\n"
        "run_lint([Path('a.py')]); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=root, check=True
    )
    loaded = set(done.stdout.split())
    lint = "panther_gen.lint"
    assert not loaded & {"tomllib", f"{lint}.choosing.selection", f"{lint}.configuration.settings"}

"""A baseline: what is known does not count, what is new does, and what is mended is told."""

from __future__ import annotations

import json

import pytest

from panther_gen.__main__ import main

IMPORT = "from panther.plugins.services.base import BaseServiceManager as B\n"
WRONG = f"{IMPORT}class P(B):\n    def prepare(self): ...\n"
TWICE = f"{WRONG}class Q(B):\n    def prepare(self): ...\n"
KNOWN = ["--baseline", "known.json"]


@pytest.fixture
def lint(capsys):
    """Lint with the baseline ``known.json``; return the status, the output and the error output."""

    def run(*words):
        status = main(["lint", *words, *KNOWN])
        return status, *capsys.readouterr()

    return run


def entries():
    with open("known.json", encoding="utf-8") as file:  # noqa: PTH123
        return json.load(file)["findings"]


def test_what_is_known_does_not_count(tree, lint):
    tree({"a.py": WRONG})
    assert lint("a.py", "--write-baseline") == (0, "known.json: 1 known finding\n", "")
    assert lint("a.py") == (0, "All clean: 1 file checked, 1 in the baseline\n", "")


def test_it_may_move_but_not_change(tree, lint):
    tree({"a.py": WRONG})
    lint("a.py", "--write-baseline")
    tree({"a.py": f"# new\n\n{WRONG}"})
    assert lint("a.py")[0] == 0
    tree({"a.py": WRONG.replace("(self)", "(self, plugins)")})
    status, out, err = lint("a.py")
    assert status == 1
    assert "a.py:3:9: PG101" in out
    assert "stale in the baseline 'known.json': a.py PG101 'P' overrides" in err


def test_equal_findings_are_counted(tree, lint):
    tree({"a.py": WRONG})
    lint("a.py", "--write-baseline")
    tree({"a.py": TWICE})
    status, out, _ = lint("a.py")
    assert status == 1
    assert out.endswith("1 file checked, 1 error, 1 in the baseline\n")
    lint("a.py", "--write-baseline")
    assert [one["count"] for one in entries()] == [2]
    tree({"a.py": WRONG})
    assert "'known.json': a.py PG101" in lint("a.py")[2]


def test_what_is_mended_is_told_and_fails_when_strict(tree, lint):
    tree({"a.py": WRONG, "b.py": WRONG})
    lint(".", "--write-baseline")
    tree({"a.py": ""})
    status, out, err = lint(".")
    assert (status, out) == (0, "All clean: 2 files checked, 1 in the baseline, 1 stale in the baseline\n")
    assert err.startswith("panther-gen: stale in the baseline 'known.json': a.py PG101 ")
    assert err.endswith("\n  cure: renew it with --write-baseline\n")
    found = "2 files checked, no new findings, 1 in the baseline, 1 stale in the baseline\n"
    assert lint(".", "--strict")[:2] == (1, found)
    assert lint(".", "--write-baseline")[1] == "known.json: 1 known finding\n"
    assert lint(".", "--strict") == (0, "All clean: 2 files checked, 1 in the baseline\n", "")


def test_a_file_that_was_not_checked_stays_known(tree, lint):
    tree({"a.py": WRONG, "b.py": WRONG})
    lint(".", "--write-baseline")
    tree({"a.py": ""})
    assert lint("b.py")[2] == ""
    lint("b.py", "--write-baseline")
    assert [one["path"] for one in entries()] == ["a.py", "b.py"]


def test_a_file_that_is_gone_is_stale(tree, lint):
    root = tree({"a.py": WRONG, "b.py": WRONG})
    lint(".", "--write-baseline")
    (root / "a.py").unlink()
    assert "'known.json': a.py PG101" in lint("b.py")[2]
    lint("b.py", "--write-baseline")
    assert [one["path"] for one in entries()] == ["b.py"]


def test_a_file_that_cannot_be_parsed_makes_nothing_stale(tree, lint):
    tree({"a.py": WRONG})
    lint("a.py", "--write-baseline")
    tree({"a.py": f"{WRONG}def f(:\n"})
    status, _, err = lint("a.py")
    assert (status, err) == (1, "")


def test_rules_that_are_not_selected_are_neither_written_nor_stale(tree, lint):
    tree({"a.py": f"{IMPORT}class P(B, make()):\n    def prepare(self): ...\n"})
    lint("a.py", "--write-baseline", "--select", "PG101")
    assert [one["code"] for one in entries()] == ["PG101"]
    assert lint("a.py", "--select", "PG2")[::2] == (0, "")
    lint("a.py", "--write-baseline", "--ignore", "PG1")
    assert [one["code"] for one in entries()] == ["PG101", "PG201"]


def test_it_holds_wherever_the_linter_is_started(tree, lint, capsys, monkeypatch):
    root = tree({"sub/a.py": WRONG})
    lint("sub", "--write-baseline")
    assert entries()[0]["path"] == "sub/a.py"
    monkeypatch.chdir(root / "sub")
    assert main(["lint", "a.py", "--baseline", "../known.json"]) == 0
    assert capsys.readouterr().out == "All clean: 1 file checked, 1 in the baseline\n"


def test_writing_twice_changes_nothing(tree, lint):
    root = tree({"b.py": TWICE, "a.py": WRONG, "c.py": "def f(:\n"})
    lint(".", "--write-baseline")
    first = (root / "known.json").read_bytes()
    lint("c.py", "b.py", "a.py", "--write-baseline")
    assert (root / "known.json").read_bytes() == first
    assert sorted(path.name for path in root.iterdir()) == ["a.py", "b.py", "c.py", "known.json"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "'known.json' is no baseline: "),
        (
            '{"version": 1,\n "findings": nothing}',
            "known.json:2:14: it is no baseline: Expecting value\n  cure: ",
        ),
        ('{"version": 2}', "its version is 2, not 1"),
        ('{"version": 1, "findings": [{"path": "a.py"}]}', "it has no 'code'"),
        (b"\xff", "the baseline 'known.json' cannot be read: "),
    ],
)
@pytest.mark.parametrize("words", [[], ["--write-baseline"]])
def test_another_file_is_refused_and_left_alone(content, message, words, tree, lint):
    root = tree({"a.py": WRONG, "known.json": content})
    before = (root / "known.json").read_bytes()
    status, out, err = lint("a.py", *words)
    assert (status, out) == (2, "")
    assert message in err
    assert (root / "known.json").read_bytes() == before


def test_what_is_missing_is_told_with_a_cure(tree, lint, capsys):
    tree({"a.py": WRONG})
    status, _, err = lint("a.py")
    assert status == 2
    assert "the baseline 'known.json' does not exist\n  cure: write it with --write-baseline" in err
    assert main(["lint", "a.py", "--write-baseline"]) == 2
    assert "cure: write --baseline FILE --write-baseline" in capsys.readouterr().err


def test_a_directory_in_its_place_is_told_with_a_cure(tree, lint):
    tree({"a.py": WRONG, "known.json/b.py": ""})
    words = "the baseline 'known.json' cannot be read: Is a directory\n  cure: name a file that can be read\n"
    assert lint("a.py")[2].endswith(words)


def test_a_directory_that_is_not_there_is_told(tree, capsys):
    tree({"a.py": WRONG})
    assert main(["lint", "a.py", "--baseline", "no/known.json", "--write-baseline"]) == 4
    assert "the baseline 'no/known.json' cannot be written" in capsys.readouterr().err

"""``panther-gen lint - --stdin-filename PATH``: what an editor has not saved yet."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace

import pytest

from panther_gen.__main__ import main

IMPORT = "from panther.plugins.services.base import BaseServiceManager as B\n"
WRONG = f"{IMPORT}class P(B):\n    def prepare(self): ...\n"


@pytest.fixture
def lint(capsys, monkeypatch):
    """Lint what is piped in; return the status, the output and the error output."""

    def run(content, *words):
        data = content if isinstance(content, bytes) else content.encode()
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        status = main(["lint", *words])
        return status, *capsys.readouterr()

    return run


def test_standard_input_is_checked(tree, lint):
    tree({})
    status, out, _ = lint(WRONG, "-")
    assert status == 1
    assert out.startswith("<stdin>:3:9: PG101 ")
    assert "3 |     def prepare(self): ...\n" in out
    assert lint("", "-")[:2] == (0, "All clean: 1 file checked\n")


def test_it_stands_where_its_name_says(tree, lint):
    tree({"pkg/__init__.py": "", "pkg/base.py": f"{IMPORT}class Base(B): ...\n", "pkg/a.py": "x = (\n"})
    status, out, _ = lint(
        "from .base import Base\nclass P(Base):\n    prepare = 1\n", "-", "--stdin-filename", "pkg/a.py"
    )
    assert status == 1
    assert out.startswith("pkg/a.py:3:5: PG101 ")
    assert "PG001" not in out


def test_the_file_need_not_exist(tree, lint):
    tree({})
    assert lint(WRONG, "-", "--stdin-filename", "new/b.py")[1].startswith("new/b.py:3:9: PG101 ")


def test_other_modules_see_what_is_not_saved(tree, lint):
    """A base class in another module may lead back to the file that is being edited."""
    tree({"a.py": "class Base: ...\n", "b.py": "from a import Base\nclass Middle(Base): ...\n"})
    edited = f"{IMPORT}class Base(B): ...\nfrom b import Middle\nclass P(Middle):\n    prepare = 1\n"
    assert lint(edited, "-", "--stdin-filename", "a.py")[1].startswith("a.py:5:5: PG101 'P' ")


def test_findings_in_other_files_are_left_out(tree, lint, plugin):
    tree({f"{plugin}/__init__.py": "", f"{plugin}/sample.py": WRONG})
    assert lint("x = 1\n", "-", "--stdin-filename", f"{plugin}/other.py")[0] == 0


@pytest.mark.parametrize(
    ("content", "message"), [(b"x = '\xe9'\n", "byte 0xe9 is not utf-8"), (b"\0", "NUL")]
)
def test_bytes_are_decoded_as_those_of_a_file(content, message, tree, lint):
    tree({})
    status, out, _ = lint(content, "-", "--stdin-filename", "a.py")
    assert status == 1
    assert out.startswith("a.py:1:1: PG001 ")
    assert message in out
    assert lint(b"# coding: latin-1\r\nx = '\xe9'\r\n", "-")[0] == 0


def test_an_excluded_name_is_not_checked(tree, lint):
    tree({"pyproject.toml": '[tool.panther-gen.lint]\nexclude = ["broken"]\n'})
    expected = (0, "Nothing checked: 1 file excluded\n")
    assert lint("x = (\n", "-", "--stdin-filename", "broken/a.py")[:2] == expected


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["a.py", "--stdin-filename", "b.py"],
            "--stdin-filename 'b.py' is given, but standard input is not read",
        ),
        (["-", "a.py"], "standard input cannot be checked with 'a.py'"),
        (["-", "--stdin-filename", "."], "--stdin-filename '.' is a directory"),
    ],
)
def test_what_makes_no_sense_is_refused(words, message, tree, lint):
    tree({"a.py": ""})
    status, _, err = lint("", *words)
    assert status == 2
    assert message in err
    assert "cure: " in err

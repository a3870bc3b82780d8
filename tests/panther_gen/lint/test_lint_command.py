"""Which files are checked, and what the exit status says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from panther_gen.errors import UsageError
from panther_gen.lint.command import run_lint

IMPORT = "from panther.plugins.services.base import BaseServiceManager as B\n"
WRONG = f"{IMPORT}class P(B):\n    def prepare(self): ...\n"


def test_without_paths_the_plugins_below_are_checked(tree, capsys, plugin):
    tree({f"work/{plugin}/sample.py": WRONG, "elsewhere.py": WRONG, ".hidden/panther/plugins/x.py": WRONG})
    assert run_lint([]) == 1
    assert capsys.readouterr().out.endswith("1 file checked, 1 error\n")


def test_inside_a_plugin_that_plugin_is_checked(tree, capsys, monkeypatch, plugin):
    root = tree(
        {f"{plugin}/sample.py": "", f"{plugin}/tests/test_sample.py": "", f"{plugin}2/other.py": WRONG}
    )
    monkeypatch.chdir(root / plugin)
    assert run_lint([]) == 0
    assert capsys.readouterr().out == "All clean: 2 files checked\n"


def test_without_a_plugin_there_is_a_cure(tree):
    tree({"elsewhere.py": WRONG})
    with pytest.raises(UsageError, match="no plugin found") as caught:
        run_lint([])
    assert "new-iut" in caught.value.cure
    assert caught.value.exit_code == 2


def test_a_directory_means_every_python_file_below_it(tree, capsys):
    skipped = ["src/.venv/d.py", "src/e/f.py", "src/node_modules/g.py", "src/c.txt"]
    tree({"src/a.py": "", "src/deep/b.py": "", "src/e/pyvenv.cfg": "", **dict.fromkeys(skipped, "x = (")})
    assert run_lint([Path("src")]) == 0
    assert capsys.readouterr().out == "All clean: 2 files checked\n"


def test_a_file_is_checked_once_and_whatever_its_name(tree, capsys):
    tree({"a.txt": "x = (\n"})
    assert run_lint([Path("a.txt"), Path("./a.txt"), Path.cwd() / "a.txt"]) == 1
    assert capsys.readouterr().out.endswith("1 file checked, 1 error\n")


@pytest.mark.parametrize(
    ("paths", "options", "message"),
    [
        ([Path("nowhere")], {}, "'nowhere' does not exist"),
        ([Path("empty")], {}, "no Python file found in 'empty'"),
        ([Path("a.py")], {"output_format": "xml"}, "--format 'xml' is unknown"),
    ],
)
def test_what_cannot_be_used_is_refused(paths, options, message, tree):
    tree({"a.py": "", "empty/readme.txt": ""})
    with pytest.raises(UsageError, match=message):
        run_lint(paths, **options)


def test_a_file_that_hides_the_runtime_is_found_without_being_given(tree, capsys, plugin):
    tree({f"{plugin}/sample.py": "", "panther/__init__.py": ""})
    assert run_lint([]) == 1
    out = capsys.readouterr().out
    assert "panther/__init__.py:1:1: PG202 'panther/__init__.py' hides the installed runtime" in out
    assert "help: delete it" in out


BROKEN = {
    "syntax.py": b"def f(:\n",
    "python2.py": b"print 'x'\n",
    "nul.py": b"x = '\0'\n",
    "latin.py": b"x = '\xe9'\n",
    "surrogate.py": b"x = '\xed\xa0\x80'\n",
    "coding.py": b"# -*- coding: nonsense -*-\n",
    "ascii.py": b"#!/bin/sh\n# vim: set fileencoding=ascii :\nx = '\xc3\xa9'\n",
    "indent.py": b"if x:\n\ty\n        z\n",
    "brackets.py": b"x = " + b"[" * 1000 + b"]" * 1000 + b"\n",
    "sum.py": b"x = " + b"1+" * 30_000 + b"1\n",
}


def test_a_broken_file_is_one_finding_and_the_others_are_checked(tree, capsys):
    tree({**BROKEN, "wrong.py": WRONG})
    assert run_lint([Path()]) == 1
    lines = capsys.readouterr().out.split("\n")
    found = [line.partition(":")[0] for line in lines if ": PG001 " in line]
    assert found == sorted(BROKEN)
    assert [line for line in lines if line.startswith("wrong.py:3:9: PG101")]


FINE = {
    "latin.py": b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
    "second.py": b"#!/usr/bin/env python\n# vim: set fileencoding=latin-1 :\nx = '\xe9'\n",
    "bom.py": b"\xef\xbb\xbfx = 1\n",
    "empty.py": b"",
    "comment.py": b"# nothing",
    "cr.py": b"class A:\r    x = 1\r",
    "formfeed.py": b"class A:\n\x0c\n    x = 1\n",
    "newer.py": b'x = f"{"a"}"\n',
    "escape.py": b"x = '\\d'\n",
    "huge.py": b"x = " + b"9" * 5000 + b"\n",
}


def test_unusual_files_are_no_findings(tree, capsys):
    tree(FINE)
    assert run_lint([Path()]) == 0
    assert capsys.readouterr().err == ""


def test_newer_syntax_than_the_interpreters_is_checked(tree, capsys):
    tree({"a.py": WRONG + '    x = f"{"a"}"\n'})
    assert run_lint([Path()]) == 1
    assert "a.py:3:9: PG101" in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="makes symbolic links")
def test_links_that_lead_nowhere_or_back_are_no_trouble(tree, capsys):
    root = tree({"a.py": ""})
    (root / "loop").symlink_to(root)
    (root / "nowhere.py").symlink_to("missing.py")
    assert run_lint([Path()]) == 1
    assert "nowhere.py:1:1: PG001 the file cannot be read" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="makes a named pipe")
def test_a_named_pipe_is_not_waited_for(tree, capsys):
    os.mkfifo(tree({"a.py": ""}) / "b.py")
    assert run_lint([Path()]) == 1
    assert "b.py:1:1: PG001 it is no regular file" in capsys.readouterr().out


def test_an_unreadable_file_is_one_finding(tree, capsys, request):
    root = tree({"a.py": "", "b.py": ""})
    (root / "a.py").chmod(0)
    request.getfixturevalue("not_root")
    assert run_lint([Path()]) == 1
    assert "a.py:1:1: PG001 the file cannot be read: Permission denied" in capsys.readouterr().out


def test_a_path_that_the_terminal_cannot_say_is_printed_all_the_same(tree):
    root = tree({})
    name = os.fsencode(root) + b"/caf\xe9.py"
    with open(name, "wb") as file:  # noqa: PTH123 — a path that is no text
        file.write(b"x = (\n")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "panther_gen", "lint", "."], capture_output=True, cwd=root, env=environment
    )
    assert done.returncode == 1, done.stderr
    assert b"1 file checked, 1 error" in done.stdout

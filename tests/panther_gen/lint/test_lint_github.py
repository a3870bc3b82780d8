"""Annotations of GitHub Actions: one command a finding, with nothing in it that would end it early."""

from __future__ import annotations

from pathlib import Path

import pytest

from panther_gen.lint.command import run_lint

IMPORT = "from panther.plugins.services.base import BaseServiceManager as B\n"
WRONG = f"{IMPORT}class P(B):\n    def prepare(self): ...\n"


@pytest.fixture(autouse=True)
def no_workspace(monkeypatch):
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)


@pytest.fixture
def commands(capsys):
    """Lint paths and return the printed lines."""

    def lint(*names, **options):
        run_lint([Path(name) for name in names], output_format="github", **options)
        return capsys.readouterr().out.splitlines()

    return lint


def test_a_finding_is_an_error_with_its_place_and_cure(tree, commands):
    tree({"a.py": WRONG})
    command, summary = commands("a.py")
    head, message = command[2:].split("::", 1)
    assert head == "error file=a.py,line=3,col=9,endColumn=16,title=PG101 workflow-overridden"
    first, place, cure = message.split("%0A")
    assert first == "'P' overrides the workflow method 'prepare' of 'BaseServiceManager'"
    assert place.startswith("panther/plugins/services/base/service_manager_base.py:")
    assert cure.startswith("help: ")
    assert summary == "1 file checked, 1 error"


def test_what_could_not_be_verified_is_a_notice_unless_strict(tree, commands):
    tree({"a.py": f"{IMPORT}class P(B, make()): ...\n"})
    assert commands("a.py")[0].startswith("::notice file=a.py,line=2,")
    assert commands("a.py", strict=True)[0].startswith("::error file=a.py,line=2,")


def test_a_clean_run_has_no_command(tree, commands):
    tree({"a.py": ""})
    assert commands("a.py") == ["All clean: 1 file checked"]


def test_what_would_end_a_property_or_a_message_is_escaped(tree, commands):
    tree({"50%,a:b\n::stop.py": WRONG, "c.py": f"{IMPORT}class P(B, make('%0A::error::')): ...\n"})
    lines = commands(".")
    assert len(lines) == 3
    assert lines[0].startswith("::error file=50%25%2Ca%3Ab%0A%3A%3Astop.py,line=3,")
    assert "make('%250A::error::')" in lines[1]


def test_a_path_is_relative_to_the_checkout(tree, commands, tmp_path, monkeypatch):
    tree({"sub/a.py": WRONG})
    monkeypatch.chdir(tmp_path / "sub")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert commands("a.py")[0].startswith("::error file=sub/a.py,")
    assert commands("../sub")[0].startswith("::error file=sub/a.py,")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "elsewhere"))
    assert commands("a.py")[0].startswith("::error file=a.py,")

"""What a person and a program read."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from panther_gen import __version__
from panther_gen.__main__ import main
from panther_gen.lint.command import run_lint

IMPORT = "from panther.plugins.services.base import BaseServiceManager as B\n"

#: The document's form; fields may be added, none is taken away.
FIX = {
    "type": "object",
    "required": ["title", "applicability", "edits"],
    "additionalProperties": False,
    "properties": {
        "title": {"type": "string", "minLength": 1},
        "applicability": {"enum": ["safe", "unsafe"]},
        "edits": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["path", "line", "column", "end_line", "end_column", "replacement"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string"},
                    "line": {"type": "integer", "minimum": 1},
                    "column": {"type": "integer", "minimum": 1},
                    "end_line": {"type": "integer", "minimum": 1},
                    "end_column": {"type": "integer", "minimum": 1},
                    "replacement": {"type": "string"},
                },
            },
        },
    },
}
SCHEMA = {
    "type": "object",
    "required": ["version", "tool", "findings", "summary"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": 1},
        "tool": {
            "type": "object",
            "required": ["name", "version"],
            "properties": {"name": {"const": "panther-gen"}, "version": {"const": __version__}},
        },
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": [
                    "code",
                    "name",
                    "severity",
                    "message",
                    "help",
                    "path",
                    "line",
                    "column",
                    "end_line",
                    "end_column",
                    "related",
                    "fix",
                ],
                "properties": {
                    "code": {"type": "string", "pattern": "^PG[0-9]{3}$"},
                    "name": {"type": "string"},
                    "severity": {"enum": ["error", "note"]},
                    "message": {"type": "string", "pattern": "^[^\n]+$"},
                    "help": {"type": "string"},
                    "path": {"type": "string"},
                    "line": {"type": "integer", "minimum": 1},
                    "column": {"type": "integer", "minimum": 1},
                    "end_line": {"type": "integer", "minimum": 1},
                    "end_column": {"type": "integer", "minimum": 1},
                    "fix": {"anyOf": [{"type": "null"}, FIX]},
                    "related": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["path", "line", "message"],
                            "additionalProperties": False,
                            "properties": {
                                "path": {"type": "string"},
                                "line": {"type": "integer", "minimum": 1},
                                "message": {"type": "string"},
                                "package": {"enum": [None, "panther-gen-runtime"]},
                            },
                        },
                    },
                },
            },
        },
        "summary": {
            "type": "object",
            "required": ["files", "errors", "notes", "suppressed", "excluded", "known", "fixed", "strict"],
            "additionalProperties": False,
            "properties": {
                "files": {"type": "integer"},
                "errors": {"type": "integer"},
                "notes": {"type": "integer"},
                "suppressed": {"type": "integer"},
                "excluded": {"type": "integer"},
                "known": {"type": "integer"},
                "stale": {"type": "integer"},
                "fixed": {"type": "integer"},
                "strict": {"type": "boolean"},
            },
        },
    },
}


def test_text_shows_the_line_the_base_class_and_the_cure(tree, capsys):
    tree(
        {
            "lib.py": (
                "from panther.plugins.services.base.contract import instead, workflow_method\n"
                f"{IMPORT}class Base(B):\n"
                "    @workflow_method\n    @instead('_own')\n    def flow(self): ...\n"
            ),
            "a.py": "from lib import Base\n\n\nclass P(Base):\n    def flow(self): ...\n",
        }
    )
    assert run_lint([Path("a.py"), Path("lib.py")]) == 1
    assert capsys.readouterr().out == (
        "a.py:5:9: PG101 'P' overrides the workflow method 'flow' of 'Base'\n"
        "  |\n"
        "5 |     def flow(self): ...\n"
        "  |         ^^^^\n"
        "  |\n"
        "  | lib.py:6: 'flow' is a workflow method of 'Base'\n"
        "4 |     @workflow_method\n"
        "5 |     @instead('_own')\n"
        "6 |     def flow(self): ...\n"
        "help: override '_own' instead; if nothing else serves, mark it @overrides_workflow(reason=\"…\")\n"
        "\n"
        "2 files checked, 1 error\n"
    )


def test_a_clean_run_says_so(tree, capsys):
    tree({"a.py": "", "b.py": ""})
    assert run_lint([Path()]) == 0
    assert capsys.readouterr().out == "All clean: 2 files checked\n"


def test_what_could_not_be_verified_is_counted_and_fails_when_strict(tree, capsys):
    tree({"a.py": f"{IMPORT}class P(B, make()): ...\n"})
    assert run_lint([Path("a.py")]) == 0
    out = capsys.readouterr().out
    assert (
        "a.py:2:12: PG201 note: could not verify 'P': its base class 'make()' is not known, it is computed"
        in out
    )
    assert out.endswith("1 file checked, no errors, 1 class could not be verified\n")
    assert run_lint([Path("a.py")], strict=True) == 1
    assert "a.py:2:12: PG201 error: could not verify" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "caret"),
    [
        ("    def prepare(self): ...", 8),
        ("\tdef prepare(self): ...", 8),
        ("    é = prepare = 1", 8),
        ("    日本 = prepare = 1", 11),
        ("    e\N{COMBINING ACUTE ACCENT} = prepare = 1", 8),
        ("    x = '" + "x" * 300 + "'; prepare = 1", 149),
    ],
)
def test_the_caret_stands_under_the_name(line, caret, tree, capsys):
    tree({"a.py": f"{IMPORT}class P(B):\n{line}\n"})
    run_lint([Path("a.py")])
    lines = capsys.readouterr().out.split("\n")
    assert lines[3] == "  | " + " " * caret + "^" * 7 or lines[3] == "    | " + " " * caret + "^" * 7


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_columns_count_code_points_whatever_ends_the_lines(ending, bom, tree, capsys):
    text = f"{IMPORT}class P(B):\n    日本, é = 1, 2; prepare = 3\n".replace("\n", ending)
    tree({"a.py": bom + text.encode()})
    run_lint([Path("a.py")], output_format="json")
    finding = json.loads(capsys.readouterr().out)["findings"][0]
    assert (finding["line"], finding["column"], finding["end_column"]) == (3, 19, 26)


def test_json_has_its_documented_form(tree, capsys):
    tree(
        {
            "a.py": f"{IMPORT}class P(B, make()):\n    def prepare(self): ...\n",
            "b.py": "def f(:\n",
            "c.py": f"{IMPORT}class P(B):\n    prepare = 1  # panther-gen: ignore[PG101] tried by hand\n",
        }
    )
    assert run_lint([Path()], output_format="json") == 1
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    assert [one["code"] for one in document["findings"]] == ["PG201", "PG101", "PG001"]
    assert (
        document["findings"][1]["related"][0]["path"]
        == "panther/plugins/services/base/service_manager_base.py"
    )
    counts = {"files": 3, "errors": 2, "notes": 1, "suppressed": 1, "excluded": 0, "known": 0, "fixed": 0}
    counts["stale"] = 0
    assert document["summary"] == {**counts, "strict": False}


def test_colour_is_asked_for_or_absent(tree, capsys, monkeypatch):
    tree({"a.py": "def f(:\n"})
    run_lint([Path("a.py")])
    assert "\033[" not in capsys.readouterr().out
    run_lint([Path("a.py")], color=True)
    assert "\033[1;31mPG001\033[0m" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("force", "no_color", "coloured"), [("1", "", True), ("1", "1", False), ("0", "", False), ("", "", False)]
)
def test_colour_can_be_forced_where_there_is_no_terminal(
    force, no_color, coloured, tree, capsys, monkeypatch
):
    tree({"a.py": ""})
    monkeypatch.setenv("FORCE_COLOR", force)
    monkeypatch.setenv("NO_COLOR", no_color)
    run_lint([Path("a.py")])
    assert ("\033[" in capsys.readouterr().out) is coloured


def test_a_terminal_that_knows_ascii_only_gets_frames_that_fit(tree, tmp_path):
    tree({"a.py": f"{IMPORT}class P(B):\n    \u00e9, prepare = 1, 2\n"})
    words = [sys.executable, "-m", "panther_gen", "lint", "a.py"]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(words, capture_output=True, cwd=tmp_path, env=environment, check=False)
    lines = done.stdout.decode("ascii").split("\n")
    assert (done.returncode, done.stderr) == (1, b"")
    assert lines[2].index("prepare") == lines[3].index("^")
    assert "\\u20" not in done.stdout.decode("ascii")


def test_a_class_with_two_notes_is_counted_once(tree, capsys):
    tree({"a.py": f"{IMPORT}class P(B):\n    exec(x)\n    exec(y)\n"})
    run_lint([Path("a.py")])
    assert capsys.readouterr().out.endswith("1 file checked, no errors, 1 class could not be verified\n")


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_option_without_any_rule_is_refused(option, tree, capsys):
    tree({"a.py": ""})
    assert main(["lint", "a.py", option, " , "]) == 2
    assert capsys.readouterr().err.startswith(f"panther-gen: {option} names no rule\n")


def test_a_diff_has_no_other_format(tree, capsys):
    tree({"a.py": ""})
    assert main(["lint", "a.py", "--diff", "--format", "json"]) == 2
    assert "--diff prints a diff, not --format json" in capsys.readouterr().err


def test_a_base_class_that_is_not_there_says_which_package_has_it(tree, capsys):
    tree({"a.py": f"{IMPORT}class P(B):\n    prepare = 1\n"})
    run_lint([Path("a.py")])
    assert re.search(r"base\.py:\d+ in panther-gen-runtime: 'prepare' is", capsys.readouterr().out)
    run_lint([Path("a.py")], output_format="json")
    related = json.loads(capsys.readouterr().out)["findings"][0]["related"]
    assert [one["package"] for one in related] == ["panther-gen-runtime"]


def test_help_names_arguments_without_types(capsys):
    assert main(["lint", "--help"]) == 0
    assert "list[" not in capsys.readouterr().out


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_has_colour_unless_no_color_is_set(no_color, coloured, tree, capsys, monkeypatch):
    tree({"a.py": ""})
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    run_lint([Path("a.py")])
    assert ("\033[" in capsys.readouterr().out) is coloured


def test_control_characters_of_the_source_do_not_reach_the_terminal(tree, capsys):
    tree({"a.py": f"{IMPORT}class P(B):\n    x = '\033[2J'; prepare = 1\n"})
    run_lint([Path("a.py")])
    assert "\033" not in capsys.readouterr().out

"""Columns mean the same in every output, and the caret stands under the name, whatever stands before it.

libcst counts code points, ``ast`` counts bytes of UTF-8: one finding of each kind goes through every output.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from panther_gen.lint.command import run_lint

HEAD = "from panther.plugins.services.base import BaseServiceManager as B\n"
# From a finding of the exact reader, and from one whose place is that of an expression in a syntax tree.
FORMS = {
    "PG101": (HEAD + "class P(B):\n    x = 0\n{indent}{before}prepare = 1\n", "prepare"),
    "PG107": (HEAD + "class P(B): ...\nif x:\n    x = 0\n{indent}{before}P.prepare = 1\n", "P.prepare"),
}
# What stands before the name: its indentation, the rest, and how many cells of a terminal both take.
BEFORE = {
    "nothing": ("    ", "", 4),
    "accent": ("    ", "é = ", 8),
    "wide": ("    ", "漢字 = ", 11),
    "emoji": ("    ", "x = '😀'; ", 14),
    "combining": ("    ", "e\N{COMBINING ACUTE ACCENT} = ", 8),
    "combining in text": ("    ", "x = 'a\N{COMBINING DIAERESIS}\N{COMBINING DOT BELOW}'; ", 13),
    "no width": ("    ", "x = 'a\N{ZERO WIDTH SPACE}b'; ", 14),
    "halfwidth": ("    ", "x = 'ｱ'; ", 13),
    "tab": ("    ", "x = '\t'; ", 16),
    "tab between": ("    ", "x\t=\t", 14),
    "form feed in text": ("    ", "x = '\x0c'; ", 13),
    "form feed between": ("    ", "x =\x0c", 8),
    "form feed before": ("\x0c    ", "", 5),
    "written backwards": ("    ", "x = '\N{RIGHT-TO-LEFT OVERRIDE}'; ", 13),
    "line separator": ("    ", "x = '\N{LINE SEPARATOR}'; ", 13),
    "all": ("    ", "é = 漢 = '😀\t\x0c'; a\N{COMBINING TILDE} = ", 28),
}
ENDINGS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r"}


@pytest.fixture(params=FORMS)
def form(request):
    return request.param


@pytest.fixture(params=BEFORE)
def before(request):
    return BEFORE[request.param]


@pytest.fixture(params=ENDINGS)
def ending(request):
    return ENDINGS[request.param]


@pytest.fixture(params=["", "\N{ZERO WIDTH NO-BREAK SPACE}"], ids=["plain", "BOM"])
def mark(request):
    return request.param


def shows(output_format, tree, capsys, data):
    tree({"a.py": data})
    run_lint([Path("a.py")], output_format=output_format)
    return capsys.readouterr().out


def test_every_output_says_the_same_columns(form, before, ending, mark, tree, capsys):
    source, name = FORMS[form]
    indent, rest, cells = before
    text = source.format(indent=indent, before=rest)
    data = (mark + text.replace("\n", ending)).encode()
    line = 1 + text.rstrip("\n").count("\n")
    column = len(indent + rest) + 1
    end = column + len(name)

    found = json.loads(shows("json", tree, capsys, data))["findings"]
    places = [(one["line"], one["column"], one["end_line"], one["end_column"]) for one in found]
    assert [one["code"] for one in found] == [form]
    assert places == [(line, column, line, end)]

    run = json.loads(shows("sarif", tree, capsys, data))["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (line, column)
    assert (region["endLine"], region["endColumn"]) == (line, end)
    assert region["snippet"]["text"][column - 1 : end - 1] == name

    command = shows("github", tree, capsys, data)
    assert f"line={line},col={column},endColumn={end}," in command

    printed = shows("text", tree, capsys, data).split("\n")
    assert printed[0].startswith(f"a.py:{line}:{column}: {form} ")
    caret = next(one for one in printed if re.fullmatch(r" *\| +\^+", one))
    assert caret.partition("| ")[2] == " " * cells + "^" * len(name)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8", "koi8-r", "shift_jis", "euc-jp"])
def test_columns_are_characters_in_any_declared_encoding(encoding, tree, capsys):
    word = {"koi8-r": "имя", "shift_jis": "漢字", "euc-jp": "漢字"}.get(encoding, "é")
    text = f"# -*- coding: {encoding} -*-\n{HEAD}class P(B):\n    {word} = prepare = 1\n"
    found = json.loads(shows("json", tree, capsys, text.encode(encoding)))["findings"]
    column = 4 + len(word) + 4
    assert [(one["code"], one["line"], one["column"]) for one in found] == [("PG101", 4, column)]


@pytest.mark.parametrize(("text", "fault"), [("é漢 = (\n", "("), ("x = '漢😀'; y = = 1\n", "= 1")])
def test_the_place_of_a_syntax_error_is_counted_in_characters_too(text, fault, tree, capsys):
    found = json.loads(shows("json", tree, capsys, text.encode()))["findings"]
    assert [(one["code"], one["column"]) for one in found] == [("PG001", text.index(fault) + 1)]


@pytest.mark.parametrize("hidden", ["\x1b[2J", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{LINE SEPARATOR}", "\x7f"])
def test_what_a_terminal_would_act_upon_is_not_printed(hidden, tree, capsys):
    tree({"a.py": f"{HEAD}class P(B, make('{hidden}')):\n    x = '{hidden}'; prepare = 1\n"})
    run_lint([Path("a.py")])
    out = capsys.readouterr().out
    assert "PG201" in out
    assert "PG101" in out
    assert hidden[0] not in out


@pytest.mark.parametrize("name", ["a\nb.py", "\x1b[2J.py", "a\u2028b.py"])
def test_a_path_with_control_characters_stays_on_one_line(name, tree, capsys):
    tree({name: "x = (\n"})
    run_lint([Path(name)])
    first = capsys.readouterr().out.split("\n")[0]
    assert first.startswith(name.encode("unicode_escape").decode() + ":1:5: PG001 ")

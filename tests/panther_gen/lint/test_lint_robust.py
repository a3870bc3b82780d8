"""Hostile and odd files, through the command: one finding or none a file, and the others are checked."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from panther_gen.__main__ import main
from panther_gen.lint.running.engine import check_files

HEAD = "from panther.plugins.services.base import BaseServiceManager as B\n"
WRONG = f"{HEAD}class P(B):\n    def prepare(self): ...\n"
TABS = WRONG.replace("    ", "\t")
BOM = b"\xef\xbb\xbf"


def blocks(count, head):
    return "".join(f"{' ' * depth}{head}:\n" for depth in range(count)) + " " * count + "pass\n"


def aliases(count):
    steps = "".join(f"A{number} = A{number - 1}\n" for number in range(1, count))
    return f"{HEAD}A0 = B\n{steps}class P(A{count - 1}): ...\n"


# What is in the file, and the codes of the findings in it. Where the interpreter gives up, that is PG001.
FILES = {
    "empty": (b"", []),
    "blank": (b"\n\n\n", []),
    "only a comment, no end of line": (b"# nothing", []),
    "python 2": (b"print 'x'\n", ["PG001"]),
    "python 2 except": (b"try:\n    f()\nexcept A, e:\n    raise A, e\n", ["PG001"]),
    "syntax error": (b"def f(:\n", ["PG001"]),
    "BOM": (BOM + WRONG.encode(), ["PG101"]),
    "two BOMs": (BOM + BOM + WRONG.encode(), ["PG001"]),
    "BOM and UTF-8 declared": (BOM + b"# coding: utf-8\n" + WRONG.encode(), ["PG101"]),
    "BOM and Latin-1 declared": (BOM + b"# coding: latin-1\n" + WRONG.encode(), ["PG001"]),
    "CRLF": (WRONG.replace("\n", "\r\n").encode(), ["PG101"]),
    "CR": (WRONG.replace("\n", "\r").encode(), ["PG101"]),
    "ends of lines mixed": (WRONG.replace("\n", "\r\n", 1).encode(), ["PG101"]),
    "tabs": (TABS.encode(), ["PG101"]),
    "tabs and spaces mixed": (b"if x:\n\ty\n        z\n", ["PG001"]),
    "form feeds": (WRONG.replace("class", "\x0c\nclass").encode(), ["PG101"]),
    "Latin-1 declared": (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n" + WRONG.encode(), ["PG101"]),
    "Latin-1": (b"x = '\xe9'\n", ["PG001"]),
    "an unknown encoding": (b"# coding: nonsense\n", ["PG001"]),
    "an encoding that is none of text": (b"# coding: rot13\n", ["PG001"]),
    "surrogates": (b"x = '\xed\xa0\x80'\n", ["PG001"]),
    "UTF-16": (WRONG.encode("utf-16"), ["PG001"]),
    "UTF-32": (WRONG.encode("utf-32"), ["PG001"]),
    "NUL bytes": (b"x = '\0'\n", ["PG001"]),
    "binary": (bytes(range(256)) * 8, ["PG001"]),
    "a null coding": (b"# coding: \0\n", ["PG001"]),
    "brackets": (WRONG + "x = " + "[" * 1000 + "]" * 1000 + "\n", ["PG001"]),
    "brackets left open": ("x = " + "[" * 100_000, ["PG001"]),
    "blocks": (WRONG + blocks(1000, "if x"), ["PG001"]),
    "blocks that Python takes": (WRONG + blocks(99, "if x"), ["PG101"]),
    "classes in classes": (WRONG + blocks(95, "class A"), ["PG101"]),
    "functions in functions": (WRONG + blocks(95, "def f()"), ["PG101"]),
    "attributes": (WRONG + "x = a" + ".a" * 1000 + "\n", ["PG101"]),
    "attributes of a base": (f"{HEAD}class P(a{'.a' * 1000}):\n    def prepare(self): ...\n", ["PG201"]),
    "a long sum": (WRONG + "x = 1" + "+1" * 5000 + "\n", ["PG001"]),
    "a long sum on many lines": (WRONG + "x = (1" + "\n+1" * 5000 + ")\n", ["PG001"]),
    "a chain of elif": (WRONG + "if x: pass\n" + "elif x: pass\n" * 1000, ["PG001"]),
    "calls": (WRONG + "x = f" + "()" * 1000 + "\n", ["PG101"]),
    "subscripts": (WRONG + "x = f" + "[0]" * 3000 + "\n", ["PG001"]),
    "signs": (WRONG + "x = " + "-" * 3000 + "1\n", ["PG001"]),
    "lambdas": (WRONG + "x = " + "lambda: " * 1000 + "1\n", ["PG101"]),
    "conditions": (WRONG + "x = " + "1 if a else " * 1000 + "1\n", ["PG101"]),
    "comparisons": (WRONG + "x = 1" + "<1" * 3000 + "\n", ["PG101"]),
    "assignments": (WRONG + "x = " * 3000 + "1\n", ["PG101"]),
    "decorators": (WRONG + "@a\n" * 3000 + "def f(): ...\n", ["PG101"]),
    "f-strings": (WRONG + "x = " + 'f"{' * 100 + "1" + '}"' * 100 + "\n", ["PG101"]),
    "f-strings and exec": (
        WRONG + "exec('1')\nx = " + 'f"{' * 100 + "1" + '}"' * 100 + "\n",
        ["PG101", "PG206"],
    ),
    "f-strings too deep": (WRONG + "x = " + 'f"{' * 1000 + "1" + '}"' * 1000 + "\n", ["PG001"]),
    "names that lead on": (aliases(2000), ["PG001"]),
    "a class of itself": (f"{HEAD}class P(P, B):\n    def prepare(self): ...\n", ["PG201", "PG101"]),
    "a huge number": (WRONG + "x = " + "9" * 5000 + "\n", ["PG101"]),
    "a huge number and exec": (WRONG + "exec('1')\nx = " + "9" * 5000 + "\n", ["PG101", "PG206"]),
}
HUGE = {
    "many statements": WRONG + "x = f(1, [2, 3], a='b')\n" * 220_000,
    "a huge literal": WRONG + "x = '" + "a" * 5_000_000 + "'\n",
}
NAMES = [
    "a b.py",
    "a\nb.py",
    "-x.py",
    "--strict.py",
    "é漢😀.py",
    "a'\"%:,;$`.py",
    "a\u2028\x1b[2J.py",
    ".hidden.py",
    os.fsdecode(b"caf\xe9.py"),
    "n" * 250 + ".py",
]


@pytest.fixture
def lint(run, tmp_path):
    """Lint the test's directory; return the codes of the findings, by path."""

    def start(*arguments, env=None):
        done = run("lint", "--format", "json", *(arguments or ["."]), cwd=tmp_path, env=env)
        assert done.stderr == ""
        document = json.loads(done.stdout)
        found = {}
        for one in document["findings"]:
            found.setdefault(one["path"], []).append(one["code"])
        assert done.returncode == (1 if document["summary"]["errors"] else 0)
        return found

    return start


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Lint all odd files and one ordinary one, anew and from what is kept; return both results."""
    place = tmp_path_factory.mktemp("odd")
    for number, (content, _) in enumerate(FILES.values()):
        write(place / f"odd{number}.py", content)
    write(place / "wrong.py", WRONG)
    command = [sys.executable, "-m", "panther_gen", "lint", "--format", "json", "."]
    environment = {**os.environ, "PANTHER_GEN_CACHE_DIR": str(tmp_path_factory.mktemp("kept"))}
    return [
        subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=300)
        for _ in range(2)
    ]


def test_all_odd_files_are_one_run_without_a_word_on_standard_error(runs):
    for done in runs:
        assert (done.returncode, done.stderr) == (1, "")
        document = json.loads(done.stdout)
        assert document["summary"]["files"] == len(FILES) + 1
        assert [one["code"] for one in document["findings"] if one["path"] == "wrong.py"] == ["PG101"]


@pytest.mark.parametrize("kind", FILES)
def test_an_odd_file_is_what_the_table_says(kind, runs):
    name = f"odd{list(FILES).index(kind)}.py"
    for done in runs:
        found = json.loads(done.stdout)["findings"]
        assert [one["code"] for one in found if one["path"] == name] == FILES[kind][1]


@pytest.mark.slow
@pytest.mark.parametrize("kind", HUGE)
def test_a_file_of_five_megabytes_is_checked(kind, lint, tmp_path):
    write(tmp_path / "huge.py", HUGE[kind])
    write(tmp_path / "wrong.py", WRONG)
    assert lint() == {"huge.py": ["PG101"], "wrong.py": ["PG101"]}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_file_is_checked_whatever_its_name(name, lint, tmp_path):
    write(tmp_path / name, WRONG)
    shown = lint()
    assert list(shown.values()) == [["PG101"]]
    assert [os.fsencode(path) for path in shown] == [os.fsencode(name)]
    assert lint("--", name) == shown


@pytest.mark.parametrize("output", ["text", "github", "sarif"])
def test_every_output_takes_every_name(output, run, tmp_path):
    for name in NAMES:
        write(tmp_path / name, WRONG)
    done = run("lint", "--format", output, ".", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    if output == "sarif":
        assert len(json.loads(done.stdout)["runs"][0]["results"]) == len(NAMES)
    else:
        heads = [line for line in done.stdout.split("\n") if "PG101" in line]
        assert len(heads) == len(NAMES)
        assert output == "github" or "\x1b" not in done.stdout  # whose runner needs the very path


def test_what_is_no_file_is_one_finding_or_none(lint, tmp_path, monkeypatch):
    write(tmp_path / "wrong.py", WRONG)
    (tmp_path / "directory.py").mkdir()
    write(tmp_path / "directory.py" / "inner.py", WRONG)
    (tmp_path / "dangling.py").symlink_to("nowhere.py")
    (tmp_path / "itself.py").symlink_to("itself.py")
    (tmp_path / "one.py").symlink_to("two.py")
    (tmp_path / "two.py").symlink_to("one.py")
    (tmp_path / "same.py").symlink_to("wrong.py")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "zero.py").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.py")
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.py")
        found = lint()
    wrong = {name: found.pop(name) for name in ("same.py", "wrong.py") if name in found}
    assert list(wrong.values()) == [["PG101"]]  # one file, under one of its names
    assert found.pop("directory.py/inner.py") == ["PG101"]
    kinds = ["dangling.py", "itself.py", "one.py", "pipe.py", "socket.py", "two.py", "zero.py"]
    assert found == {name: ["PG001"] for name in kinds}


def test_odd_entries_of_a_plugin_do_not_silence_its_rules(lint, tmp_path, plugin):
    """A directory named like a module is none; what is no module of it leaves the others to be judged."""
    place = tmp_path / plugin
    place.mkdir(parents=True)
    write(place / "sample.py", WRONG)
    write(place / "__init__.py", "")
    write(place / "Dockerfile", "FROM debian\nUSER me\n")
    (place / "config_schema.py").mkdir()
    (place / "templates").mkdir()
    (place / "templates" / "loop").symlink_to(place)
    (place / "templates" / "dir.jinja").mkdir()
    assert lint() == {f"{plugin}/Dockerfile": ["PG602"], f"{plugin}/sample.py": ["PG101"]}


def test_what_may_not_be_read_is_one_finding(tmp_path, monkeypatch, capsys, not_root):
    write(tmp_path / "wrong.py", WRONG)
    write(tmp_path / "secret.py", WRONG)
    (tmp_path / "secret.py").chmod(0)
    (tmp_path / "closed").mkdir(mode=0)
    monkeypatch.chdir(tmp_path)
    assert main(["lint", "--format", "json", "."]) == 1
    captured = capsys.readouterr()
    found = {one["path"]: one["code"] for one in json.loads(captured.out)["findings"]}
    assert found == {"closed": "PG001", "secret.py": "PG001", "wrong.py": "PG101"}
    assert captured.err == ""


def test_a_file_that_vanishes_after_it_was_found_is_one_finding(tree, places):
    tree({"a.py": WRONG, "z.py": WRONG})
    found = check_files([Path("a.py"), Path("gone.py"), Path("z.py")]).findings
    assert places(found) == ["a.py:3:9 PG101", "gone.py:1:0 PG001", "z.py:3:9 PG101"]


def test_a_base_class_that_vanishes_or_cannot_be_parsed_is_said_of_its_subclass(tree, check):
    tree({"a.py": "from b import X\nclass P(X):\n    def prepare(self): ...\n", "b.py": "x = (\n"})
    assert [one.code for one in check("a.py").findings] == ["PG201"]
    Path("b.py").unlink()
    assert [one.code for one in check("a.py").findings] == ["PG201"]

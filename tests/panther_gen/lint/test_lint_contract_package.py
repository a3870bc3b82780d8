"""``panther-gen contract``: which files make a package, what is said of them, where it is written."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest

from panther_gen.__main__ import main
from panther_gen.lint.contracts.file import SCHEMA

BASE = "from typing import final\nclass Base:\n    @final\n    def run(self): ...\n"


@pytest.fixture
def contract(capsys):
    """Make a contract; return the status, the document and what was said."""

    def make(*words):
        status = main(["contract", *map(str, words)])
        out, err = capsys.readouterr()
        document = json.loads(out) if out else None
        if document is not None:
            jsonschema.validate(document, json.loads(SCHEMA.read_text()))
        return status, document, err

    return make


@pytest.mark.parametrize(
    ("files", "words", "names"),
    [
        ({"fw/__init__.py": BASE}, ["fw"], ["fw"]),
        ({"fw/__init__.py": BASE}, ["fw/"], ["fw"]),
        ({"fw/__init__.py": BASE}, ["fw/__init__.py"], ["fw"]),
        ({"fw.py": BASE}, ["fw.py"], ["fw"]),
        ({"fw/__init__.py": "", "fw/sub/__init__.py": BASE}, ["fw/sub"], ["fw.sub"]),
        ({"fw/__init__.py": "", "fw/one.py": BASE}, ["fw/one.py"], ["fw.one"]),
        ({"src/fw/__init__.py": BASE}, ["src/fw"], ["fw"]),
        ({"space/one.py": BASE, "space/two/__init__.py": ""}, ["space"], ["space.one", "space.two"]),
        ({"big/space/one.py": BASE}, ["big/space", "--name", "big.space"], ["big.space.one"]),
        ({"my-fw/__init__.py": BASE}, ["my-fw", "--name", "fw"], ["fw"]),
        ({"my-fw.py": BASE}, ["my-fw.py", "--name", "fw"], ["fw"]),
        ({"fw/__init__.py": "", "fw/a.py": "", "fw/a/__init__.py": BASE}, ["fw"], ["fw", "fw.a"]),
        ({"fw/__init__.py": "", "fw/x-y.py": "1/", "fw/a.txt": "", "fw/.h/b.py": ""}, ["fw"], ["fw"]),
        ({"fw/__init__.py": "", "fw/deep/er/mod.py": BASE}, ["fw"], ["fw", "fw.deep.er.mod"]),
    ],
)
def test_a_package_is_what_python_imports(files, words, names, tree, contract):
    tree(files)
    status, document, err = contract(*words)
    assert status == 0, err
    assert sorted(document["modules"]) == names
    assert document["package"] == (
        names[0] if len(names) == 1 and "." in names[0] else names[0].split(".")[0]
    ) or (words[-1] == "big.space")


@pytest.mark.parametrize(
    ("files", "words", "said"),
    [
        ({}, ["nowhere"], "'nowhere' does not exist"),
        ({"a.txt": ""}, ["a.txt"], "neither a directory nor a Python file"),
        ({"empty/a.txt": ""}, ["empty"], "neither modules nor packages"),
        ({"p/pyproject.toml": "", "p/src/fw/__init__.py": BASE}, ["p"], "name its package: 'p/src/fw'"),
        ({"p/setup.py": "", "p/fw/__init__.py": BASE}, ["p"], "name its package: 'p/fw'"),
        ({"my-fw/__init__.py": BASE}, ["my-fw"], "imported as 'my-fw', which is no dotted name"),
        ({"fw/__init__.py": BASE}, ["fw", "--name", "a..b"], "--name 'a..b' is no dotted name"),
        ({"fw/__init__.py": BASE}, ["fw", "-o", "fw"], "--output 'fw' is a directory"),
        ({"fw.py": "print 'two'\n"}, ["fw.py"], "no file of 'fw' can be read: Missing parentheses"),
    ],
)
def test_what_is_no_package_is_refused(files, words, said, tree, contract):
    tree(files)
    status, document, err = contract(*words)
    assert (status, document) == (2, None)
    assert said in err
    assert "Traceback" not in err


def test_files_that_cannot_be_read_are_named_and_the_rest_is_written(tree, contract, tmp_path):
    broken = {
        "fw/syntax.py": "class A:\n  def f(:\n",
        "fw/two.py": "print 'two'\n",
        "fw/bytes.py": b"x = '\xff'\n",
        "fw/nul.py": b"\0",
        "fw/deep.py": "(" * 5000,
    }
    tree({"fw/__init__.py": BASE, **broken})
    os.mkfifo(tmp_path / "fw" / "pipe.py")
    status, document, err = contract("fw")
    assert status == 1
    assert list(document["modules"]) == ["fw"]
    assert err.count("the contract lacks this file") == len(broken) + 1
    assert f"{tmp_path}/fw/syntax.py:2: " in err


def test_no_link_is_followed_out_of_the_package(tree, contract, tmp_path):
    tree({"fw/__init__.py": "", "fw/real.py": BASE, "outside/secret.py": BASE})
    (tmp_path / "fw" / "link.py").symlink_to("real.py")
    (tmp_path / "fw" / "out.py").symlink_to("../outside/secret.py")
    (tmp_path / "fw" / "dir").symlink_to("../outside")
    (tmp_path / "fw" / "loop").symlink_to(".")
    status, document, err = contract("fw")
    assert status == 0
    assert list(document["modules"]) == ["fw", "fw.link", "fw.real"]
    assert err.count("it is a link out of the package") == 2


def test_a_package_behind_a_link_is_read(tree, contract, tmp_path):
    tree({"real/fw/__init__.py": BASE})
    (tmp_path / "here").symlink_to("real/fw")
    assert list(contract("here")[1]["modules"]) == ["fw"]


def test_the_same_package_is_the_same_text_everywhere(tree, contract, tmp_path):
    files = {
        "fw/__init__.py": BASE,
        "fw/b.py": "from . import a\nclass B(a.A): ...\n",
        "fw/a.py": "class A: ...",
    }
    tree(files)
    tree({f"other/place/{name}": files[name] for name in reversed(files)})
    assert main(["contract", "fw", "-o", "one.json"]) == 0
    assert main(["contract", str(tmp_path / "other/place/fw"), "--output", "two.json"]) == 0
    assert Path("one.json").read_bytes() == Path("two.json").read_bytes()
    assert str(tmp_path) not in Path("one.json").read_text()


def test_the_output_is_replaced_whole(tree, capsys, tmp_path):
    tree({"fw/__init__.py": BASE, "out.json": "old"})
    Path("link.json").symlink_to("out.json")
    assert main(["contract", "fw", "-o", "link.json"]) == 0
    assert Path("link.json").is_symlink()
    assert json.loads(Path("out.json").read_text())["package"] == "fw"
    said = "link.json: 'fw' has 1 final method, 0 required methods and 0 final classes\n"
    assert capsys.readouterr() == ("", said)
    assert sorted(str(one) for one in Path().iterdir()) == ["fw", "link.json", "out.json"]


def test_an_output_that_cannot_be_written_leaves_nothing_behind(tree, capsys):
    tree({"fw/__init__.py": BASE})
    assert main(["contract", "fw", "-o", "missing/out.json"]) == 4
    assert "the contract 'missing/out.json' cannot be written" in capsys.readouterr().err
    assert main(["contract", "fw", "-o", "/dev/full"]) == 4
    assert "No space left" in capsys.readouterr().err
    assert [str(one) for one in Path().iterdir()] == ["fw"]


def test_the_text_survives_a_terminal_of_any_encoding(run, tmp_path):
    (tmp_path / "fw.py").write_text(BASE.replace("run(self)", "run(self, é='—')"), encoding="utf-8")
    done = run("contract", "fw.py", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"})
    method = json.loads(done.stdout)["modules"]["fw"]["classes"]["Base"]["methods"]["run"]
    assert method["source"][1] == "    def run(self, é='—'): ..."


def test_nothing_of_the_package_is_run(tree, contract):
    tree({"fw/__init__.py": f"open('ran', 'w')\n{BASE}"})
    assert contract("fw")[0] == 0
    assert not Path("ran").exists()

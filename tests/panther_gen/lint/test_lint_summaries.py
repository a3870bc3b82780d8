"""Long runs keep what stands in each file; a changed base class costs no parsing then."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import panther_gen.lint.disk.modules as modules
from panther_gen.lint.disk.summaries import Summaries
from panther_gen.lint.reading.ast_reader import read_with_ast
from panther_gen.lint.reading.cst_reader import read_with_cst
from panther_gen.lint.reading.source import read_source
from panther_gen.lint.rules import RULES
from panther_gen.lint.running.cache import Cache
from panther_gen.lint.running.engine import check_files

ROOT = Path(__file__).resolve().parents[3]
REAL = sorted((ROOT / "panther_gen").rglob("*.py"))[::7]
USER = "from shared import Shared\nclass P(Shared):\n    def {name}(self): ...\n"
SHARED = (
    "from panther.plugins.services.base import BaseServiceManager as B\nclass Shared(B):\n    x = {value}\n"
)
MANY = 160


@pytest.fixture
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def lint(store, monkeypatch):
    """Check all files with the cache; tell what was found, and how many different texts were parsed."""
    parsed = []
    original = modules.summarise

    def counted(text):
        parsed.append(text)
        return original(text)

    monkeypatch.setattr(modules, "summarise", counted)

    def run() -> tuple[list[str], int]:
        parsed.clear()
        report = check_files(sorted(Path().glob("*.py")), cache=Cache(store))
        return [f"{one.path}:{one.span} {one.code}" for one in report.findings], len(set(parsed))

    return run


@pytest.fixture
def many(tree):
    """A tree of so many files that summaries are kept; every tenth overrides a workflow method."""
    names = ["prepare" if number % 10 == 0 else "own" for number in range(MANY)]
    users = {f"m{number:03}.py": f"# {number}\n{USER.format(name=name)}" for number, name in enumerate(names)}
    return tree({"shared.py": SHARED.format(value=0), **users})


def kept(store: Path) -> Path:
    [file] = store.glob("*.summaries")
    return file


def test_a_changed_base_class_is_all_that_is_parsed_again(many, tree, lint):
    first, parsed = lint()
    assert (len(first), parsed) == (MANY // 10, MANY + 1)
    tree({"shared.py": SHARED.format(value=1)})
    assert lint() == (first, 1)
    tree({"shared.py": "class Shared: ...\n"})
    assert lint() == ([], 1)
    tree({"shared.py": SHARED.format(value=1).replace("x =", "def own(self): ...\n    x =")})
    assert lint() == (first, 1)


def test_a_new_workflow_method_of_a_base_class_is_found_in_every_file(many, tree, lint):
    lint()
    text = "from panther.plugins.services.base.contract import workflow_method\n" + SHARED.format(value=1)
    tree({"shared.py": f"{text}    @workflow_method\n    def own(self): ...\n"})
    found, parsed = lint()
    plain = check_files(sorted(Path().glob("*.py"))).findings
    assert (len(found), parsed) == (MANY, 1)
    assert found == [f"{one.path}:{one.span} {one.code}" for one in plain]
    tree({"shared.py": f"{text}\n    @workflow_method\n    def own(self): ...\n"})
    assert lint() == (found, 1)


def test_a_file_that_changed_is_parsed_again(many, tree, lint):
    first, _ = lint()
    tree({"shared.py": SHARED.format(value=1), "m001.py": "x = 1\n", "m002.py": USER.format(name="prepare")})
    found, parsed = lint()
    assert parsed == 3
    assert {line.partition(":")[0] for line in found} == {line.partition(":")[0] for line in first} | {
        "m002.py"
    }


def test_few_files_leave_no_summaries(tree, lint, store):
    tree({"shared.py": SHARED.format(value=0), "m.py": USER.format(name="own")})
    lint()
    assert list(store.glob("*.summaries")) == []


def damaged(content: bytes) -> dict[str, bytes]:
    head, *lines = content.split(b"\n")
    flipped = [line.replace(b'"own"', b'"pwn"').replace(b'"prepare"', b'"prepair"') for line in lines]
    return {
        "empty": b"",
        "no end": head,
        "another linter": b"\n".join([b"0 another", *lines]),
        "flipped": b"\n".join([head, *flipped]),
        "cut short": content[: len(content) // 2],
        "no checksums": b"\n".join([head, *(line[:33] + line[42:] for line in lines)]),
        "other things": b"\n".join([head, *(line[:42] + b"7" for line in lines)]),
        "no text": b"\n".join([head, *(line[:42] + b"\xff\xfe" for line in lines)]),
    }


@pytest.mark.parametrize("damage", sorted(damaged(b"")))
def test_damaged_summaries_count_as_none(damage, many, tree, lint, store):
    first, _ = lint()
    file = kept(store)
    file.write_bytes(damaged(file.read_bytes())[damage])
    tree({"shared.py": SHARED.format(value=1)})
    found, parsed = lint()
    assert found == first
    assert 1 < parsed < MANY if damage == "cut short" else parsed == MANY + 1
    tree({"shared.py": SHARED.format(value=2)})
    assert lint() == (first, 1)


def test_another_version_of_the_linter_believes_no_summary(many, tree, lint, monkeypatch):
    first, _ = lint()
    monkeypatch.setattr("panther_gen.lint.running.cache.__version__", "999")
    assert lint() == (first, MANY + 1)


CASES = [
    case.code
    for rule in RULES
    if rule.code not in {"PG001", "PG206"}  # whose cases the running Python refuses
    for case in (*rule.valid, *rule.invalid)
    if case.path.endswith(".py")
]


@pytest.mark.parametrize("reader", [read_with_ast, read_with_cst])
def test_every_summary_comes_back_as_it_was(reader, tmp_path):
    texts = [*CASES, *(read_source(path).text for path in REAL)]
    summaries = [reader(text) for text in texts]
    first = Summaries(tmp_path / "file", "key")
    for number, summary in enumerate(summaries):
        first.note(f"{number:064}"[::-1], summary)
    first.write()
    second = Summaries(tmp_path / "file", "key")
    second.load()
    for number, summary in enumerate(summaries):
        found = second.get(f"{number:064}"[::-1])
        assert found is not None
        assert plain(found) == plain(summary)


def plain(summary):
    """What can be compared of a summary: its bindings are told apart by identity."""
    scopes = summary.scopes
    fields = [[slots(one) for found in scope.bindings.values() for one in found] for scope in scopes]
    names = [(one.kind, one.parent, one.serial, list(one.bindings), one.opaque) for one in scopes]
    rest = [[slots(one) for one in scope.stars] for scope in scopes]
    return fields, names, rest, summary.classes, summary.spans


def slots(one):
    return [getattr(one, name) for name in one.__slots__]


def command(store: Path) -> subprocess.Popen:
    env = {**os.environ, "PANTHER_GEN_CACHE_DIR": str(store)}
    argv = [sys.executable, "-m", "panther_gen", "lint", "."]
    return subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_linters_at_once_and_killed_ones_leave_whole_summaries(many, tree, store, lint):
    expected = lint()[0]
    for value, delay in enumerate((0.2, 0.5, 0.8), 1):
        tree({"shared.py": SHARED.format(value=value)})
        killed, *runs = [command(store) for _ in range(3)]
        time.sleep(delay)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        assert {run.communicate()[0].count("PG101") for run in runs} == {MANY // 10}
    tree({"shared.py": SHARED.format(value=9)})
    assert lint() == (expected, 1)

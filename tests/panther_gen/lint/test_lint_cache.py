"""Verdicts are kept between runs, and never outlive what they rest on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from panther_gen.lint.rules import RULES
from panther_gen.lint.running.cache import Cache
from panther_gen.lint.running.engine import check_files

SETTLED = time.time() - 3600
USER = "from shared import Shared\nclass P(Shared):\n    def prepare(self): ...\n"
SHARED = "from panther.plugins.services.base import BaseServiceManager as B\nclass Shared(B): ...\n"
HARMLESS = "class Shared: ...\n"


def settle(root: Path) -> None:
    """Let the files look as if nobody had changed them for an hour."""
    for path in root.rglob("*"):
        if path.is_file():
            os.utime(path, (SETTLED, SETTLED))


@pytest.fixture
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def lint(store, monkeypatch):
    """Check files with the cache, and tell what was found and how many groups had to be judged."""
    import panther_gen.lint.running.engine as engine

    judged = []
    original = engine._judged

    def counted(groups, *others):
        judged.append(len(groups))
        return original(groups, *others)

    monkeypatch.setattr(engine, "_judged", counted)

    def run(*names: str) -> tuple[list[str], int]:
        judged.clear()
        report = check_files([Path(name) for name in names], cache=Cache(store))
        return [f"{one.path}:{one.span.line} {one.code}" for one in report.findings], sum(judged)

    return run


def test_what_did_not_change_is_not_judged_again(tree, lint):
    tree({"a.py": USER, "b.py": "x = 1\n", "shared.py": SHARED})
    first = lint("a.py", "b.py", "shared.py")
    assert first == (["a.py:3 PG101"], 3)
    assert lint("a.py", "b.py", "shared.py") == (first[0], 0)
    assert lint("a.py") == (first[0], 0)


@pytest.mark.parametrize("settled", [True, False], ids=["settled", "just written"])
def test_a_change_of_the_file_itself_is_seen(settled, tree, lint):
    root = tree({"a.py": USER, "shared.py": SHARED})
    if settled:
        settle(root)
    lint("a.py")
    tree({"a.py": USER.replace("prepare", "prepair")})  # the same size
    if settled:
        settle(root)
    assert lint("a.py") == ([], 1)


def test_a_change_of_a_base_class_in_another_file_is_seen(tree, lint):
    tree({"a.py": USER, "b.py": "x = 1\n", "shared.py": HARMLESS})
    assert lint("a.py", "b.py") == ([], 2)
    tree({"shared.py": SHARED})
    assert lint("a.py", "b.py") == (["a.py:3 PG101"], 1)
    tree({"shared.py": HARMLESS})
    assert lint("a.py", "b.py") == ([], 1)


def test_a_change_two_files_away_is_seen(tree, lint):
    tree({"a.py": USER, "shared.py": "from far import Shared\n", "far.py": HARMLESS})
    assert lint("a.py") == ([], 1)
    tree({"far.py": SHARED})
    assert lint("a.py") == (["a.py:3 PG101"], 1)


def test_a_file_that_appears_is_seen(tree, lint):
    root = tree({"a.py": USER})
    assert lint("a.py") == (["a.py:2 PG201"], 1)
    assert lint("a.py") == (["a.py:2 PG201"], 0)
    tree({"shared.py": SHARED})
    assert lint("a.py") == (["a.py:3 PG101"], 1)
    tree({"shared/__init__.py": HARMLESS})  # Python takes the package
    assert lint("a.py") == ([], 1)
    (root / "shared/__init__.py").unlink()
    assert lint("a.py") == (["a.py:3 PG101"], 1)


def test_a_file_that_can_be_parsed_again_is_seen(tree, lint):
    tree({"a.py": USER, "shared.py": "class Shared(:\n"})
    assert lint("a.py")[0] == ["a.py:2 PG201"]
    tree({"shared.py": SHARED})
    assert lint("a.py")[0] == ["a.py:3 PG101"]


def test_what_belongs_to_a_plugin_is_seen(tree, lint, plugin):
    code = (
        "from panther.plugins.plugin_decorators import register_plugin\n"
        "from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager\n"
        "@register_plugin(plugin_type='iut', name='sample', version='1.0.0', supported_protocols=['quic'])\n"
        "class Sample(BaseQUICServiceManager):\n"
        "    def _get_implementation_name(self): return 'sample'\n"
        "    def _get_binary_name(self): return 'sample'\n"
        "    def _get_server_specific_args(self, **kwargs): return []\n"
    )
    files = {f"{plugin}/sample.py": code, f"{plugin}/__init__.py": "from .sample import Sample as Sample\n"}
    tree(files)
    names = [f"{plugin}/sample.py", f"{plugin}/__init__.py"]

    def codes():
        found, judged = lint(*names)
        return {line.split()[-1] for line in found}, judged

    before, _ = codes()
    assert "PG801" not in before
    assert codes() == (before, 0)
    tree({f"{plugin}/README.md": "Nothing about its base class.\n"})
    assert codes() == (before | {"PG801", "PG802"}, 1)
    tree({f"{plugin}/README.md": "From BaseQUICServiceManager; fills in `_get_server_specific_args`.\n"})
    after, judged = codes()
    assert judged == 1
    assert "PG801" not in after
    tree({f"{plugin}/templates/server_command.jinja": "{% if %}\n"})
    found, judged = codes()
    assert (judged, "PG901" in found) == (1, True)


def test_suppressions_are_kept_with_the_verdict(tree, lint, store):
    line = "    def prepare(self): ...  # panther-gen: ignore[PG101, PG103] tried by hand\n"
    tree({"a.py": USER.replace("    def prepare(self): ...\n", line), "shared.py": SHARED})
    first = lint("a.py")
    assert first == (["a.py:3 PG003"], 1)
    assert lint("a.py") == (first[0], 0)
    assert check_files([Path("a.py")], cache=Cache(store)).suppressed == 1


CASES = [
    pytest.param(case, id=f"{rule.code}-{i}")
    for rule in RULES
    for i, case in enumerate((*rule.valid, *rule.invalid))
]


@pytest.mark.parametrize("case", CASES)
def test_a_kept_verdict_is_the_same(case, tree, store):
    tree({**case.files, case.path: case.code})
    paths = [Path(case.path)]
    first, second = (check_files(paths, cache=Cache(store)) for _ in range(2))
    plain = check_files(paths)
    assert first.findings == second.findings == plain.findings
    assert first.suppressed == second.suppressed == plain.suppressed
    for path in plain.sources:
        assert second.sources[path].line(1) == plain.sources[path].line(1)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"key": 1}', b"\xff\xfe", b'{"key": null, "facts": [], "groups": {}}'],
)
def test_a_damaged_file_counts_as_empty(content, tree, lint, store):
    tree({"a.py": USER, "shared.py": SHARED})
    lint("a.py")
    [file] = store.iterdir()
    file.write_bytes(content)
    assert lint("a.py") == (["a.py:3 PG101"], 1)
    assert lint("a.py") == (["a.py:3 PG101"], 0)


@pytest.mark.parametrize("damage", ["facts", "groups", "entry"])
def test_a_file_with_other_things_inside_counts_as_empty(damage, tree, lint, store):
    tree({"a.py": USER, "shared.py": SHARED})
    lint("a.py")
    [file] = store.iterdir()
    content = json.loads(file.read_bytes())
    content[damage if damage != "entry" else "facts"] = 7
    if damage == "entry":
        content["facts"], content["groups"] = [], {"a.py": [["a.py"], [99], [1]]}
    file.write_text(json.dumps(content))
    assert lint("a.py") == (["a.py:3 PG101"], 1)


def test_another_version_of_the_linter_judges_anew(tree, lint, monkeypatch):
    tree({"a.py": USER, "shared.py": SHARED})
    lint("a.py")
    monkeypatch.setattr("panther_gen.lint.running.cache.__version__", "999")
    assert lint("a.py") == (["a.py:3 PG101"], 1)


def test_another_selection_of_files_of_a_plugin_is_judged_anew(tree, lint, plugin):
    tree({f"{plugin}/sample.py": "x = 1\n", f"{plugin}/__init__.py": ""})
    lint(f"{plugin}/sample.py")
    assert lint(f"{plugin}/sample.py", f"{plugin}/__init__.py")[1] == 1


def test_without_a_place_to_write_it_does_without(tree, store):
    tree({"a.py": USER, "shared.py": SHARED})
    (store / "file").write_text("")
    report = check_files([Path("a.py")], cache=Cache(store / "file" / "below"))
    assert [one.code for one in report.findings] == ["PG101"]


def command(store: Path, *words: str, **options) -> subprocess.Popen:
    env = {**os.environ, "PANTHER_GEN_CACHE_DIR": str(store)}
    argv = [sys.executable, "-m", "panther_gen", "lint", *words]
    return subprocess.Popen(
        argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def test_linters_at_once_agree_and_leave_a_whole_file(tree, store):
    tree({"shared.py": SHARED, **{f"m{i}.py": USER for i in range(40)}})
    for _ in range(3):
        runs = [command(store, ".") for _ in range(4)]
        texts = {run.communicate()[0] for run in runs}
        assert len(texts) == 1
        assert {run.returncode for run in runs} == {1}
    [file] = store.iterdir()
    assert len(json.loads(file.read_bytes())["groups"]) == 41


def test_a_killed_linter_does_no_harm(tree, store):
    tree({"shared.py": SHARED, **{f"m{i}.py": USER for i in range(40)}})
    for delay in (0.05, 0.15, 0.25, 0.35):
        run = command(store, ".")
        time.sleep(delay)
        run.send_signal(signal.SIGKILL)
        run.communicate()
    run = command(store, ".")
    assert run.communicate()[0].count("PG101") == 40
    again = command(store, ".")
    assert again.communicate()[0].count("PG101") == 40


def test_what_killed_linters_left_is_removed(tree, store):
    tree({"a.py": USER, "shared.py": SHARED})
    command(store, ".").communicate()
    [file] = store.iterdir()
    left = file.with_name(f"{file.stem}-left.tmp")
    left.write_text("half")
    os.utime(left, (SETTLED, SETTLED))
    tree({"b.py": "x = 1\n"})
    command(store, ".").communicate()
    assert not left.exists()


def test_no_cache_leaves_no_file(tree, store):
    tree({"a.py": USER, "shared.py": SHARED})
    assert "PG101" in command(store, "--no-cache", "a.py").communicate()[0]
    assert list(store.iterdir()) == []


def test_a_plain_command_and_one_with_options_print_the_same(tree, store):
    tree({"a.py": USER, "shared.py": SHARED})
    plain = command(store, "a.py").communicate()
    assert command(store, "--format", "text", "a.py").communicate() == plain


def test_several_processes_find_what_one_finds(tree):
    tree({"shared.py": SHARED, **{f"m{i:03}.py": USER if i % 9 else "x = 1\n" for i in range(400)}})
    files = sorted(Path().glob("*.py"))
    alone, together = check_files(files), check_files(files, jobs=2)
    assert together.findings == alone.findings
    assert len(alone.findings) == 355


def test_contents_that_are_not_saved_void_only_what_rests_on_them(tree, store, monkeypatch):
    import panther_gen.lint.running.judge as judge

    asked: list[str] = []
    original = judge.Judge.judge

    def counted(self, groups):
        asked.extend(group.name for group in groups)
        return original(self, groups)

    other = "from other import Shared\nclass P(Shared):\n    def prepare(self): ...\n"
    root = tree({"a.py": USER, "b.py": other, "shared.py": SHARED, "other.py": SHARED})
    files = [Path(f"{name}.py") for name in ("a", "b", "shared", "other")]
    check_files(files, cache=Cache(store))
    monkeypatch.setattr(judge.Judge, "judge", counted)
    for shared in (Path("shared.py"), root / "shared.py"):
        asked.clear()
        report = check_files(files, {shared: HARMLESS.encode()}, cache=Cache(store))
        assert [one.path for one in report.findings] == ["b.py"]
        assert sorted(asked) == ["a.py", "shared.py"]
    asked.clear()
    assert [one.path for one in check_files(files, cache=Cache(store)).findings] == ["a.py", "b.py"]
    assert asked == []

"""Plugin directories are found by where they are, and nothing is imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from panther_gen.errors import UsageError
from panther_gen.plugin.tree import PluginDirectory, find_plugins, plugin_trees

SERVICES = "panther/plugins/services"


def test_plugins_are_found_below_every_tree(tree):
    tree(
        {
            f"{SERVICES}/iut/quic/one/__init__.py": "raise SystemExit('imported')",
            f"{SERVICES}/testers/panther_ivy/two/two.py": "",
            f"nested/{SERVICES}/iut/http/three/three.py": "",
            f"{SERVICES}/iut/quic/no_python/README.md": "",
            f"{SERVICES}/iut/quic/__pycache__/x.py": "",
            f"{SERVICES}/iut/quic/loose.py": "",
            f".venv/{SERVICES}/iut/quic/installed/x.py": "",
        }
    )
    found = find_plugins(Path())
    assert [(one.kind, one.protocol, one.name) for one in found] == [
        ("iut", "quic", "one"),
        ("testers", "panther_ivy", "two"),
        ("iut", "http", "three"),
    ]
    assert found[0].module == "panther.plugins.services.iut.quic.one"
    assert found[0].path == Path.cwd() / SERVICES / "iut" / "quic" / "one"
    assert isinstance(found[0], PluginDirectory)


def test_inside_a_tree_the_search_stays_there(tree, monkeypatch):
    root = tree({f"{SERVICES}/iut/quic/one/one.py": ""})
    monkeypatch.chdir(root / SERVICES / "iut")
    assert plugin_trees(Path()) == [Path()]
    assert [one.name for one in find_plugins(Path())] == ["one"]


def test_where_there_is_no_tree_nothing_is_found(tree):
    tree({"panther/readme.txt": "", "other/plugins/x.py": ""})
    assert find_plugins(Path()) == []


@pytest.mark.parametrize(
    "file", ["panther.py", "panther/__init__.py", "panther/plugins/__init__.py", f"{SERVICES}/__init__.py"]
)
def test_a_file_that_hides_the_runtime_is_refused(file, tree):
    tree({f"{SERVICES}/iut/quic/one/one.py": "", file: ""})
    with pytest.raises(UsageError, match="hides the installed runtime") as caught:
        find_plugins(Path())
    assert file in caught.value.message
    assert "delete it" in caught.value.cure

"""``panther-gen new-iut`` shown before, and over files that exist: ``--dry-run``, ``--diff``, ``--force``."""

from __future__ import annotations

import json
import subprocess

import pytest

NEW = ("new-iut", "quic", "mine", "--language", "c")
PLUGIN = "panther/plugins/services/iut/quic/mine"


def statuses(document):
    (root,) = json.loads(document)["roots"]
    return {one["path"]: one["status"] for one in root["changes"]}


def test_what_is_shown_is_what_is_made(run, tmp_path, tree):
    listed = run(*NEW, "--dry-run")
    shown = run(*NEW, "--diff")
    as_json = run(*NEW, "--dry-run", "--json")
    assert (listed.returncode, shown.returncode, as_json.returncode) == (0, 0, 0)
    assert list(tmp_path.iterdir()) == []
    place = tmp_path / "patched"
    place.mkdir()
    subprocess.run(["patch", "-p1", "-s"], cwd=place, input=shown.stdout, text=True, check=True)
    run(*NEW)
    made = {name for name in tree(tmp_path) if not name.startswith("patched") and name[-1] != "/"}
    made = {name for name in made if ".panther-gen" not in name}
    assert statuses(as_json.stdout) == dict.fromkeys(made, "create")
    assert {line.split()[1] for line in listed.stdout.splitlines()[:-1]} == made
    assert all(place.joinpath(name).read_bytes() == tmp_path.joinpath(name).read_bytes() for name in made)


def test_files_that_exist_are_refused_and_listed_with_the_cure(run, tmp_path, tree):
    run(*NEW)
    tmp_path.joinpath(PLUGIN, "README.md").write_text("Mine.\n")
    before = tree(tmp_path)
    refused = run(*NEW)
    assert refused.returncode == 2
    assert "\n  README.md\n" in refused.stderr
    assert "--force" in refused.stderr.partition("cure: ")[2]
    assert "--diff" in refused.stderr.partition("cure: ")[2]
    shown = run(*NEW, "--diff")
    assert shown.returncode == 2
    assert "-Mine.\n" in shown.stdout
    listed = run(*NEW, "--dry-run")
    assert f"conflict  {PLUGIN}/README.md  (it exists, and differs)" in listed.stdout
    assert f"identical  {PLUGIN}/Dockerfile" in listed.stdout
    assert tree(tmp_path) == before


def test_force_replaces_what_differs_and_leaves_what_else_is_there(run, tmp_path, tree):
    run(*NEW)
    expected = tree(tmp_path)
    plugin = tmp_path / PLUGIN
    plugin.joinpath("README.md").write_text("Mine.\n")
    plugin.joinpath("Dockerfile").unlink()
    plugin.joinpath("own.py").write_text("MINE = 1\n")
    dry = run(*NEW, "--force", "--dry-run", "--json")
    assert dry.returncode == 0
    forced = run(*NEW, "--force", "--json")
    assert forced.returncode == 0, forced.stderr
    assert statuses(forced.stdout) == statuses(dry.stdout)
    assert statuses(forced.stdout)[f"{PLUGIN}/README.md"] == "update"
    assert statuses(forced.stdout)[f"{PLUGIN}/Dockerfile"] == "create"
    found = tree(tmp_path)
    assert found.pop(f"{PLUGIN}/own.py") == b"MINE = 1\n"
    assert found == expected


def test_force_makes_a_plugin_that_is_not_there_too(run, tmp_path):
    assert run(*NEW, "--force").returncode == 0
    assert tmp_path.joinpath(PLUGIN, "mine.py").is_file()


@pytest.mark.parametrize("words", [("new-protocol", "weather"), ("new-tester", "tcp", "judge")])
def test_protocols_and_testers_are_shown_refused_and_replaced_as_plugins_are(run, tmp_path, tree, words):
    listed = run(*words, "--dry-run")
    assert listed.returncode == 0
    assert "   create  panther/plugins/" in listed.stdout
    assert "+++ b/panther/plugins/" in run(*words, "--diff").stdout
    assert tree(tmp_path) == {}
    assert run(*words).returncode == 0
    made = tree(tmp_path)
    (readme,) = tmp_path.rglob("README.md")
    readme.write_text("mine")
    refused = run(*words)
    assert refused.returncode == 2
    assert "or say --force to replace the files that differ" in refused.stderr
    assert run(*words, "--force").returncode == 0
    assert tree(tmp_path) == made

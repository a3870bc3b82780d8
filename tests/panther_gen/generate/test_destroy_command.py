"""``panther-gen destroy``: what nobody edited goes, the rest stays."""

from __future__ import annotations

import json
import subprocess
import sys

PLUGIN = "panther/plugins/services/iut/quic/mine"


def test_what_new_iut_made_goes_without_a_trace(run, tmp_path, tree):
    run("new-iut", "quic", "mine", "--language", "python")
    subprocess.run([sys.executable, "-m", "compileall", "-q", PLUGIN], cwd=tmp_path, check=True)
    done = run("destroy", "mine", "--yes")
    assert done.returncode == 0, done.stderr
    assert f"remove  {PLUGIN}/mine.py" in done.stdout
    assert "remove  test_config.yaml" in done.stdout
    assert [name for name in tree(tmp_path) if name != "panther/"] == []


def test_what_was_edited_or_made_by_the_author_stays(run, tmp_path, tree):
    run("new-iut", "quic", "mine", "--language", "c")
    plugin = tmp_path / PLUGIN
    for name in ("README.md", "own.py"):
        with plugin.joinpath(name).open("a") as stream:
            stream.write("# Mine.\n")
    tmp_path.joinpath("test_config.yaml").write_text("mine\n")
    done = run("destroy", "quic/mine", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    (root,) = json.loads(done.stdout)["roots"]
    kept = {one["path"]: one["reason"] for one in root["changes"] if one["status"] == "skip"}
    assert kept == {f"{PLUGIN}/README.md": "edited by you", f"{PLUGIN}/own.py": "made by you"}
    assert {name for name in tree(tmp_path) if name[-1] != "/"} == {*kept, "test_config.yaml"}


def test_it_has_to_be_confirmed(run, tmp_path, tree):
    run("new-iut", "quic", "mine", "--language", "c")
    before = tree(tmp_path)
    done = run("destroy", "mine")
    assert done.returncode == 2
    assert "--yes confirms it" in done.stderr
    listed = run("destroy", "mine", "--dry-run")
    assert listed.returncode == 0
    assert f"remove  {PLUGIN}/mine.py" in listed.stdout
    assert "nothing has been changed" in listed.stdout
    assert tree(tmp_path) == before


def test_without_a_record_nothing_goes(run, tmp_path, tree):
    run("new-iut", "quic", "mine", "--language", "c")
    tmp_path.joinpath(PLUGIN, ".panther-gen.json").unlink()
    before = tree(tmp_path)
    done = run("destroy", "mine", "--yes")
    assert done.returncode == 2
    assert "what it was generated from is not known" in done.stderr
    assert tree(tmp_path) == before

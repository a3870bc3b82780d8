"""``status`` reads what may have changed, and nothing else; what it remembers never makes it wrong."""

from __future__ import annotations

import json
import os
import time

import pytest


@pytest.fixture
def kept(monkeypatch, tmp_path_factory):
    """The directory in which it is kept, empty at first."""
    directory = tmp_path_factory.mktemp("kept")
    monkeypatch.setenv("PANTHER_GEN_CACHE_DIR", str(directory))
    return directory


@pytest.fixture
def plugin(run, kept, tmp_path):
    run("new-iut", "quic", "sample", "--language", "c")
    time.sleep(0.15)  # as long as files count as new
    assert told(run) == "up to date"
    (_,) = kept.iterdir()
    return tmp_path / "panther/plugins/services/iut/quic/sample"


def told(run):
    done = run("status")
    assert done.stderr == ""
    return done.stdout.strip().partition("  ")[2]


def change(file, old, new):
    """Change a file, but neither its size nor its time."""
    before = file.stat()
    content = file.read_text()
    assert old in content
    assert len(old) == len(new)
    file.write_text(content.replace(old, new))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_what_is_remembered_is_told(run, kept, plugin):
    (file,) = kept.iterdir()
    document = json.loads(file.read_text())
    document["plugins"]["iut/quic/sample"][2][3] = ["remembered.py"]
    file.write_text(json.dumps(document))
    assert told(run) == "edited: remembered.py"
    os.utime(plugin / "README.md")
    assert told(run) == "up to date"


def test_a_change_that_keeps_size_and_time_is_seen(run, plugin):
    change(plugin / "README.md", "Purpose", "purpose")
    assert told(run) == "edited: README.md"
    change(plugin / "README.md", "purpose", "Purpose")
    assert told(run) == "up to date"


def test_a_change_within_the_tick_of_the_last_look_is_seen(run, plugin):
    for word in ("Purpose", "purpose", "PURPOSE", "Purpose", "purpose"):
        text = (plugin / "README.md").read_text()
        (plugin / "README.md").write_text(
            "".join(text.partition("## ")[:2]) + word + text[text.index(" and ") :]
        )
        seen = told(run)
        assert seen == ("up to date" if word == "Purpose" else "edited: README.md")


def test_files_that_go_and_come_back(run, plugin, tmp_path):
    plugin.joinpath("README.md").rename(tmp_path / "away")
    assert told(run) == "deleted: README.md"
    assert told(run) == "deleted: README.md"
    tmp_path.joinpath("away").rename(plugin / "README.md")
    assert told(run) == "up to date"


def test_a_record_that_was_changed(run, plugin):
    change(plugin / ".panther-gen.json", '"quic"', '"QUIC"')
    assert "was changed by something else than panther-gen" in told(run)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": 1}', '{"plugins": {"iut/quic/sample": 7}}'])
def test_a_damaged_file_counts_as_empty(run, kept, plugin, content):
    (file,) = kept.iterdir()
    key = json.loads(file.read_text())["key"]
    damaged = {**json.loads(content), "key": key} if content.startswith('{"plugins') else None
    file.write_text(json.dumps(damaged) if damaged else content)
    assert told(run) == "up to date"
    plugin.joinpath("README.md").write_text("mine")
    assert told(run) == "edited: README.md"


def test_where_nothing_can_be_kept(run, plugin, monkeypatch, tmp_path):
    tmp_path.joinpath("file").touch()
    monkeypatch.setenv("PANTHER_GEN_CACHE_DIR", str(tmp_path / "file" / "below"))
    assert told(run) == "up to date"

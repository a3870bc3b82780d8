"""Changing files that exist: all of them or none, whatever happens to the process or the disk."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from panther_gen.errors import UsageError
from panther_gen.generate.changes import Change, Changes
from panther_gen.generate.journal import JOURNAL, commit, recover
from panther_gen.generate.state import hash_of

KILLED_COMMIT = Path(__file__).with_name("killed_commit.py")


@pytest.fixture
def scene(released, make_newer, newer, tmp_path):
    """Two edited plugins in ``work``; return the directory."""
    work = tmp_path / "work"
    plugin = released(root=work)
    released(kind="http_c", root=work)
    plugin.joinpath("README.md").write_text(plugin.joinpath("README.md").read_text() + "Mine.\n")
    plugin.joinpath("Dockerfile").unlink()
    return work


@pytest.fixture
def struck(scene, newer):
    """Carry the update out in copies of the scene, struck at each operation; return how each ended."""

    def strike(*more):
        points = range(1, 400)
        ended = {}
        for first in range(points.start, points.stop, 60):
            chosen = points[first - 1 : first + 59]
            for point in chosen:
                shutil.copytree(scene, f"{scene}-{point}")
            command = [sys.executable, KILLED_COMMIT, newer, ",".join(map(str, chosen)), *more]
            done = subprocess.run(command, cwd=scene, capture_output=True, text=True, timeout=300)
            assert done.returncode == 0, done.stderr
            for line in done.stdout.splitlines():
                point, status, count = map(int, line.split())
                ended[point] = (status, count)
            whole = [
                point
                for point in chosen
                if ended[point][1] and ended[point][0] == 0 and ended[point][1] < point
            ]
            if whole:
                return {point: status for point, (status, _) in ended.items() if point <= whole[0]}
        raise AssertionError("the update never came to its end")

    return strike


@pytest.mark.slow
def test_killed_at_any_operation_the_next_command_finds_all_or_nothing(scene, struck, run, tree, tmp_path):
    before = tree(scene)
    ended = struck()
    last = max(ended)
    after = tree(Path(f"{scene}-{last}"))
    assert ended[last] == 0
    assert after != before
    assert {status for point, status in ended.items() if point < last} == {-signal.SIGKILL}
    seen = set()
    for point in ended:
        place = Path(f"{scene}-{point}")
        half_done = (place / JOURNAL / "changes.json").exists()
        assert half_done or tree_without_journal(tree, place) in (before, after), point
        told = recover(place)
        found = tree(place)
        assert found == (after if point == last else before) or (found == after and not half_done), point
        assert bool(told) or not half_done
        seen.add((half_done, found == after))
    assert seen >= {(False, False), (True, False), (False, True)}


def tree_without_journal(tree, place):
    return {name: held for name, held in tree(place).items() if ".panther-gen-journal" not in name}


def test_every_command_undoes_what_was_killed_and_says_so(scene, newer, run, tree):
    before = tree(scene)
    shutil.copytree(scene, f"{scene}-400")
    command = [sys.executable, KILLED_COMMIT, newer]
    whole = subprocess.run([*command, "400"], cwd=scene, capture_output=True, text=True, check=True)
    number = int(whole.stdout.split()[2])
    commands = (["status"], ["lint"], ["update", "--all", "--dry-run"], ["new-iut", "quic", "x", "--dry-run"])
    for point, arguments in enumerate(commands, number - len(commands) + 1):
        place = Path(f"{scene}-{point}")
        shutil.copytree(scene, place)
        subprocess.run([*command, str(point)], cwd=scene, capture_output=True, check=True)
        assert tree(place) != before
        done = run(*arguments, cwd=place)
        assert "has been undone; run it again" in done.stderr, arguments
        assert tree(place) == before


@pytest.mark.slow
def test_on_a_full_disk_everything_is_as_it_was(scene, struck, tree):
    before = tree(scene)
    ended = struck("ENOSPC")
    last = max(ended)
    after = tree(Path(f"{scene}-{last}"))
    for point, status in ended.items():
        assert status == (0 if point == last else 4), point
        assert tree(Path(f"{scene}-{point}")) == (after if point == last else before), point


@pytest.fixture
def little_disk(tmp_path):
    """Mount a file system of 256 KiB; skip where that is not allowed."""
    place = tmp_path / "disk"
    place.mkdir()
    if shutil.which("mount") is None:
        pytest.skip("there is no mount program")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"mounting a small disk is not allowed: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_disk_that_is_really_full(little_disk, released, newer, run, tree):
    plugin = released(root=little_disk)
    plugin.joinpath("data").write_bytes(b"x" * 4096)
    filler = little_disk / "filler"
    fill = f"dd if=/dev/zero of={filler} bs=4096"
    assert "No space left" in subprocess.run(fill.split(), capture_output=True, text=True).stderr
    before = tree(little_disk)
    done = run("update", "sample", "--blueprint", newer, cwd=little_disk)
    assert done.returncode == 4, done.stdout + done.stderr
    assert "No space left on device" in done.stderr
    assert "nothing was left behind" in done.stderr
    assert tree(little_disk) == before
    filler.unlink()
    assert run("update", "sample", "--blueprint", newer, cwd=little_disk).returncode == 0


def changes(root, **files):
    made = []
    for name, (before, after) in files.items():
        if before is not None:
            root.joinpath(name).write_bytes(before)
        made.append(Change(Path(name), "update", before, after))
    (root / "panther").mkdir(exist_ok=True)
    return Changes(root, tuple(made))


def leave_half_done(root, steps, old):
    """Leave what a process that was killed leaves."""
    journal = root / JOURNAL
    (journal / "old").mkdir(parents=True)
    for number, content in enumerate(old):
        if content is not None:
            (journal / "old" / str(number)).write_bytes(content)
    listed = [
        {"path": path, "before": hash_of(before) if before else "", "after": hash_of(after) if after else ""}
        for path, before, after in steps
    ]
    (journal / "changes.json").write_text(json.dumps({"steps": listed, "directories": []}))


def test_what_was_changed_since_is_not_touched(tmp_path):
    """The author has worked on: neither the old nor the new text may replace what is there."""
    tmp_path.joinpath("edited").write_text("new\nand mine\n")
    tmp_path.joinpath("plain").write_text("new\n")
    steps = [("edited", b"old\n", b"new\n"), ("plain", b"old\n", b"new\n")]
    leave_half_done(tmp_path, steps, [b"old\n", b"old\n"])
    assert "left alone: 'edited'" in recover(tmp_path)
    assert tmp_path.joinpath("edited").read_text() == "new\nand mine\n"
    assert tmp_path.joinpath("edited.before-update").read_text() == "old\n"
    assert tmp_path.joinpath("plain").read_text() == "old\n"
    assert recover(tmp_path) == ""


@pytest.mark.parametrize("path", ["../outside", "/etc/outside", "link/outside"])
def test_a_journal_that_came_with_a_checkout_leads_nowhere(tmp_path, path):
    root = tmp_path / "root"
    root.mkdir()
    root.joinpath("link").symlink_to(tmp_path)
    leave_half_done(root, [(path, b"old\n", None)], [b"old\n"])
    with pytest.raises(UsageError, match="leads out of"):
        recover(root)
    assert not tmp_path.joinpath("outside").exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"steps": [{}], "directories": []}'])
def test_a_journal_that_is_none_is_a_sentence(tmp_path, run, text):
    (tmp_path / JOURNAL).mkdir(parents=True)
    (tmp_path / JOURNAL / "changes.json").write_text(text)
    done = run("list")
    assert done.returncode == 2
    assert "is no list of changes" in done.stderr
    assert "remove the directory" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_changed_after_planning_refuses_everything(tmp_path, tree):
    plan = changes(tmp_path, one=(b"1\n", b"2\n"), two=(b"1\n", b"2\n"))
    tmp_path.joinpath("two").write_text("mine\n")
    before = tree(tmp_path)
    with pytest.raises(UsageError, match=r"two' has changed while the command was at work"):
        commit(plan)
    assert tree(tmp_path) == before


def test_what_stops_it_before_the_point_of_no_return_leaves_nothing(tmp_path, tree):
    plan = changes(tmp_path, one=(b"1\n", b"2\n"), two=(None, b"2\n"))
    before = tree(tmp_path)

    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        commit(plan, point_of_no_return=stop)
    assert tree(tmp_path) == before


def test_two_at_a_time_are_refused(tmp_path, tree):
    plan = changes(tmp_path, one=(b"1\n", b"2\n"))

    def meanwhile():
        with pytest.raises(UsageError, match="another panther-gen is changing files"):
            commit(plan)
        with pytest.raises(UsageError, match="another panther-gen is changing files"):
            recover(tmp_path)

    commit(plan, point_of_no_return=meanwhile)
    assert tmp_path.joinpath("one").read_text() == "2\n"
    assert not (tmp_path / JOURNAL).exists()


def test_no_change_leads_out_of_the_root(tmp_path, tree):
    root = tmp_path / "root"
    (root / "panther").mkdir(parents=True)
    root.joinpath("link").symlink_to(tmp_path)
    for path in ("../outside", "link/outside"):
        with pytest.raises(UsageError, match="leads out of"):
            commit(Changes(root, (Change(Path(path), "create", None, b"x"),)))
    assert not tmp_path.joinpath("outside").exists()


def test_directories_come_and_go_with_their_files(tmp_path):
    plan = changes(tmp_path)
    made = Change(Path("a/b/c"), "create", None, b"x", executable=True)
    commit(Changes(plan.root, (made,)))
    assert os.access(tmp_path / "a/b/c", os.X_OK)
    commit(Changes(plan.root, (Change(Path("a/b/c"), "remove", b"x"),)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["panther"]

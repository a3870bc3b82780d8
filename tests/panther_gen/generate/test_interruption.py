"""Being stopped: whatever is struck and whenever, either all is there and the status is 0, or nothing is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from panther_gen.generate.iut import plan_new_iut
from panther_gen.generate.land import land
from panther_gen.generate.request import NewIut

STOPPING_POINTS = Path(__file__).with_name("stopping_points.py")
NEW = ("new-iut", "quic", "my_impl", "--language", "c")


@pytest.fixture
def struck_everywhere(tmp_path):
    """Run a command struck at its changes in turn; return the outcomes, the last one not struck."""

    def strike(kind, stride, source, *arguments):
        command = [sys.executable, STOPPING_POINTS, kind, str(stride), source, *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        outcomes = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(outcomes) * stride > 40
        assert outcomes[-1]["status"] == 0
        assert "Traceback" not in done.stderr
        return outcomes

    return strike


@pytest.fixture
def project(tmp_path):
    """Return a directory with some files of its own."""
    root = tmp_path / "project"
    root.joinpath("src").mkdir(parents=True)
    root.joinpath("src", "mine.py").write_text("mine\n")
    return root


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "stride", "statuses", "output", "parents"),
    [
        ("SIGINT", 1, {0, 130}, ".", "src"),
        ("SIGTERM", 7, {0, 143}, ".", "panther/plugins/services/iut"),
        ("ENOSPC", 1, {0, 4}, ".", "panther/plugins"),
        ("ENOSPC", 3, {0, 4}, "new/directory", "src"),
    ],
)
def test_struck_at_any_change_all_is_there_or_nothing(
    struck_everywhere, project, kind, stride, statuses, output, parents
):
    project.joinpath(parents).mkdir(parents=True, exist_ok=True)
    before = sorted(str(path.relative_to(project)) for path in project.rglob("*"))
    outcomes = struck_everywhere(kind, stride, project, *NEW, "--output", output)
    whole = outcomes[-1]["work"]
    assert {outcome["status"] for outcome in outcomes} == statuses
    for outcome in outcomes:
        assert outcome["work"] == (whole if outcome["status"] == 0 else before), outcome["at"]
        assert outcome["scratch"] == [], outcome["at"]


@pytest.mark.slow
@pytest.mark.parametrize(("stride", "output", "parents"), [(3, ".", "src"), (7, "new", "panther/plugins")])
def test_killed_at_any_change_the_next_command_finds_all_or_nothing(
    struck_everywhere, project, stride, output, parents
):
    """Nothing was made, and is made then; or everything was, and is refused then: the end is the same."""
    project.joinpath(parents).mkdir(parents=True, exist_ok=True)
    outcomes = struck_everywhere("SIGKILL", stride, project, *NEW, "--output", output)
    whole = outcomes.pop()["work"]
    assert "test_config.yaml" in " ".join(whole)
    assert {outcome["status"] for outcome in outcomes} == {-signal.SIGKILL}
    assert 0 in {outcome["again"] for outcome in outcomes} <= {0, 2}
    for outcome in outcomes:
        assert outcome["work"] == whole, outcome["at"]


@pytest.mark.parametrize("delay", [0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5])
def test_ctrl_c_at_some_moment_leaves_all_or_nothing(tmp_path, delay):
    # Told when Python itself has started, which nobody can interrupt cleanly.
    program = "import sys, panther_gen.__main__ as p; print(flush=True); sys.exit(p.main(sys.argv[1:]))"
    process = subprocess.Popen(
        [sys.executable, "-c", program, *NEW],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.readline()
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    _, message = process.communicate()
    made = sorted(path.name for path in tmp_path.iterdir())
    if process.returncode == 0:
        assert made == ["panther", "test_config.yaml"]
    else:
        assert (process.returncode, message, made) == (130, b"panther-gen: stopped\n", [])


def test_a_signal_that_is_ignored_stays_ignored(tmp_path):
    command = f"trap '' INT; {sys.executable} -m panther_gen {' '.join(NEW)} & kill -INT $!; wait $!"
    assert subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True).returncode == 0


def test_what_stops_before_the_point_of_no_return_leaves_nothing(tmp_path):
    plan = plan_new_iut(NewIut(tmp_path / "new", "quic", "my_impl", {"language": "c"}))

    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        land(plan, point_of_no_return=stop)
    assert list(tmp_path.iterdir()) == []


def test_planning_writes_nothing(tmp_path):
    plan = plan_new_iut(NewIut(tmp_path, "quic", "my_impl", {"language": "c"}))
    assert [str(file.path) for file in plan.beside] == ["test_config.yaml"]
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_came_to_exist_after_planning_is_refused(tmp_path):
    plan = plan_new_iut(NewIut(tmp_path, "quic", "my_impl", {"language": "c"}))
    tmp_path.joinpath(plan.directory).mkdir(parents=True)
    tmp_path.joinpath(plan.directory, "theirs").touch()
    with pytest.raises(Exception, match="exists already:\n  theirs"):
        land(plan)
    assert [path.name for path in tmp_path.joinpath(plan.directory).iterdir()] == ["theirs"]


def test_an_experiment_that_came_to_exist_after_planning_is_kept(tmp_path):
    plan = plan_new_iut(NewIut(tmp_path, "quic", "my_impl", {"language": "c"}))
    tmp_path.joinpath("test_config.yaml").write_text("theirs")
    assert land(plan) == list(plan.files)
    assert tmp_path.joinpath("test_config.yaml").read_text() == "theirs"


KILLED = """\
import os, signal, sys
from pathlib import Path
from panther_gen.generate.land import land
from panther_gen.generate.iut import plan_new_iut
from panther_gen.generate.request import NewIut
plan = plan_new_iut(NewIut(Path("."), "quic", sys.argv[1], {"language": "c"}))
rename = Path.rename
def kill(self, target):
    rename(self, target) if sys.argv[2] == "after" else None
    os.kill(os.getpid(), signal.SIGKILL)
Path.rename = kill
land(plan)
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_a_killed_run_leaves_is_gone_after_the_next(tmp_path, moment):
    def stages():
        return list(tmp_path.rglob(".panther-gen-*"))

    command = [sys.executable, "-c", KILLED, "first", moment]
    assert subprocess.run(command, cwd=tmp_path).returncode == -signal.SIGKILL
    assert len(stages()) == 1
    land(plan_new_iut(NewIut(tmp_path, "quic", "second", {"language": "c"})))
    assert stages() == []


def test_what_others_may_still_use_is_left_alone(tmp_path):
    command = [sys.executable, "-c", KILLED, "first", "before"]
    subprocess.run(command, cwd=tmp_path)
    (stale,) = tmp_path.glob(".panther-gen-*")
    lead, realm, rest = stale.name.rpartition(stale.name.split("-")[2])
    foreign = stale.with_name(f"{lead}{int(realm, 16) ^ 1:08x}{rest}")
    link = stale.with_name(f"{lead}{realm}-1-1-00000000")
    mine = tmp_path / "mine"
    for place in (foreign, mine):
        place.mkdir()
        (place / "kept").touch()
    link.symlink_to(mine)
    (tmp_path / ".panther-gen-notes").mkdir()

    def look_around():
        (own,) = {path.name for path in tmp_path.glob(".panther-gen-*")} - before
        assert f"-{os.getpid()}-" in own
        land(plan_new_iut(NewIut(tmp_path / "other", "quic", "inner", {"language": "c"})))
        assert (tmp_path / own).is_dir(), "one that is in use is removed by nobody else"

    before = {foreign.name, link.name, ".panther-gen-notes"}
    land(plan_new_iut(NewIut(tmp_path, "http", "x", {"language": "c"})), point_of_no_return=look_around)
    assert not stale.exists()
    assert (foreign / "kept").exists()
    assert (mine / "kept").exists()
    assert {path.name for path in tmp_path.glob(".panther-gen-*")} == before

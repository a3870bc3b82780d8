"""Being stopped: whatever is struck and whenever, either all is there and the status is 0, or nothing is."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from panther_gen.generate import NewIut, land, plan_new_iut

STOPPING_POINTS = Path(__file__).with_name("stopping_points.py")
NEW = ("new-iut", "quic", "my_impl", "--language", "c")


@pytest.fixture
def struck_everywhere(tmp_path):
    """Run a command struck at each of its changes in turn; return the outcomes, the last one not struck."""

    def strike(kind, source, *arguments):
        command = [sys.executable, STOPPING_POINTS, kind, source, *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        outcomes = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(outcomes) > 20
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
    ("kind", "statuses", "output", "parents"),
    [
        ("SIGINT", {0, 130}, ".", "src"),
        ("SIGTERM", {0, 143}, ".", "panther/plugins/services/iut"),
        ("ENOSPC", {0, 4}, ".", "panther/plugins"),
        ("ENOSPC", {0, 4}, "new/directory", "src"),
    ],
)
def test_struck_at_any_change_all_is_there_or_nothing(
    struck_everywhere, project, kind, statuses, output, parents
):
    project.joinpath(parents).mkdir(parents=True, exist_ok=True)
    before = sorted(str(path.relative_to(project)) for path in project.rglob("*"))
    outcomes = struck_everywhere(kind, project, *NEW, "--output", output)
    whole = outcomes[-1]["work"]
    assert {outcome["status"] for outcome in outcomes} == statuses
    for outcome in outcomes:
        assert outcome["work"] == (whole if outcome["status"] == 0 else before), outcome["at"]
        assert outcome["scratch"] == [], outcome["at"]


@pytest.mark.parametrize("delay", [0.02, 0.05, 0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5])
def test_ctrl_c_at_some_moment_leaves_all_or_nothing(tmp_path, delay):
    process = subprocess.Popen(
        [sys.executable, "-m", "panther_gen", *NEW],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    _, message = process.communicate()
    assert process.returncode in {0, 130, -signal.SIGINT}  # the last one: Python itself was still starting
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == (["panther", "test_config.yaml"] if process.returncode == 0 else [])
    assert process.returncode == -signal.SIGINT or b"Traceback" not in message


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

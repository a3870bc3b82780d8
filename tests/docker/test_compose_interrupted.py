"""A run in containers that is interrupted, in each of its phases: in order, and nothing of it is left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("base_image")]

INTERRUPTED = [("interrupted", "it was interrupted"), ("not run", "the run was interrupted")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("phase", ["before", "start", "transfer", "stop", "after"])
def test_in_each_phase_it_ends_in_order(bench, phase, number):
    sleep = f"[sh, -c, 'touch {bench.directory}/sleeps; sleep 600; true']"
    faults = {"start": ("never-ready",), "transfer": ("none", "hang"), "stop": ("ignore-signals",)}
    steps = {"before": f"pre_commands: [{sleep}]", "after": f"post_commands: [{sleep}]"}
    signs = {
        "start": lambda: bench.happened("ServiceStartedEvent"),
        "transfer": lambda: bench.happened("ServiceStartedEvent", 2),
        "stop": lambda: bench.says("server", "ignores SIGINT"),
    }
    for _ in range(3):  # a server holds out for two seconds: a machine that stalls as long misses them
        shutil.rmtree(bench.latest.parent, ignore_errors=True)
        runner = bench.start(*faults.get(phase, ()), steps=steps.get(phase, ""))
        bench.until(signs.get(phase, (bench.directory / "sleeps").exists))
        runner.send_signal(number)
        output = bench.end(runner)
        if phase != "stop" or bench.outcomes()[0][0] != "passed":
            break
    assert runner.returncode == 128 + number, output
    assert "Traceback" not in output
    assert "0 of 2 tests passed" in output
    assert "interrupted" in output.splitlines()[-2]
    assert bench.outcomes() == INTERRUPTED
    assert bench.left() == []


@pytest.mark.parametrize("pause", [0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0])
def test_while_networks_and_containers_are_made_none_is_forgotten(bench, pause):
    runner = bench.start(client="hang")
    bench.until((bench.latest / bench.name / "compose.yaml").is_file)
    time.sleep(pause)
    runner.send_signal(signal.SIGINT)
    output = bench.end(runner)
    assert runner.returncode == 130, output
    assert bench.outcomes() == INTERRUPTED
    assert bench.left() == []


def steps_with(mark):
    """Return the processes of a build's step."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[:2] == [b"/bin/sh", b"-c"] and mark.encode() in words[2]:
            found.append(entry.name)
    return found


@pytest.mark.usefixtures("leftovers_of_one_test_only")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_while_an_image_is_built_the_build_ends_too(bench, number):
    # A step that takes long, and is as no other: the engine has no result of it.
    mark = f"{bench.directory.name}-{time.time_ns()}"
    (file,) = bench.plugins.rglob("perl_pong/Dockerfile")
    file.write_text(f"{file.read_text()}RUN sleep 600; echo {mark}\n")
    runner = bench.start()
    bench.until(lambda: steps_with(mark))
    runner.send_signal(number)
    output = bench.end(runner)
    bench.until(lambda: not steps_with(mark))
    if number == signal.SIGINT:
        assert runner.returncode == 130, output
        assert "Traceback" not in output
        assert bench.outcomes() == INTERRUPTED
        assert bench.left() == []
    bench.until(lambda: not bench.processes())
    subprocess.run(
        [sys.executable, "-m", "panther", "clean"], env={**os.environ, "TMPDIR": str(bench.scratch)}
    )
    assert bench.left() == []


def test_a_second_time_nobody_gets_a_grace(bench):
    marks = f"touch {bench.directory}/sleeps; trap true INT; sleep 600; true"
    runner = bench.start(
        "ignore-signals",
        "hang",
        steps=f"post_commands: [[sh, -c, '{marks}'], [touch, {bench.directory}/later]]",
    )
    bench.until(lambda: bench.happened("ServiceStartedEvent", 2))
    runner.send_signal(signal.SIGINT)
    bench.until((bench.directory / "sleeps").exists)
    runner.send_signal(signal.SIGINT)
    output = bench.end(runner)
    assert runner.returncode == 130, output
    assert bench.outcomes() == INTERRUPTED
    assert not (bench.directory / "later").exists()
    assert bench.left() == []

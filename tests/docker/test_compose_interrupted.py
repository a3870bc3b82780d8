"""A run in containers that is interrupted, in each of its phases: in order, and nothing of it is left."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

pytestmark = pytest.mark.docker

PLUGINS = Path(__file__).parents[1] / "assets" / "containers"
DEADLINE_SECONDS = 60
FILE = """\
tests:
  - name: {name}
    network_environment: {{type: docker_compose}}
    services:
      server:
        implementation: {{name: perl_pong, fault: {server}}}
        protocol: {{name: minip, role: server}}
        timeout: 60
      client:
        implementation: {{name: perl_pong, fault: {client}}}
        protocol: {{name: minip, role: client, target: server}}
        timeout: 60
    steps: {{{steps}}}
  - name: another test
    network_environment: {{type: docker_compose}}
    services:
      server:
        implementation: {{name: perl_pong}}
        protocol: {{name: minip, role: server}}
"""


@pytest.fixture(autouse=True)
def base_image(docker):
    if subprocess.run([docker, "image", "inspect", "debian:bookworm-slim"], capture_output=True).returncode:
        pytest.skip("the base image debian:bookworm-slim is not there")
    pytest.importorskip("docker")


@pytest.fixture
def plugins(tmp_path):
    """A directory with the plugin, whose image this test may change."""
    shutil.copytree(PLUGINS, tmp_path / "plugins")
    return tmp_path / "plugins"


@pytest.fixture
def scratch(tmp_path):
    """Where the runner puts what it needs for a moment."""
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture
def name():
    """What the test is called: the engine has everything of it by that, and nothing of others."""
    return f"test-{uuid.uuid4().hex}"


@pytest.fixture
def start(tmp_path, plugins, scratch, name):
    started = []

    def begin(server="none", client="none", steps=""):
        file = tmp_path / "experiment.yaml"
        file.write_text(FILE.format(name=name, server=server, client=client, steps=steps))
        words = [sys.executable, "-m", "panther", "run", str(file), "--plugin-path", str(plugins)]
        runner = subprocess.Popen(
            [*words, "--results", str(tmp_path / "results")],
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(scratch)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(runner)
        return runner

    yield begin
    for runner in started:
        if runner.poll() is None:
            runner.kill()
            runner.wait()
        runner.stdout.close()


@pytest.fixture
def left(docker, tmp_path, name):
    """List what a run of this test has left: containers, networks, processes with its directory, files."""

    def engine(*words):
        label = f"--filter=label=org.panther-gen.test={name}"
        return subprocess.run([docker, *words, label], capture_output=True, text=True).stdout.split()

    def find():
        parts = [str(path) for path in tmp_path.rglob(".*.part")]
        files = [*map(str, (tmp_path / "scratch").iterdir()), *parts]
        return [*engine("ps", "-aq"), *engine("network", "ls", "-q"), *processes(tmp_path), *files]

    assert find() == []
    return find


def processes(directory):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                words = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(directory) in words:
                found.append(words.decode("utf-8", "replace"))
    return found


def until(condition):
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return found


def happened(tmp_path, event, times=1):
    file = tmp_path / "results/latest/events.jsonl"
    return file.is_file() and file.read_text().count(f'"{event}"') >= times


def outcomes(tmp_path):
    document = json.loads((tmp_path / "results/latest/results.json").read_text())
    return [(test["outcome"], test["reason"]) for test in document["tests"]]


INTERRUPTED = [("interrupted", "it was interrupted"), ("not run", "the run was interrupted")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("phase", ["before", "start", "transfer", "stop", "after"])
def test_in_each_phase_it_ends_in_order(start, left, tmp_path, phase, number):
    sleep = f"[sh, -c, 'touch {tmp_path}/sleeps; sleep 600; true']"
    faults = {"start": ("never-ready",), "transfer": ("none", "hang"), "stop": ("ignore-signals",)}
    steps = {"before": f"pre_commands: [{sleep}]", "after": f"post_commands: [{sleep}]"}
    runner = start(*faults.get(phase, ()), steps=steps.get(phase, ""))
    signs = {
        "start": lambda: happened(tmp_path, "ServiceStartedEvent"),
        "transfer": lambda: happened(tmp_path, "ServiceStartedEvent", 2),
        "stop": lambda: happened(tmp_path, "ServiceStartedEvent", 2),
    }
    until(signs.get(phase, (tmp_path / "sleeps").exists))
    if phase == "stop":
        time.sleep(0.7)  # any moment will do: the server holds out for two seconds
    runner.send_signal(number)
    output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
    assert runner.returncode == 128 + number, output
    assert "Traceback" not in output
    assert "0 of 2 tests passed" in output
    assert "interrupted" in output.splitlines()[-2]
    assert outcomes(tmp_path) == INTERRUPTED
    assert left() == []


@pytest.mark.parametrize("pause", [0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0])
def test_while_networks_and_containers_are_made_none_is_forgotten(start, left, tmp_path, name, pause):
    runner = start(client="hang")
    until((tmp_path / f"results/latest/{name}/compose.yaml").is_file)
    time.sleep(pause)
    runner.send_signal(signal.SIGINT)
    output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
    assert runner.returncode == 130, output
    assert outcomes(tmp_path) == INTERRUPTED
    assert left() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_while_an_image_is_built_the_build_ends_too(start, left, plugins, tmp_path, number):
    # A step that takes long, and is as no other: the engine has no result of it.
    mark = f"{tmp_path.name}-{time.time_ns()}"
    (file,) = plugins.rglob("Dockerfile")
    file.write_text(f"{file.read_text()}RUN sleep 600; echo {mark}\n")
    runner = start()
    until(lambda: steps_with(mark))
    runner.send_signal(number)
    output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
    until(lambda: not steps_with(mark))
    if number == signal.SIGINT:
        assert runner.returncode == 130, output
        assert "Traceback" not in output
        assert outcomes(tmp_path) == INTERRUPTED
        assert left() == []
    until(lambda: not processes(tmp_path))
    subprocess.run(
        [sys.executable, "-m", "panther", "clean"], env={**os.environ, "TMPDIR": str(tmp_path / "scratch")}
    )
    assert left() == []


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


def test_a_second_time_nobody_gets_a_grace(start, left, tmp_path):
    marks = f"touch {tmp_path}/sleeps; trap true INT; sleep 600; true"
    runner = start(
        "ignore-signals", "hang", steps=f"post_commands: [[sh, -c, '{marks}'], [touch, {tmp_path}/later]]"
    )
    until(lambda: happened(tmp_path, "ServiceStartedEvent", 2))
    runner.send_signal(signal.SIGINT)
    until((tmp_path / "sleeps").exists)
    runner.send_signal(signal.SIGINT)
    output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
    assert runner.returncode == 130, output
    assert outcomes(tmp_path) == INTERRUPTED
    assert not (tmp_path / "later").exists()
    assert left() == []

"""What goes wrong in a run is said in words, has the right verdict, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[1] / "assets" / "containers"
DEADLINE_SECONDS = 240
FILE = """\
tests:
  - name: a test
    services:
      server:
        implementation: {{name: perl_pong{server}}}
        protocol: {{name: minip, role: server}}
        timeout: {ready}
      client:
        implementation: {{name: perl_pong{client}}}
        protocol: {{name: minip, role: client, target: server}}
        timeout: {timeout}
    steps: {{{steps}}}
"""

pytestmark = pytest.mark.skipif(shutil.which("perl") is None, reason="the programs are written in Perl")


@pytest.fixture
def experiment(tmp_path):
    def write(server="", client="", *, ready=60, timeout=60, steps=""):
        parts = {
            "server": f", fault: {server}" if server else "",
            "client": f", fault: {client}" if client else "",
        }
        file = tmp_path / "experiment.yaml"
        file.write_text(FILE.format(**parts, ready=ready, timeout=timeout, steps=steps))
        return file

    return write


@pytest.fixture
def command(tmp_path):
    def words(file, *options):
        runner = [sys.executable, "-m", "panther", "run", str(file), "--plugin-path", str(PLUGINS)]
        return [*runner, "--results", str(tmp_path / "results"), *options]

    return words


@pytest.fixture
def start(launch, command):
    def begin(*arguments, before=()):
        return launch([*before, *command(*arguments)])

    return begin


@pytest.fixture
def panther(start, tmp_path):
    def run(*arguments, **options):
        runner = start(*arguments, **options)
        output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
        results = tmp_path / "results/latest/results.json"
        return (
            runner.returncode,
            json.loads(results.read_text())["tests"] if results.is_file() else [],
            output,
        )

    return run


@pytest.fixture
def left(tmp_path):
    """List the processes whose command or environment names this test's directory.

    Namespaces are there as long as processes are in them: the first one is a copy of the runner.
    """

    def find():
        found = []
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if entry.name.isdecimal() and int(entry.name) != os.getpid() and str(tmp_path).encode() in words:
                found.append(int(entry.name))
        return found

    return find


def until(condition):
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return found


def happened(tmp_path, event, times=1):
    file = tmp_path / "results/latest/events.jsonl"
    return file.is_file() and file.read_text().count(f'"{event}"') >= times


def says(tmp_path, service, words):
    file = tmp_path / "results/latest/a-test" / service / "stdout.log"
    return file.is_file() and words in file.read_text()


@pytest.mark.parametrize("isolation", ["auto", "none"])
@pytest.mark.parametrize(
    ("server", "client", "status", "reason"),
    [
        ("die-early", "", 1, "server 'server' was not ready: it exited with status 3 before it was ready"),
        ("die-later", "", 1, "server 'server' exited with status 4 before it was stopped"),
        ("never-ready", "", 1, "server 'server' was not ready: it did not bind UDP port {port} within 2 s"),
        ("ignore-signals", "", 0, "pong"),
        ("fork", "", 0, "pong"),
        ("", "hang", 1, "client 'client' did not finish within 2 s"),
    ],
)
def test_a_program_that_fails_is_judged_and_gone(
    panther, experiment, left, server, client, status, reason, isolation
):
    # Little time only for what is not to end in time, however fast the machine is.
    ready, timeout = 2 if server == "never-ready" else 120, 2 if client == "hang" else 120
    file = experiment(server, client, ready=ready, timeout=timeout)
    ended, (test,), output = panther(file, "--isolation", isolation)
    port = test["services"][0]["port"]
    assert ended == status, output
    assert reason.format(port=port) in output
    assert left() == []


@pytest.mark.parametrize("isolation", ["auto", "none"])
def test_a_server_at_another_port_is_judged_and_gone(panther, experiment, left, isolation):
    for seconds in (2, 15, 60):  # how long a program takes until it binds a port is the machine's affair
        ended, (test,), output = panther(experiment("wrong-port", ready=seconds), "--isolation", isolation)
        assert ended == 1, output
        assert left() == []
        if "it bound no port" not in output:
            break
    assert f"it bound UDP port {test['services'][0]['port'] + 1} instead" in output


def peak_memory_kib(pid):
    """Return the high water mark of a process; wait4(2) would count what this process had when it forked."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def test_a_gigabyte_of_log_costs_no_memory_and_is_cut_with_a_note(start, experiment, tmp_path, left):
    runner = start(experiment("flood-1024", timeout=DEADLINE_SECONDS))
    peak = 0
    while runner.poll() is None:
        peak = max(peak, peak_memory_kib(runner.pid))
        time.sleep(0.05)
    output = runner.stdout.read()
    assert runner.returncode == 0, output
    log = tmp_path / "results/latest/a-test/server/stdout.log"
    assert log.stat().st_size <= 32 << 20
    with log.open("rb") as file:
        text = file.read()
    assert b"bytes and more were left out here]" in text
    notes = json.loads((tmp_path / "results/latest/results.json").read_text())["tests"][0]["evidence"]
    (note,) = (item for item in notes if item["name"] == "log")
    assert note["detail"].startswith("server wrote more to stdout.log than is kept: about ")
    assert 0 < peak < 120 << 10
    assert left() == []


@pytest.mark.parametrize("isolation", ["auto", "none"])
def test_two_runs_at_once_and_a_port_that_is_taken(start, experiment, left, isolation):
    file = experiment()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        taken_port = taken.getsockname()[1]
        text = file.read_text().replace("        timeout: 60\n", f'        ports: ["{taken_port}"]\n', 1)
        assert str(taken_port) in text
        file.write_text(text)
        runs = [start(file, "--isolation", isolation) for _ in range(2)]
        ends = [(run.communicate(timeout=DEADLINE_SECONDS)[0], run.returncode) for run in runs]
    assert [status for _, status in ends] == [0, 0], ends
    assert len({output.splitlines()[-1] for output, _ in ends}) == 2
    assert left() == []


def mounted(directory, options):
    """Return the words that start a program where a small or read-only file system lies on a directory."""
    script = f'mount -t tmpfs -o {options} tmpfs "{directory}" && exec "$@"'
    words = ["unshare", "--mount", "sh", "-c", script, "sh"]
    if shutil.which("unshare") is None or subprocess.run([*words, "true"], capture_output=True).returncode:
        pytest.skip("this user may not mount")
    return words


@pytest.mark.parametrize("isolation", ["auto", "none"])
@pytest.mark.parametrize("size", ["16k", "600k"])
def test_a_full_disk_is_named_with_its_cure(panther, experiment, tmp_path, left, size, isolation):
    (tmp_path / "results").mkdir()
    status, _, output = panther(
        experiment(), "--isolation", isolation, before=mounted(tmp_path / "results", f"size={size}")
    )
    assert status == 4, output
    assert "No space left on device" in output
    assert "free some space, or give --results a directory on another disk" in output
    assert "Traceback" not in output
    assert left() == []


def test_a_read_only_results_directory_is_named(panther, experiment, tmp_path, left):
    (tmp_path / "results").mkdir()
    status, _, output = panther(experiment(), before=mounted(tmp_path / "results", "ro"))
    assert status == 4, output
    assert output.startswith("panther: results cannot be written to ")
    assert "Read-only file system" in output
    assert left() == []


@pytest.mark.parametrize("isolation", ["auto", "none"])
@pytest.mark.parametrize("phase", ["before", "start", "transfer", "stop", "after"])
def test_ctrl_c_in_every_phase_ends_in_order(start, experiment, tmp_path, left, phase, isolation):
    sleep = f"[sh, -c, 'touch {tmp_path}/sleeps; sleep 600; true']"
    faults = {"start": ("never-ready", ""), "transfer": ("", "hang"), "stop": ("ignore-signals", "")}
    steps = {"before": f"pre_commands: [{sleep}]", "after": f"post_commands: [{sleep}]"}.get(phase, "")
    file = experiment(*faults.get(phase, ("", "")), ready=60, timeout=60, steps=steps)
    signs = {
        "start": lambda: happened(tmp_path, "ServiceStartedEvent"),
        "transfer": lambda: happened(tmp_path, "ServiceStartedEvent", 2),
        "stop": lambda: says(tmp_path, "server", "ignores SIGINT"),
    }
    for _ in range(3):  # a server holds out for two seconds: a machine that stalls as long misses them
        shutil.rmtree(tmp_path / "results", ignore_errors=True)
        runner = start(file, "--isolation", isolation)
        until(signs.get(phase, (tmp_path / "sleeps").exists))
        runner.send_signal(signal.SIGINT)
        output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
        (test,) = json.loads((tmp_path / "results/latest/results.json").read_text())["tests"]
        if phase != "stop" or test["outcome"] != "passed":
            break
    assert runner.returncode == 130, output
    assert "Traceback" not in output
    assert test["outcome"] == "interrupted", output
    assert left() == []


@pytest.mark.usefixtures("leftovers_of_one_test_only")
@pytest.mark.parametrize("isolation", ["auto", "none"])
@pytest.mark.parametrize("phase", ["before", "start", "transfer", "stop", "after"])
def test_a_runner_that_is_killed_leaves_nothing_running(start, experiment, tmp_path, left, phase, isolation):
    sleep = f"[sh, -c, 'sleep 600 & touch {tmp_path}/sleeps; wait']"
    faults = {"start": ("never-ready", ""), "transfer": ("", "hang"), "stop": ("ignore-signals", "")}
    steps = {"before": f"pre_commands: [{sleep}]", "after": f"post_commands: [{sleep}]"}.get(phase, "")
    runner = start(experiment(*faults.get(phase, ("", "")), steps=steps), "--isolation", isolation)
    signs = {
        "start": lambda: happened(tmp_path, "ServiceStartedEvent"),
        "transfer": lambda: happened(tmp_path, "ServiceStartedEvent", 2),
        "stop": lambda: happened(tmp_path, "ServiceStartedEvent", 2),
    }
    until(signs.get(phase, (tmp_path / "sleeps").exists))
    runner.kill()
    runner.wait()
    until(lambda: left() == [])
    opened = subprocess.run(
        [sys.executable, "-m", "panther", "open", "--print", "--results", str(tmp_path / "results")],
        capture_output=True,
        text=True,
    )
    assert opened.returncode == 0, opened.stderr
    assert "This run has no end." in Path(opened.stdout.strip()).read_text()


@pytest.mark.usefixtures("leftovers_of_one_test_only")
def test_clean_removes_a_daemon_of_a_command_whose_runner_was_killed(start, experiment, tmp_path, left):
    daemon = f"""[sh, -c, 'setsid sh -c "touch {tmp_path}/sleeps; exec sleep 600" & wait']"""
    runner = start(experiment(steps=f"pre_commands: [{daemon}]"))
    until((tmp_path / "sleeps").exists)
    runner.kill()
    runner.wait()
    until(lambda: len(left()) == 1)
    environment = {**os.environ, "DOCKER_HOST": f"unix://{tmp_path}/none"}
    clean = [sys.executable, "-m", "panther", "clean"]
    subprocess.run(clean, env=environment, capture_output=True)
    until(lambda: not left())


@pytest.mark.usefixtures("leftovers_of_one_test_only")
def test_clean_removes_a_daemon_whose_runner_was_killed(start, experiment, tmp_path, left):
    runner = start(experiment("fork", "hang", timeout=600), "--isolation", "none")
    until(lambda: happened(tmp_path, "ServiceStartedEvent", 2))
    runner.kill()
    runner.wait()
    (daemon,) = until(lambda: (found := left()) and len(found) == 1 and found)
    environment = {**os.environ, "DOCKER_HOST": f"unix://{tmp_path}/none"}
    clean = [sys.executable, "-m", "panther", "clean"]
    trial = subprocess.run([*clean, "--dry-run"], env=environment, capture_output=True, text=True)
    assert f"would remove process {daemon} (perl)" in trial.stdout
    assert left() == [daemon]
    done = subprocess.run(clean, env=environment, capture_output=True, text=True)
    assert f"removed process {daemon} (perl)" in done.stdout
    until(lambda: not left())

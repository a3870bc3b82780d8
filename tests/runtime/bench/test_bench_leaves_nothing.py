"""However a run ends, no process of it remains, and what it had found out is on disk."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from panther.bench.isolation import choose_isolation

DEADLINE_SECONDS = 240


@pytest.fixture
def start_run(tmp_path, programs):
    """Start a run in a process of its own."""
    started = []

    def start(*options, isolation):
        command = [sys.executable, str(programs / "bench_run.py"), "--results", str(tmp_path / "results")]
        runner = subprocess.Popen(
            [*command, "--isolation", isolation, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(runner)
        return runner

    yield start
    for runner in started:
        if runner.poll() is None:
            runner.kill()
            runner.wait()
        runner.stdout.close()


@pytest.fixture
def until():
    def wait_until(condition):
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not (found := condition()):
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.01)
        return found

    return wait_until


def events(tmp_path):
    path = tmp_path / "results" / "latest" / "events.jsonl"
    return [json.loads(line)["type"] for line in path.read_text().splitlines()] if path.is_file() else []


def results(tmp_path):
    return json.loads((tmp_path / "results" / "latest" / "results.json").read_text())


def test_a_daemon_that_a_server_leaves_is_gone(run, make_test, isolation, left_behind):
    assert run(make_test("quic", ["--stray"]), isolation=isolation).exit_code == 0, run.printed
    assert left_behind() == []


def test_a_server_that_makes_itself_a_daemon_is_served_by_and_gone(run, make_test, isolation, left_behind):
    assert run(make_test("quic", ["--daemonise"]), isolation=isolation).exit_code == 0, run.printed
    assert left_behind() == []


def test_orphans_that_end_are_reaped(tmp_path, until):
    isolation = choose_isolation("namespace")
    cell = isolation.open_cell()
    orphan = tmp_path / "orphan"
    script = f"(sleep 0.1 & echo $! > {orphan}); while kill -0 $(cat {orphan}); do sleep 0.01; done"
    with (tmp_path / "log").open("wb") as log:
        shell = cell.spawn(["sh", "-c", script], env={}, cwd=tmp_path, stdout=log, stderr=log)
    try:
        until(lambda: shell.poll() is not None)
        assert cell.survivors() == []
    finally:
        isolation.close_cell(cell)
        isolation.finish()


def test_a_server_that_ignores_signals_is_killed(run, make_test, isolation, left_behind):
    result = run(make_test("quic", ["--ignore-signals"]), isolation=isolation)
    assert result.exit_code == 0, run.printed
    assert "ignored SIGINT and SIGTERM and had to be killed" in result.tests[0].evidence[-1].detail
    assert left_behind() == []


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("phase", ["ExperimentStartedEvent", "ServiceStartedEvent", "ServiceReadyEvent"])
def test_an_interrupted_run_stops_in_order(
    start_run, until, tmp_path, isolation, left_behind, number, status, phase
):
    runner = start_run("--client=--hang", "--server=--stray", isolation=isolation)
    until(lambda: phase in events(tmp_path))
    runner.send_signal(number)
    output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
    assert runner.returncode == status, output
    assert left_behind() == []
    # A signal that comes before the first test has begun is heeded at once.
    first = "interrupted" if "TestStartedEvent" in events(tmp_path) else "not run"
    assert [test["outcome"] for test in results(tmp_path)["tests"]] == [first, "not run"]
    assert first == "interrupted" or phase == "ExperimentStartedEvent"
    assert results(tmp_path)["signal"] == number


def test_a_second_signal_gives_no_grace(start_run, until, tmp_path, isolation, left_behind):
    runner = start_run("--client=--hang", "--server=--ignore-signals", isolation=isolation)
    until(lambda: "ServiceReadyEvent" in events(tmp_path))
    runner.send_signal(signal.SIGINT)
    runner.send_signal(signal.SIGINT)
    output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
    assert runner.returncode == 130, output
    assert left_behind() == []


@pytest.mark.parametrize("server", ["--stray", "--daemonise", "--ignore-signals"])
def test_a_killed_runner_leaves_nothing(start_run, until, tmp_path, namespace_only, left_behind, server):
    runner = start_run("--client=--hang", f"--server={server}", isolation="namespace")
    until(lambda: events(tmp_path).count("ServiceStartedEvent") == 2)
    assert left_behind()
    runner.kill()
    runner.wait()
    until(lambda: not left_behind())


def test_without_namespaces_a_killed_runner_takes_its_services_along(start_run, until, tmp_path, left_behind):
    runner = start_run("--client=--hang", isolation="none")
    until(lambda: events(tmp_path).count("ServiceStartedEvent") == 2)
    runner.kill()
    runner.wait()
    until(lambda: not left_behind())


def test_no_child_and_no_descriptor_of_the_runner_remains(run, make_test, isolation):
    def held():
        descriptors = sorted(entry.name for entry in Path("/proc/self/fd").iterdir())
        return descriptors, Path("/proc/thread-self/children").read_text()

    run(make_test("quic"), isolation=isolation)  # what is opened once for good is open now
    before = held()
    run(make_test("quic"), isolation=isolation)
    assert held() == before

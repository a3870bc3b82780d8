"""Observers: what they write down of a run, and that they are off unless they are switched on."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from panther.bench.experiment import Observer as Switch
from panther.bench.experiment import Observers
from panther.bench.observers import (
    LoggerObserver,
    MetricsObserver,
    RunScope,
    StorageObserver,
    TestScope,
    make_observers,
)
from panther.bench.observers.containers import ContainerSampler
from panther.bench.observers.process_table import ProcessTable
from panther.bench.observers.samplers import ProcessTreeSampler
from panther.core.events import EventBus, ServiceStartedEvent

ON, OFF = Switch(enabled=True), Switch(enabled=False)


def lines_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("isolation_kind", ["auto", "none"])
def test_samples_of_each_service_and_of_their_network(run, make_test, isolation_kind):
    result = run(make_test("quic"), observers=[MetricsObserver()], isolation=isolation_kind)
    assert result.exit_code == 0, run.printed
    samples = lines_of(result.directory / "a-test" / "metrics.jsonl")
    assert {sample["service"] for sample in samples} == {"server", "client", None}
    server = [sample for sample in samples if sample["service"] == "server"]
    assert server[-1]["cpu_seconds"] > 0
    assert server[-1]["memory_bytes"] > 1 << 20
    assert server[-1]["read_bytes"] > 0
    assert server[-1]["processes"] >= 1
    assert [sample["cpu_seconds"] for sample in server] == sorted(sample["cpu_seconds"] for sample in server)
    assert [sample["elapsed"] for sample in samples] == sorted(sample["elapsed"] for sample in samples)
    network = [sample for sample in samples if sample["service"] is None]
    assert network[-1]["received_packets"] > network[0]["received_packets"]
    observed = result.tests[0].observed["metrics"]
    assert observed["samples"] == len(samples)
    assert observed["peak_memory_bytes"].keys() == {"server", "client"}


def test_a_service_is_measured_as_soon_as_it_has_been_started(tmp_path):
    """A short client has ended by the time of the next sample."""

    async def watch(*processes):
        scope = TestScope(RunScope(tmp_path, EventBus()), "a test", tmp_path, EventBus())
        with MetricsObserver().watch_test(scope):
            for process in processes:
                started = ServiceStartedEvent(service_name=str(process.pid), pid=process.pid, argv=("cat",))
                scope.bus.publish(started)

    processes = [subprocess.Popen(["cat"], stdin=subprocess.PIPE) for _ in range(2)]
    try:
        asyncio.run(watch(*processes))
    finally:
        for process in processes:
            process.communicate()
    measured = {sample["service"] for sample in lines_of(tmp_path / "metrics.jsonl")}
    assert measured == {None, *(str(process.pid) for process in processes)}


def test_an_observer_that_is_off_leaves_nothing(run, make_test):
    result = run(make_test("tcp"), observers=[])
    assert result.exit_code == 0
    assert not list(result.directory.rglob("*.jsonl"))
    assert not (result.directory / "run.log").exists()
    assert (result.directory / "report.html").is_file(), "a report needs no events"


def test_the_experiment_file_switches_observers():
    kinds = {"logger": LoggerObserver, "metrics": MetricsObserver, "storage": StorageObserver}
    for name, kind in kinds.items():
        switches = {other: ON if other == name else OFF for other in kinds}
        assert [type(made) for made in make_observers(Observers(**switches))] == [kind]
    assert [type(made) for made in make_observers(Observers())] == [StorageObserver]


@pytest.fixture
def panther_log_level():
    logger = logging.getLogger("panther")
    before = logger.level
    yield logger.setLevel
    logger.setLevel(before)


def test_the_log_of_a_run_tells_test_and_service(run, make_test, panther_log_level):
    panther_log_level("INFO")
    result = run(make_test("tcp", name="first\nline"), observers=[LoggerObserver()])
    log = (result.directory / "run.log").read_text()
    assert "INFO panther: TestStartedEvent test='first\\nline'" in log
    assert "service='server' pid=" in log
    assert "CommandGenerationEvent" not in log, "commands are DEBUG"
    assert log.splitlines()[-1].split("panther: ")[1].startswith("ExperimentFinishedEvent")


def test_the_log_of_a_run_has_commands_at_debug(run, make_test, panther_log_level):
    panther_log_level("DEBUG")
    result = run(make_test("tcp"), observers=[LoggerObserver()])
    assert "DEBUG panther: CommandGenerationEvent" in (result.directory / "run.log").read_text()
    assert not [each for each in logging.getLogger("panther").handlers if "run.log" in str(each)]


def test_events_carry_their_test_and_a_steady_clock(run, make_test):
    result = run(make_test("tcp", name="one"), make_test("tcp", name="two"))
    records = lines_of(result.directory / "events.jsonl")
    assert {record["test"] for record in records} == {None, "one", "two"}
    assert [record["elapsed"] for record in records] == sorted(record["elapsed"] for record in records)
    assert [record["type"] for record in records if record["test"] is None] == [
        "ExperimentStartedEvent",
        "ExperimentFinishedEvent",
    ]
    one = lines_of(result.directory / "one" / "events.jsonl")
    assert one == [record for record in records if record["test"] == "one"]
    assert one[0]["data"]["directory"] == "one"


def test_children_are_counted_and_what_they_used_is_kept():
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c',"
        " 'import time; b = bytearray(30_000_000); end = time.process_time() + 0.3\\n'"
        " 'while time.process_time() < end: pass\\nprint(flush=True); input()'],"
        " stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "child.stdout.readline(); print(flush=True); input()\n"
        "child.stdin.close(); child.wait(); print(flush=True); input()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        sampler = ProcessTreeSampler(parent.pid, ProcessTable())
        parent.stdout.readline()
        both = sampler.sample()
        assert both.processes == 2
        assert both.memory_bytes > 30_000_000
        assert both.cpu_seconds >= 0.25
        parent.stdin.write(b"\n")
        parent.stdin.flush()
        parent.stdout.readline()
        alone = sampler.sample()
        assert alone.processes == 1
        assert alone.cpu_seconds >= both.cpu_seconds
        assert sampler.packets().received_bytes >= 0
    finally:
        parent.kill()
        parent.wait()
    assert sampler.sample() is None
    assert sampler.packets() is None


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_process_that_has_ended_is_not_measured_and_leaves_no_file_open():
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    before = open_files()
    sampler = ProcessTreeSampler(process.pid, ProcessTable())
    process.wait()
    assert sampler.sample() is None
    assert open_files() == before
    assert ProcessTreeSampler(process.pid, ProcessTable()).sample() is None
    alive = ProcessTreeSampler(os.getpid(), ProcessTable())
    alive.close()
    assert open_files() == before


def docker(*words):
    return subprocess.run(["docker", *words], capture_output=True, text=True)


@pytest.fixture
def container():
    if shutil.which("docker") is None or docker("info").returncode != 0:
        pytest.skip("there is no Docker engine")
    image = "debian:bookworm-slim"
    if docker("image", "inspect", image).returncode != 0:
        pytest.skip(f"there is no image {image}")
    command = "while :; do :; done & dd if=/dev/zero of=/tmp/x bs=1M count=20 2>/dev/null; echo done; wait"
    made = docker("run", "--detach", "--label", "panther-gen-tests", image, "sh", "-c", command)
    assert made.returncode == 0, made.stderr
    identifier = made.stdout.strip()
    yield identifier
    docker("rm", "--force", identifier)


@pytest.mark.docker
def test_a_container_is_measured_by_its_control_group(container):
    deadline = time.monotonic() + 120
    while "done" not in docker("logs", container).stdout:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    sampler = ContainerSampler(int(docker("inspect", "--format", "{{.State.Pid}}", container).stdout))
    first = second = sampler.sample()
    while second.cpu_seconds <= first.cpu_seconds:
        assert time.monotonic() < deadline
        time.sleep(0.05)
        second = sampler.sample()
    assert 0 < second.memory_bytes < 1 << 30
    assert second.processes == 2
    assert sampler.packets() is not None
    docker("rm", "--force", container)
    assert sampler.sample() is None

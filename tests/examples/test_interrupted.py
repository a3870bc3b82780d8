"""A run on this machine that is interrupted where it waits for something else than its services."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from functools import partial
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[1] / "assets" / "containers"
DEADLINE_SECONDS = 240
FILE = """\
tests:
  - name: a test
    {environment}
    services:
      server:
        implementation: {{name: perl_pong, fault: {fault}}}
        protocol: {{name: minip, role: server}}
      client:
        implementation: {{name: perl_pong}}
        protocol: {{name: minip, role: client, target: server}}
    steps: {{{steps}}}
  - name: another test
    services:
      server:
        implementation: {{name: perl_pong}}
        protocol: {{name: minip, role: server}}
"""
#: What a plugin's preparation does here: it compiles for a long time, by a program that starts others.
BUILD = """
    def _do_prepare(self, plugin_manager: Any = None) -> None:
        from panther.plugins.services.base.local_build import LocalBuild

        LocalBuild("slow", [["sh", "-c", "touch {sign}; sleep 600; true"]], [], "no cure").ensure()
"""
#: It writes for a while: its report reads all of that.
METRICS = """\
import os, json
with open(os.environ["PANTHER_TEST_DIR"] + "/metrics.jsonl", "w") as file:
    for number in range(500_000):
        file.write(json.dumps({"elapsed": number / 1e4, "service": "server", "memory_bytes": number}) + "\\n")
"""

pytestmark = pytest.mark.skipif(shutil.which("perl") is None, reason="the programs are written in Perl")


@pytest.fixture
def plugins(tmp_path):
    shutil.copytree(PLUGINS, tmp_path / "plugins")
    return tmp_path / "plugins"


@pytest.fixture
def start(launch, tmp_path, plugins):
    def begin(*options, fault="none", steps="", environment="", **variables):
        file = tmp_path / "experiment.yaml"
        file.write_text(FILE.format(fault=fault, steps=steps, environment=environment))
        words = [sys.executable, "-m", "panther", "run", str(file), "--plugin-path", str(plugins), *options]
        words += ["--results", str(tmp_path / "results")]
        return launch(words, **{"XDG_CACHE_HOME": str(tmp_path / "cache"), **variables})

    return begin


@pytest.fixture
def left(tmp_path):
    """List what is left of a run: processes that name its directory, files that are half-written."""

    def find():
        found = [str(path) for path in tmp_path.rglob(".*") if not path.name.endswith(".lock")]
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if entry.name.isdecimal() and int(entry.name) != os.getpid() and str(tmp_path).encode() in words:
                found.append(words.decode("utf-8", "replace"))
        return found

    return find


def until(condition):
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)
    return found


def results(tmp_path):
    return json.loads((tmp_path / "results/latest/results.json").read_text())


def outcomes(tmp_path):
    return [test["outcome"] for test in results(tmp_path)["tests"]]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("isolation", ["auto", "none"])
def test_while_a_plugin_compiles(start, left, plugins, tmp_path, number, isolation):
    (file,) = plugins.rglob("perl_pong.py")
    file.write_text(file.read_text() + BUILD.format(sign=tmp_path / "compiles"))
    runner = start("--isolation", isolation)
    until((tmp_path / "compiles").exists)
    runner.send_signal(number)
    output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
    assert runner.returncode == 128 + number, output
    assert "Traceback" not in output
    assert outcomes(tmp_path) == ["interrupted", "not run"]
    assert left() == []


@pytest.mark.skipif(shutil.which("perf") is None, reason="perf is not installed")
def test_while_a_profile_is_read(start, left, tmp_path):
    # The real perf, slow where it reads.
    tools = tmp_path / "tools"
    tools.mkdir()
    slow = f'[ "$1" = report ] && touch {tmp_path}/reads && sleep 600'
    (tools / "perf").write_text(f'#!/bin/sh\n{slow}\nexec {shutil.which("perf")} "$@"\n')
    (tools / "perf").chmod(0o755)
    runner = start(environment="execution_environment: [{type: perf}]", PATH=f"{tools}:{os.environ['PATH']}")
    until((tmp_path / "reads").exists)
    runner.send_signal(signal.SIGINT)
    output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
    assert runner.returncode == 130, output
    assert "Traceback" not in output
    assert outcomes(tmp_path) == ["interrupted", "not run"]
    assert results(tmp_path)["tests"][0]["services"][0]["exit_status"] is not None
    until(lambda: left() == [])


def report_or_end(tmp_path, runner):
    """Tell whether the report is being written, or the runner has ended without being seen to."""
    if list(tmp_path.rglob(".report.html.part")):
        return "report"
    return "end" if runner.poll() is not None else ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_while_the_report_is_written(start, left, tmp_path, number):
    (tmp_path / "write.py").write_text(METRICS)
    for _ in range(3):  # a report takes a second: a machine that stalls as long misses it
        runner = start("--only", "a test", steps=f"post_commands: [[python3, {tmp_path}/write.py]]")
        if until(partial(report_or_end, tmp_path, runner)) == "report":
            break
        shutil.rmtree(tmp_path / "results")
    runner.send_signal(number)
    output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
    assert runner.returncode == 128 + number, output
    assert "Traceback" not in output
    assert (
        "interrupted while the report was written: there is none\n  cure: 'panther-gen open' writes it"
        in output
    )
    document = results(tmp_path)
    assert outcomes(tmp_path) == ["passed"]
    assert (document["signal"], document["exit_code"]) == (number, 128 + number)
    assert not (tmp_path / "results/latest/report.html").exists()
    assert left() == []


def test_while_programs_are_described(start, left, tmp_path):
    # A program that is so large that its hash takes a while: the zeros after it are not on the disk.
    program = tmp_path / "perl"
    shutil.copy(shutil.which("perl"), program)
    os.truncate(program, 1 << 30)
    events = tmp_path / "results/latest/events.jsonl"
    for _ in range(3):  # a machine that stalls as long misses it
        shutil.rmtree(tmp_path / "results", ignore_errors=True)
        runner = start("--only", "a test", PATH=f"{tmp_path}:{os.environ['PATH']}")
        until(lambda: events.is_file() and '"TestFinishedEvent"' in events.read_text())
        runner.send_signal(signal.SIGINT)
        output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
        if runner.returncode != 0:
            break
    assert runner.returncode == 130, output
    assert outcomes(tmp_path) == ["passed"]
    assert results(tmp_path)["signal"] == 2
    assert left() == []


@pytest.mark.parametrize("isolation", ["auto", "none"])
def test_a_second_time_nobody_gets_a_grace(start, left, tmp_path, isolation):
    marks = f"touch {tmp_path}/sleeps; sleep 600; true"
    steps = f"wait: 2, post_commands: [[sh, -c, '{marks}'], [touch, {tmp_path}/later]]"
    runner = start("--isolation", isolation, fault="ignore-signals", steps=steps)
    events = tmp_path / "results/latest/events.jsonl"
    until(lambda: events.is_file() and events.read_text().count('"ServiceStartedEvent"') == 2)
    runner.send_signal(signal.SIGINT)
    until((tmp_path / "sleeps").exists)
    runner.send_signal(signal.SIGINT)
    output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
    assert runner.returncode == 130, output
    assert outcomes(tmp_path) == ["interrupted", "not run"]
    assert not (tmp_path / "later").exists()
    assert left() == []

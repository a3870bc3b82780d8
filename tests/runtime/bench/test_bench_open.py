"""``panther-gen open``: which report it finds, and that it opens nothing where there is no browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest


@pytest.fixture
def opens(tmp_path):
    """Run ``panther open`` with a browser that writes down what it was given."""
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{seen}"\n')
    browser.chmod(0o755)

    def run_open(*words, with_browser=True):
        display = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
        environment = {name: value for name, value in os.environ.items() if name not in display}
        if with_browser:
            environment["BROWSER"] = f"{browser} %s"
        done = subprocess.run(
            [sys.executable, "-m", "panther", "open", *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=240,
        )
        done.opened = seen.read_text() if seen.exists() else ""
        return done

    return run_open


def test_the_latest_report_is_opened(run, make_test, opens, tmp_path):
    older = run(make_test("tcp"))
    latest = run(make_test("tcp"))
    done = opens("--results", "results")
    report = latest.directory / "report.html"
    assert (done.returncode, done.stdout) == (0, f"{report}\n"), done.stderr
    assert done.opened == report.as_uri()
    assert opens(older.directory.name, "--results", "results", "--print").stdout == (
        f"{older.directory / 'report.html'}\n"
    )
    (tmp_path / "results" / "latest").unlink()
    assert opens("--results", "results").stdout == f"{report}\n", "without the link, by name"


@pytest.mark.parametrize("words", [["--print"], []])
def test_nothing_is_opened_unless_there_is_a_browser(run, make_test, opens, words):
    result = run(make_test("tcp"))
    done = opens(str(result.directory), *words, with_browser=bool(words))
    assert done.stdout == f"{result.directory / 'report.html'}\n"
    assert done.opened == ""


def test_a_killed_run_has_its_report_made(run, make_test, opens):
    result = run(make_test("tcp"))
    (result.directory / "results.json").unlink()
    (result.directory / "report.html").unlink()
    done = opens(str(result.directory), with_browser=False)
    assert done.returncode == 0, done.stderr
    assert "This run has no end." in (result.directory / "report.html").read_text()


def ready_in(events):
    return events.is_file() and b'"ServiceReadyEvent"' in events.read_bytes()


def test_a_runner_that_is_killed_leaves_whole_events_and_a_report_can_be_made(opens, programs, tmp_path):
    command = [sys.executable, str(programs / "bench_run.py"), "--results", str(tmp_path / "results")]
    runner = subprocess.Popen([*command, "--client=--hang"], stdout=subprocess.DEVNULL)
    latest = tmp_path / "results" / "latest"
    try:
        deadline = time.monotonic() + 240
        while not ready_in(latest / "events.jsonl"):
            assert time.monotonic() < deadline, "the server was never ready"
            time.sleep(0.01)
    finally:
        runner.kill()
        runner.wait()
    assert not (latest / "results.json").exists()
    for line in (latest / "events.jsonl").read_bytes().splitlines(keepends=True):
        assert line.endswith(b"\n")
        json.loads(line)
    done = opens("--results", "results", "--print")
    assert done.returncode == 0, done.stderr
    report = (latest / "report.html").read_text()
    assert "0</strong> of <strong>2</strong> tests passed" in report
    assert "it had not begun when this report was made" in report


def test_no_run_is_said_with_its_cure(opens):
    done = opens()
    assert done.returncode == 2
    assert "there is no run in 'panther-results'" in done.stderr
    assert "panther-gen try NAME makes one" in done.stderr


def test_a_run_that_there_is_not_names_those_that_are(run, make_test, opens):
    result = run(make_test("tcp"))
    done = opens("yesterday", "--results", "results")
    assert done.returncode == 2
    assert "'yesterday' is no directory of a run" in done.stderr
    assert result.directory.name in done.stderr

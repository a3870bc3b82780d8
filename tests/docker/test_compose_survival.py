"""What goes wrong in containers is said in words, has the right verdict, and leaves nothing behind."""

from __future__ import annotations

import shutil
import subprocess

import pytest

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("base_image")]


@pytest.mark.parametrize(
    ("server", "client", "outcome", "reason"),
    [
        (
            "die-early",
            "none",
            "failed",
            "server 'server' was not ready: it exited with status 3 before it was ready",
        ),
        (
            "never-ready",
            "none",
            "failed",
            "server 'server' was not ready: it did not bind UDP port 4987 within 2 s",
        ),
        ("ignore-signals", "none", "passed", "5 pongs to 5 pings"),
        (
            "fork",
            "none",
            "failed",
            (
                "server 'server' was not ready: it exited with status 0 before it was ready; "
                "a container ends with its first process: a server that makes itself a daemon has to stay in "
                "the foreground"
            ),
        ),
        ("none", "hang", "failed", "client 'client' did not finish within 2 s"),
    ],
)
def test_a_program_that_fails_is_judged_and_gone(bench, server, client, outcome, reason):
    # Little time only for what is not to end in time, however fast the machine is.
    ready, timeout = 2 if server == "never-ready" else 240, 2 if client == "hang" else 240
    runner = bench.start(server, client, "--only", bench.name, ready=ready, timeout=timeout)
    output = bench.end(runner)
    assert runner.returncode == (0 if outcome == "passed" else 1), output
    ((found, why),) = bench.outcomes()
    assert found == outcome
    assert why.startswith(reason)
    assert reason in output
    assert bench.left() == []


def mounted(directory, options):
    """Return the words that start a program where a small or read-only file system lies on a directory."""
    script = f'mount -t tmpfs -o {options} tmpfs "{directory}" && exec "$@"'
    words = ("unshare", "--mount", "sh", "-c", script, "sh")
    if shutil.which("unshare") is None or subprocess.run([*words, "true"], capture_output=True).returncode:
        pytest.skip("this user may not mount")
    return words


@pytest.mark.parametrize(
    ("options", "problem"), [("size=16k", "No space left on device"), ("ro", "Read-only file system")]
)
def test_a_disk_that_takes_nothing_is_named(bench, options, problem):
    bench.latest.parent.mkdir()
    runner = bench.start("none", "none", before=mounted(bench.latest.parent, options))
    output = bench.end(runner)
    assert runner.returncode == 4, output
    assert problem in output
    assert "  cure: " in output
    assert "Traceback" not in output
    assert bench.left() == []


def test_a_disk_that_a_log_fills_does_not_hold_up_the_engine(bench):
    bench.latest.parent.mkdir()
    runner = bench.start("flood-3", "none", before=mounted(bench.latest.parent, "size=2500k"))
    output = bench.end(runner)
    assert runner.returncode == 4, output
    assert "No space left on device" in output
    assert "Docker engine" not in output
    assert "Traceback" not in output
    assert bench.left() == []

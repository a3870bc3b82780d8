"""``doctor``: what a machine can do, what happens instead, and the command that mends it."""

from __future__ import annotations

import json
import shutil
import sys

import pytest


def test_every_check_says_what_was_found_and_what_mends_it(run):
    done = run("panther", "doctor", "--json", apart=True)
    assert done.returncode == 0, done.stdout
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert {"Python", "namespaces", "Docker engine", "BuildKit", "compose", "netem"} <= checks.keys()
    assert {"strace: strace", "perf: perf", "gperf_cpu: google-pprof"} <= checks.keys()
    assert checks["minip/ping_pong"]["works"], checks["minip/ping_pong"]
    assert checks["minip/ping_pong"]["found"] == "server and client"
    ngtcp2 = bool(shutil.which("gtlsserver") and shutil.which("gtlsclient"))
    assert checks["quic/ngtcp2"]["works"] == ngtcp2
    assert all(check["found"] for check in checks.values())
    assert all(check["instead"] for check in checks.values() if not check["works"])


@pytest.mark.skipif(not (shutil.which("gcc") and shutil.which("make")), reason="gcc or make is not installed")
def test_nothing_is_compiled(run, tmp_path):
    done = run("panther", "doctor", "--json", apart=True, XDG_CACHE_HOME=str(tmp_path))
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert checks["tcp/custom_tcp"]["works"], checks["tcp/custom_tcp"]
    assert checks["tcp/custom_tcp"]["found"] == "server and client, compiled at their first use"
    assert not (tmp_path / "panther-gen" / "built").exists()
    assert done.stderr == ""


def test_a_machine_with_nothing_on_it_gets_every_cure(run, tmp_path):
    empty = tmp_path / "bin"
    empty.mkdir()
    (empty / "python3").symlink_to(sys.executable)
    done = run("panther", "doctor", PATH=str(empty), DOCKER_HOST=f"unix://{tmp_path}/none", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert any(line.startswith("--  Docker engine") for line in lines), done.stdout
    assert "instead: network environment localhost" in lines
    assert any("start it (systemctl start docker), or say where it is: DOCKER_HOST" in line for line in lines)
    assert "cure: apt-get install strace" in lines
    assert "Traceback" not in done.stdout


def test_an_engine_that_does_not_run_is_started_and_not_installed_again(run, tmp_path):
    client = tmp_path / "bin" / "docker"
    client.parent.mkdir()
    client.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2; exit 1\n")
    client.chmod(0o755)
    done = run(
        "panther",
        "doctor",
        "--json",
        apart=True,
        PATH=str(client.parent),
        DOCKER_HOST=f"unix://{tmp_path}/none",
        cwd=tmp_path,
    )
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert "Cannot connect to the Docker daemon" in checks["BuildKit"]["found"]
    assert checks["BuildKit"]["cure"].startswith("start it (systemctl start docker)")

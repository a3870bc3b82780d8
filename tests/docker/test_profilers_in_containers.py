"""Execution environments around services in containers: tools in the image, products in the results."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "generated_examples"

pytestmark = pytest.mark.docker


@pytest.fixture
def profiled(panther, experiment, tmp_path, left):
    """Run the server in C in an execution environment; return its test, profile and directory."""

    def run(environment, fault="none", *, config="{}", status=0):
        around = f"[{{type: {environment}, config: {config}}}]"
        file = experiment(f", fault: {fault}", server_plugin="c_pong", around=around)
        found, (test,), output = panther(file)
        assert found == status, output
        assert left() == []
        profiles = [each for service in test["services"] for each in service["profiles"]]
        return test, profiles[0], tmp_path / "results/latest" / test["directory"]

    return run


def test_strace_has_the_table_and_the_trace(profiled):
    test, profile, directory = profiled("strace")
    assert "recvfrom" in {row[0] for row in profile["rows"]}
    assert "bind(" in (directory / "server/strace/strace.txt").read_text()
    assert test["services"][0]["exit_status"] == -2, "it was stopped by SIGINT, as without strace"
    assert (directory / "server/strace/strace.txt").stat().st_uid == os.geteuid()


def test_memcheck_finds_the_leak_and_fails_the_test_where_that_is_asked_for(profiled):
    _, profile, _ = profiled("memcheck", "leak", config="{fail_on_errors: true}", status=1)
    assert "1234 bytes in 1 blocks definitely lost" in profile["headline"]
    assert any("lose_memory" in row[1] for row in profile["rows"])


def test_helgrind_finds_the_race(profiled):
    _, profile, _ = profiled("helgrind", "race")
    assert any("Possible data race" in row[0] and "count" in row[1] for row in profile["rows"])


def test_gdb_shows_where_the_server_crashes(profiled):
    test, profile, _ = profiled("gdb", "crash", status=1)
    assert profile["headline"].startswith("SIGSEGV in fall_over")
    assert "was killed by SIGSEGV" in test["reason"]


def test_gperf_cpu_names_the_function_and_google_pprof_reads_it_in_the_image(profiled):
    _, profile, directory = profiled("gperf_cpu", "busy")
    assert "spend_time" in profile["headline"]
    (product,) = [each for each in profile["products"] if ".prof" in each]
    assert (directory / product).stat().st_size


def test_gperf_heap_counts_what_was_allocated(profiled):
    _, profile, _ = profiled("gperf_heap", "leak")
    assert "lose_memory" in {row[3] for row in profile["rows"]}


def test_perf_sees_the_function(profiled):
    _, profile, _ = profiled("perf", "busy")
    assert any("spend_time" in row[2] for row in profile["rows"])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may enter the network of a container")
def test_pcap_has_what_passes_the_server(profiled):
    if shutil.which("tcpdump") is None:
        pytest.skip("there is no tcpdump (apt-get install tcpdump)")
    _, profile, directory = profiled("pcap")
    ways = {(row[0], row[1]): int(row[2]) for row in profile["rows"]}
    assert ways == {("to the server", "UDP"): 5, ("from the server", "UDP"): 5}
    assert (directory / profile["products"][0]).stat().st_size


PYTHON = """\
tests:
  - name: python
    network_environment: {{type: docker_compose}}
    execution_environment: [{{type: py-spy}}, {{type: pcap}}]
    services:
      server:
        implementation: {{name: aioquic, base_image_override: "{image}"}}
        protocol: {{name: quic, role: server}}
      client:
        implementation: {{name: aioquic, base_image_override: "{image}"}}
        protocol: {{name: quic, role: client, target: server}}
        volumes: ["./begins:/begins:ro"]
        environment: {{PYTHONPATH: "/begins:/app/endpoint"}}
"""
#: py-spy comes a moment after a program has begun; by then a client has ended that has little to do.
BEGINS = """import time
while time.process_time() < 1:
    pass
"""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look at the processes of a container")
def test_of_python_programs_py_spy_sees_functions_and_a_capture_has_the_secrets(
    panther, base_image, tmp_path, left
):
    if shutil.which("tcpdump") is None:
        pytest.skip("there is no tcpdump (apt-get install tcpdump)")
    if not Path(sys.executable).with_name("py-spy").exists():
        pytest.skip("there is no py-spy (pip install py-spy)")
    file = tmp_path / "experiment.yaml"
    file.write_text(PYTHON.format(image=base_image("python")))
    (tmp_path / "begins").mkdir()
    (tmp_path / "begins/sitecustomize.py").write_text(BEGINS)
    status, (test,), output = panther(file, plugins=EXAMPLES)
    assert status == 0, output
    profiles = {
        (service["name"], profile["environment"]): profile
        for service in test["services"]
        for profile in service["profiles"]
    }
    for name in ("server", "client"):
        assert any("quic" in row[3] or ".py" in row[3] for row in profiles[name, "py-spy"]["rows"]), profiles
    assert "with 0 TLS" not in profiles["server", "pcap"]["headline"]
    assert "TLS secrets" in profiles["server", "pcap"]["headline"]
    assert left() == []


def test_the_compose_file_brings_the_tool_up_too(profiled, docker):
    compose = shutil.which("docker-compose")
    if compose is None:
        pytest.skip("docker-compose is not installed")
    _, _, directory = profiled("strace")
    trace = directory / "server/strace/strace.txt"
    trace.unlink()
    words = [compose, "up", "--no-color", "--abort-on-container-exit", "--exit-code-from", "client"]
    try:
        up = subprocess.run(
            words, cwd=directory.resolve(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert up.returncode == 0, up.stdout
        assert "bind(" in trace.read_text()
    finally:
        subprocess.run([compose, "down", "--timeout", "1"], cwd=directory.resolve(), capture_output=True)


def test_a_tool_of_this_machine_that_is_missing_is_named_before_anything_starts(
    panther, experiment, tmp_path, monkeypatch
):
    if os.geteuid() != 0:
        pytest.skip("without root it is refused anyway")
    nothing = tmp_path / "empty"
    nothing.mkdir()
    status, tests, output = panther(experiment(around="[{type: pcap}]"), PATH=str(nothing))
    assert (status, tests) == (4, [])
    assert "'tcpdump' is not found on this machine" in output
    assert "apt-get install tcpdump" in output
    assert not (tmp_path / "results").exists()


def test_an_image_that_gets_no_tools_is_an_error_with_its_cure(panther, experiment, tmp_path):
    plugins = tmp_path / "plugins"
    shutil.copytree(Path(__file__).parents[1] / "assets/containers", plugins)
    (file,) = plugins.rglob("perl_pong/Dockerfile")
    file.write_text(file.read_text() + "RUN rm -f /usr/bin/apt-get\n")
    status, (test,), output = panther(experiment(around="[{type: strace}]"), plugins=plugins)
    assert (status, test["outcome"]) == (4, "error"), output
    assert "the tools strace cannot be put into the image" in test["reason"]
    assert "apt-get" in json.dumps(test)


def test_the_dry_run_shows_what_is_put_around(panther, experiment):
    _, _, output = panther(experiment(around="[{type: perf}]"), "--dry-run")
    assert "- perf" in output
    assert "SYS_ADMIN" in output
    assert "seccomp:unconfined" in output

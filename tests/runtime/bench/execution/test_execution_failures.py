"""Tools that are missing, break or hang; the verdict stays that of the services."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from panther.bench.execution.base import Beside
from panther.bench.execution.planning import check_tools, make_environments
from panther.bench.execution.strace import Strace
from panther.errors import MachineError
from panther.plugins.services.base.command import Command

ROOT = Path(__file__).resolve().parents[4]


def test_every_missing_tool_is_named_with_its_package_before_anything_starts(tmp_path):
    environments = make_environments((name, {}) for name in ("strace", "memcheck"))
    with pytest.raises(MachineError) as caught:
        check_tools("server", environments, str(tmp_path))
    assert "service 'server' is to run with 'strace' and 'memcheck'" in str(caught.value)
    assert caught.value.cure == "apt-get install strace; apt-get install valgrind"


def test_a_missing_tool_starts_nothing(profiled, monkeypatch, tmp_path, faulty_server):
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(MachineError, match="'strace' is not found on this machine"):
        profiled("strace", missing_ok=True)
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("script", ["kill -SEGV $$", "exit 3", "echo broken >&2; exit 0"])
def test_a_tool_that_breaks_is_no_failure_of_the_server(profiled, broken_tool, script):
    broken_tool("strace", script)
    test = profiled("strace")
    assert test.outcome == "error"
    assert "the execution environment 'strace' of service 'server' broke" in test.reason


def test_a_tool_beside_a_server_that_breaks_is_reported_and_the_test_passes(profiled, broken_tool):
    broken_tool("tcpdump", "echo no such device >&2; exit 1")
    test = profiled("pcap", missing_ok=True)
    assert test.outcome == "passed", test.reason
    (profile,) = test.services[0].profiles
    assert profile.problem == "it left no product: no such device"
    assert any("pcap of service 'server': it left no product" in item.detail for item in test.evidence)


def test_of_a_program_that_loads_no_library_gperf_cpu_says_what_else_sees_it(
    profiled, make_service, faulty_server, tmp_path
):
    source = ROOT / "tests/assets/programs/faulty_server.c"
    subprocess.run(["gcc", "-static", "-o", tmp_path / "server", source, "-pthread"], check=True)
    server = make_service("tcp", "server", words=(str(tmp_path / "server"), "{port}", "busy"))
    test = profiled("gperf_cpu", services=(server, make_service("tcp", "client")))
    assert test.outcome == "passed", test.reason
    problem = test.services[0].profiles[0].problem
    assert problem.startswith("it left no product: a program that is linked statically")
    assert "'perf' sees it" in problem


def test_a_reader_that_breaks_is_reported_and_the_test_passes(profiled, broken_tool):
    broken_tool("google-pprof", "echo cannot read >&2; exit 1")
    test = profiled("gperf_cpu", fault="busy", missing_ok=True)
    assert test.outcome == "passed", test.reason
    assert "'google-pprof' failed: cannot read" in test.services[0].profiles[0].problem


def test_a_tool_that_comes_too_early_is_started_again_however_slowly_it_ends(profiled, broken_tool, tmp_path):
    broken_tool(
        "py-spy",
        f"""
        if mkdir {tmp_path}/early 2>/dev/null; then echo 'Error: no process of Python'; sleep 0.3; exit 1; fi
        until [ "$1" = --output ]; do shift; done
        trap 'echo "spend_time (a.py:1) 7" > "$2"; exit' INT
        echo 'py-spy> Sampling process 200 times a second.'
        while :; do sleep 0.05; done""",
    )
    test = profiled("py-spy", missing_ok=True)
    assert test.outcome == "passed", test.reason
    assert test.services[0].profiles[0].headline == "7 samples, 100.0 % of them in spend_time (a.py)"


def test_nothing_is_left_of_wrapped_services(profiled, left_behind, isolation):
    assert profiled("strace", "pcap", isolation=isolation).outcome == "passed"
    assert left_behind() == []


def test_a_program_beside_a_service_that_cannot_be_started_is_named(profiled, monkeypatch):
    beside = Beside(Command(("/no/such/tool",)))
    monkeypatch.setattr(Strace, "beside", lambda *arguments: beside)
    test = profiled("strace")
    assert test.outcome == "error"
    assert test.reason.startswith("'/no/such/tool' cannot be started: ")

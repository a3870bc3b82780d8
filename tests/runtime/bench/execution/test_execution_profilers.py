"""Each profiler around a real server, which is stopped by a signal that it does not catch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from panther.bench.execution.base import Spot
from panther.bench.execution.py_spy import PySpy
from panther.plugins.services.base.command import Command

BUSY_SERVER = Path(__file__).resolve().parents[3] / "assets/programs/busy_server.py"


def only_profile(test):
    (profile,) = test.services[0].profiles
    return profile


def products(test):
    return [test.directory / product for product in only_profile(test).products]


def test_gperf_cpu_names_the_function_and_google_pprof_reads_it(profiled, isolation, faulty_server):
    test = profiled("gperf_cpu", fault="busy", isolation=isolation)
    assert test.outcome == "passed", test.reason
    profile = only_profile(test)
    assert "spend_time" in profile.headline
    assert profile.rows[0][3] == "spend_time"
    assert test.services[0].exit_status == -2, "the server does not catch SIGINT"
    (prof,) = [product for product in products(test) if ".prof" in product.name]
    said = subprocess.run(["google-pprof", "--text", faulty_server, prof], capture_output=True, text=True)
    assert "spend_time" in said.stdout
    summary = next(product for product in products(test) if product.name == "summary.txt").read_text()
    assert "spend_time" in summary


def test_gperf_heap_counts_what_was_allocated(profiled):
    test = profiled("gperf_heap", fault="leak")
    assert test.outcome == "passed", test.reason
    assert "lose_memory" in {row[3] for row in only_profile(test).rows}


@pytest.mark.slow
def test_memcheck_finds_a_leak_and_it_fails_the_test_only_when_asked(profiled):
    test = profiled("memcheck", fault="leak")
    assert test.outcome == "passed", test.reason
    profile = only_profile(test)
    assert "1234 bytes in 1 blocks definitely lost" in profile.headline
    assert any("lose_memory" in row[1] for row in profile.rows)
    assert profile.findings == 1
    strict = profiled("memcheck", fault="leak", fail_on_errors=True)
    assert strict.outcome == "failed"
    assert "memcheck of service 'server': 1 error" in strict.reason


@pytest.mark.slow
def test_helgrind_finds_a_race(profiled):
    profile = only_profile(profiled("helgrind", fault="race"))
    assert any("Possible data race" in row[0] and "count" in row[1] for row in profile.rows)


def test_strace_has_a_table_and_the_trace(profiled, isolation):
    test = profiled("strace", isolation=isolation)
    assert test.outcome == "passed", test.reason
    assert "accept" in {row[0] for row in only_profile(test).rows}
    trace = next(product for product in products(test) if product.name == "strace.txt")
    assert "bind(" in trace.read_text()
    assert test.services[0].exit_status == -2


def test_gdb_shows_where_a_server_crashes_and_the_verdict_is_that_of_the_crash(profiled, isolation):
    test = profiled("gdb", fault="crash", isolation=isolation)
    assert test.outcome == "failed"
    assert "was killed by SIGSEGV" in test.reason
    profile = only_profile(test)
    assert profile.headline.startswith("SIGSEGV in fall_over")
    assert "main" in profile.text


def test_gdb_leaves_a_server_that_does_not_crash_alone(profiled):
    test = profiled("gdb")
    assert test.outcome == "passed", test.reason
    assert only_profile(test).headline == "no crash"
    assert test.services[0].exit_status == -2, "it was stopped by SIGINT, as without gdb"


def test_perf_sees_the_function(profiled):
    test = profiled("perf", fault="busy")
    if test.outcome == "error":
        pytest.skip(f"perf cannot record here: {test.reason}")
    assert test.outcome == "passed", test.reason
    assert any("spend_time" in row[2] for row in only_profile(test).rows)


@pytest.mark.parametrize("order", [("strace", "gperf_cpu"), ("gperf_cpu", "strace")])
def test_environments_can_stand_around_each_other(profiled, order):
    """What is loaded into a program is not loaded into a tool that the file has within it."""
    test = profiled(*order, fault="busy")
    assert test.outcome == "passed", test.reason
    by_name = {profile.environment: profile for profile in test.services[0].profiles}
    assert "spend_time" in by_name["gperf_cpu"].headline
    assert "system calls" in by_name["strace"].headline


@pytest.mark.parametrize("order", [("gperf_cpu", "gperf_heap"), ("gperf_heap", "gperf_cpu")])
def test_two_libraries_are_loaded_together(profiled, order):
    test = profiled(*order, fault="busy")
    assert test.outcome == "passed", test.reason
    by_name = {profile.environment: profile for profile in test.services[0].profiles}
    assert "spend_time" in by_name["gperf_cpu"].headline
    assert "allocated" in by_name["gperf_heap"].headline


@pytest.mark.parametrize("order", [("gdb", "perf"), ("perf", "gdb")])
def test_gdb_looks_at_the_program_and_not_at_another_tool(profiled, order):
    test = profiled(*order, fault="crash")
    if test.outcome == "error":
        pytest.skip(f"perf cannot record here: {test.reason}")
    by_name = {profile.environment: profile for profile in test.services[0].profiles}
    assert "faulty_server.c" in by_name["gdb"].headline


def test_of_a_python_program_py_spy_sees_functions_and_gperf_cpu_says_so(profiled, make_service):
    words = (sys.executable, str(BUSY_SERVER), "{port}")
    services = make_service("tcp", "server", words=words), make_service("tcp", "client")
    seen = only_profile(profiled("gperf_cpu", services=services))
    assert "'py-spy' sees Python's functions" in seen.note
    test = profiled("py-spy", services=services)
    assert test.outcome == "passed", test.reason
    assert "spend_time" in only_profile(test).headline


def test_samples_without_a_function_are_named(tmp_path):
    """As py-spy writes them of a thread that is in no function of Python."""
    (tmp_path / "py-spy.folded").write_text(
        'process 3:"python -m x";main (x.py:3);work (x.py:9) 2\nprocess 3:"python -m x" 5\n'
    )
    profile = PySpy(PySpy.settings_class()).read(Command(("python",)), Spot("server", tmp_path))
    assert profile is not None
    assert profile.headline == "7 samples, 71.4 % of them in no function of Python"
    assert profile.rows[1] == ("2", "28.6", "2", "work (x.py)")


def test_py_spy_says_that_a_program_is_not_pythons(profiled):
    profile = only_profile(profiled("py-spy"))
    assert "no Python program" in profile.headline


@pytest.mark.parametrize("name", ["strace", "gdb", "memcheck"])
def test_the_program_in_the_results_is_the_services_and_not_the_tools(
    profiled, make_service, name, tmp_path, faulty_server, programs
):
    profiled(name)
    assert programs_in(tmp_path)["server"] == str(faulty_server)
    script = tmp_path / "server"
    script.write_text(f"#!{sys.executable}\n{(programs / 'echo_server.py').read_text()}")
    script.chmod(0o755)
    server = make_service("tcp", "server", words=(str(script), "--port", "{port}"))
    profiled(name, services=(server, make_service("tcp", "client")))
    assert programs_in(tmp_path)["server"] == os.path.realpath(sys.executable)


def programs_in(tmp_path):
    record = json.loads((tmp_path / "results" / "latest" / "results.json").read_text())
    return {service["name"]: service["program"] for service in record["tests"][0]["services"]}

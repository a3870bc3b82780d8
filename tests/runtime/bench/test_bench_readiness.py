"""A server that does not become ready: each way has its sentence, and its log is shown."""

from __future__ import annotations

import sys

import pytest

from panther.bench.evidence import Outcome
from panther.bench.plan import TestPlan


@pytest.fixture
def misfit(make_service, programs):
    def make(*words, seconds=60):
        command = (sys.executable, str(programs / "misfit.py"), *words)
        server = make_service("quic", "server", words=command, ready_timeout=seconds)
        client = make_service("quic", "client")
        return TestPlan("misfit", "misfit", (server, client), ports={"server": 4443})

    return make


def test_a_server_that_exits(run, misfit, isolation):
    result = run(misfit("exit"), isolation=isolation)
    assert (
        result.tests[0].reason == "server 'server' was not ready: it exited with status 2 before it was ready"
    )
    assert "| no such option: --frobnicate" in run.printed


def test_a_server_that_binds_nothing(run, misfit, isolation):
    result = run(misfit("sleep", seconds=0.3), isolation=isolation)
    assert result.tests[0].outcome is Outcome.FAILED
    assert "within 0.3 s; it bound no port" in result.tests[0].reason


def test_a_server_that_binds_another_port(run, misfit, isolation):
    for seconds in (0.7, 7, 70):  # how long Python takes to begin is the machine's affair
        result = run(misfit("bind", "--port", "5999", seconds=seconds), isolation=isolation)
        if "it bound no port" not in result.tests[0].reason:
            break
    assert f"within {seconds} s; it bound UDP port 5999 instead" in result.tests[0].reason


def test_what_was_observed_and_how_long_it_took_is_recorded(run, make_test, namespace_only):
    result = run(make_test("quic"), isolation="namespace")
    ready = next(item for item in result.tests[0].evidence if item.name == "ready")
    assert ready.detail == "server 'server': UDP port 4443 is bound"
    server = next(service for service in result.tests[0].services if service.role == "server")
    assert server.ready_after_seconds > 0

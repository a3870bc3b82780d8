"""MINIP is judged by pongs, TCP by an echo, and what the bench does not know by what it can see."""

from __future__ import annotations

import dataclasses
import sys

import pytest

from panther.bench.evidence import Outcome


def detail(result, name):
    return next(item.detail for item in result.tests[0].evidence if item.name == name)


def test_a_minip_client_that_never_exits_passes_once_its_pings_are_answered(run, make_test, isolation):
    result = run(make_test("minip"), isolation=isolation)
    assert result.exit_code == 0, run.printed
    assert detail(result, "client") == "client 'client' had finished and was stopped"


def test_pongs_are_counted_on_the_wire(run, make_test, namespace_only):
    result = run(make_test("minip"), isolation="namespace")
    pongs, _, _, pings, _ = detail(result, "pongs").split()
    assert 5 <= int(pongs) <= int(pings)


def test_without_a_wire_the_bench_asks_the_server_itself(run, make_test):
    result = run(make_test("minip"), isolation="none")
    assert detail(result, "probe") == "the server answered a ping of the bench with a pong"


def test_a_server_that_keeps_silent_fails(run, make_test, isolation):
    result = run(make_test("minip", ["--answer", "nothing"], timeout=0.5), isolation=isolation)
    assert result.tests[0].outcome is Outcome.FAILED
    assert detail(result, "pongs").startswith("0 ")


def test_a_server_that_answers_with_something_else_fails(run, make_test, isolation):
    result = run(make_test("minip", ["--answer", "ping"], timeout=0.5), isolation=isolation)
    assert result.tests[0].outcome is Outcome.FAILED


@pytest.fixture
def with_second(make_test, make_service):
    """Make a test of MINIP with a second client, of the same server or of another one."""

    def make(server="server", words=(), **plan):
        test = make_test("minip")
        services = [*test.services]
        if server != "server":
            services.append(make_service("minip", "server", name=server))
        second = make_service("minip", "client", words=words, name="second", target=server, **plan)
        ports = {"server": 4987, server: 4987 if server == "server" else 4999}
        return dataclasses.replace(test, services=(*services, second), ports=ports)

    return make


@pytest.mark.parametrize("server", ["server", "other"])
@pytest.mark.parametrize("depends_on", [(), ("client",)])
def test_the_pongs_of_one_client_are_not_another_ones(run, with_second, isolation, server, depends_on):
    silent = (sys.executable, "-c", "import time; time.sleep(600)")
    test = with_second(server, silent, depends_on=depends_on, timeout=2)
    result = run(test, isolation=isolation)
    assert result.tests[0].outcome is Outcome.FAILED
    assert result.tests[0].reason == "client 'second' did not finish within 2 s"


@pytest.mark.parametrize("server", ["server", "other"])
@pytest.mark.parametrize("depends_on", [(), ("client",)])
def test_a_client_that_ends_without_a_ping_has_no_pongs(run, with_second, namespace_only, server, depends_on):
    test = with_second(server, (sys.executable, "-c", "print('pong')"), depends_on=depends_on)
    result = run(test, isolation="namespace")
    assert result.tests[0].outcome is Outcome.FAILED


@pytest.mark.parametrize("server", ["server", "other"])
@pytest.mark.parametrize("depends_on", [(), ("client",)])
def test_two_clients_that_never_exit_pass(run, with_second, isolation, server, depends_on):
    result = run(with_second(server, depends_on=depends_on), isolation=isolation)
    assert result.exit_code == 0, run.printed
    ends = [item.detail for item in result.tests[0].evidence if item.name == "client"]
    assert ends == [
        "client 'client' had finished and was stopped",
        "client 'second' had finished and was stopped",
    ]


def test_tcp_sends_a_payload_there_and_back(run, make_test, isolation):
    result = run(make_test("tcp"), isolation=isolation)
    assert result.tests[0].reason == "1 048 576 bytes there and back over TCP, SHA-256 equal"


def test_a_tcp_client_that_writes_nothing_fails(run, make_test, isolation):
    result = run(make_test("tcp", client=["--write-nothing"]), isolation=isolation)
    assert result.tests[0].outcome is Outcome.FAILED


def test_a_custom_protocol_is_judged_by_its_echo(run, make_test, isolation):
    result = run(make_test("custom"), isolation=isolation)
    assert "there and back, SHA-256 equal" in result.tests[0].reason


def test_a_custom_client_that_writes_nothing_is_judged_by_status_and_traffic(run, make_test, isolation):
    result = run(make_test("custom", client=["--write-nothing"]), isolation=isolation)
    assert result.exit_code == 0
    assert "judged by exit status and traffic" in result.tests[0].reason


def test_of_servers_without_a_client_the_reason_is_that_they_were_ready(run, make_test):
    plan = make_test("tcp")
    (test,) = run(dataclasses.replace(plan, services=plan.services[:1])).tests
    assert (test.outcome, test.reason) == ("passed", "server 'server': TCP port 8080 is bound")

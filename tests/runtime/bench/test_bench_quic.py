"""QUIC tests are judged by the payload and by what carried it."""

from __future__ import annotations

import pytest

from panther.bench.evidence import Outcome


def failures(result):
    return {item.name: item.detail for item in result.tests[0].evidence if item.passed is False}


def test_a_good_pair_passes(run, make_test, isolation):
    result = run(make_test("quic"), isolation=isolation)
    assert result.tests[0].outcome is Outcome.PASSED, run.printed
    way = "HTTP/3 (QUIC v1)" if isolation == "namespace" else "QUIC"
    assert result.tests[0].reason.startswith(f"1 048 576 bytes over {way}, SHA-256 equal")
    assert result.exit_code == 0


def test_a_server_that_corrupts_the_payload_fails(run, make_test, isolation):
    result = run(make_test("quic", ["--corrupt"]), isolation=isolation)
    assert list(failures(result)) == ["payload"]
    assert "corrupted: their SHA-256 differs" in result.tests[0].reason
    assert result.exit_code == 1


def test_a_truncated_payload_fails(run, make_test, isolation):
    result = run(make_test("quic", ["--truncate"]), isolation=isolation)
    assert result.tests[0].reason == "the client received 524 288 bytes of 1 048 576 bytes"


def test_a_client_that_writes_nothing_fails(run, make_test, isolation):
    result = run(make_test("quic", client=["--write-nothing"]), isolation=isolation)
    assert result.tests[0].reason == "the client wrote no 'payload.bin' into its download directory"


def test_a_client_that_falls_back_to_http_1_fails(run, make_test, isolation):
    result = run(make_test("quic", ["--also-tcp"], ["--fall-back"]), isolation=isolation)
    assert list(failures(result)) == ["transport"], "the payload itself arrived"
    assert result.tests[0].reason.startswith("the payload did not travel over QUIC: ")
    assert "1 TCP connection" in result.tests[0].reason


def test_a_server_that_offers_both_passes_when_quic_is_used(run, make_test, isolation):
    assert run(make_test("quic", ["--also-tcp"]), isolation=isolation).exit_code == 0


def test_a_server_that_dies_in_the_middle_fails(run, make_test, isolation):
    result = run(make_test("quic", ["--die"]), isolation=isolation)
    assert result.tests[0].reason == "server 'server' was killed by SIGSEGV before it was stopped"


def test_a_client_that_hangs_fails_when_its_time_is_up(run, make_test, isolation):
    result = run(make_test("quic", client=["--hang"], timeout=0.5), isolation=isolation)
    assert result.tests[0].reason == "client 'client' did not finish within 0.5 s"


@pytest.mark.parametrize("key_type", ["ecdsa", "rsa"])
def test_the_certificate_is_of_the_kind_that_the_config_asks_for(run, make_test, make_service, key_type):
    from panther.bench.plan import TestPlan
    from panther.config.core.models import IUTConfig

    config = IUTConfig(certificate_config={"key_type": key_type, "names": "quic.example", "days": "3"})
    services = (make_service("quic", "server", config=config), make_service("quic", "client"))
    result = run(TestPlan("t", "t", services, ports={"server": 4443}))
    assert result.exit_code == 0, run.printed


def test_several_tests_run_one_after_the_other_on_the_same_port(run, make_test, isolation):
    plans = [make_test("quic", name=f"test {number}") for number in range(3)]
    result = run(*plans, isolation=isolation)
    assert [test.outcome for test in result.tests] == [Outcome.PASSED] * 3, run.printed


def test_two_clients_fetch_from_one_server(run, make_service, isolation):
    from panther.bench.plan import TestPlan

    services = (
        make_service("quic", "server"),
        make_service("quic", "client", name="one"),
        make_service("quic", "client", name="two"),
    )
    result = run(TestPlan("t", "t", services, ports={"server": 4443}), isolation=isolation)
    assert [item.passed for item in result.tests[0].evidence if item.name == "payload"] == [True, True]
    assert result.exit_code == 0

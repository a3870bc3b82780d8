"""A QUIC test proves the version and the application protocol that were negotiated, from packets."""

from __future__ import annotations

import sys

import pytest

from panther.bench.cells import NamespaceCell
from panther.bench.evidence import Outcome
from panther.bench.protocols import case_for

pytestmark = pytest.mark.usefixtures("namespace_only")


@pytest.fixture
def negotiate(run, make_test):
    """Run a test whose programs get some words, and return its result and its evidence."""

    def run_it(server="", client="", **plan):
        (test,) = run(make_test("quic", server.split(), client.split(), **plan)).tests
        (evidence,) = [item for item in test.evidence if item.name == "negotiated"]
        return test, evidence

    return run_it


def test_version_and_protocol_are_in_the_evidence_and_in_the_verdict(negotiate):
    test, evidence = negotiate()
    assert (evidence.passed, evidence.detail) == (True, "QUIC version 1, ALPN h3")
    assert test.reason == "1 048 576 bytes over HTTP/3 (QUIC v1), SHA-256 equal"


def test_what_was_negotiated_is_known_although_the_payload_was_corrupted(negotiate):
    test, evidence = negotiate("--corrupt")
    assert (evidence.passed, test.outcome) == (True, Outcome.FAILED)


def test_a_client_that_offers_another_protocol_fails_although_the_payload_arrived(negotiate):
    test, evidence = negotiate("--alpn hq-interop", "--alpn hq-interop")
    assert (evidence.passed, evidence.detail) == (False, "the client offered 'hq-interop', not 'h3'")
    assert (test.outcome, test.reason) == (Outcome.FAILED, evidence.detail)


def test_a_client_that_is_refused_for_its_protocol_fails_for_that_reason(negotiate):
    test, _ = negotiate("--alpn h3", "--alpn hq-interop")
    assert test.reason == "the client offered 'hq-interop', not 'h3'"


def test_the_protocol_that_an_experiment_asks_for_is_the_one_that_counts(negotiate):
    words = "--alpn hq-interop"
    test, evidence = negotiate(words, words, parameters={"alpn": "hq-interop"})
    assert (evidence.passed, evidence.detail) == (True, "QUIC version 1, ALPN hq-interop")
    assert test.reason == "1 048 576 bytes over 'hq-interop' (QUIC v1), SHA-256 equal"


@pytest.mark.parametrize("chosen", ["h3", "hq-interop"])
def test_which_of_several_protocols_was_chosen_is_read_with_a_key_log(negotiate, chosen):
    test, evidence = negotiate(f"--alpn {chosen}", "--alpn h3,hq-interop --key-log")
    if chosen == "h3":
        assert (evidence.passed, evidence.detail) == (True, "QUIC version 1, ALPN h3")
    else:
        assert test.reason == "the server chose 'hq-interop', 'h3' was asked for"


def test_which_of_several_protocols_was_chosen_is_not_claimed_without_a_key_log(negotiate):
    test, evidence = negotiate("--alpn hq-interop", "--alpn h3,hq-interop")
    sentence = "QUIC version 1; the client offered h3, hq-interop; which was chosen could not be observed"
    assert (evidence.passed, evidence.detail) == (None, sentence)
    assert test.reason == f"1 048 576 bytes over QUIC, SHA-256 equal; {sentence}"


@pytest.mark.parametrize("key_log", ["", "--key-log"])
def test_a_retry_changes_the_keys_and_nothing_else(negotiate, key_log):
    _, evidence = negotiate("--retry", key_log)
    assert (evidence.passed, evidence.detail) == (True, "QUIC version 1, ALPN h3")


@pytest.mark.parametrize(
    ("server", "client"),
    [("", "--versions 2"), ("", "--versions 2,1 --begin-with 1"), ("--versions 2", "--versions 1,2")],
    ids=["from the start", "the server changes it", "the server refuses the first"],
)
@pytest.mark.parametrize("key_log", ["", " --key-log"])
def test_version_2(negotiate, server, client, key_log):
    test, evidence = negotiate(server, client + key_log, version="rfc9369")
    assert (evidence.passed, evidence.detail) == (True, "QUIC version 2, ALPN h3")
    assert test.reason == "1 048 576 bytes over HTTP/3 (QUIC v2), SHA-256 equal"


@pytest.mark.parametrize(("asked", "spoken"), [("rfc9000", "2"), ("rfc9369", "1")])
def test_another_version_than_the_experiments_fails(negotiate, asked, spoken):
    test, _ = negotiate(client=f"--versions {spoken}", version=asked)
    wanted = {"1": "2", "2": "1"}[spoken]
    assert test.reason == f"QUIC version {spoken} was spoken, version {wanted} was asked for"


def test_a_server_that_refuses_the_clients_version_is_in_the_evidence(negotiate):
    test, evidence = negotiate("--versions 1", "--versions 2")
    assert (evidence.passed, test.outcome) == (None, Outcome.FAILED)
    assert evidence.detail == "the server refused QUIC version 2: it speaks version 1"


def test_a_version_that_names_none_of_quic_is_said_to_be_unchecked(negotiate):
    test, evidence = negotiate(version="1.10")
    assert evidence.passed is True
    assert test.reason.endswith("; '1.10' is no QUIC version that can be checked")


@pytest.mark.parametrize("key_log", ["", "--key-log"])
def test_two_clients_of_one_server_are_told_apart_by_their_key_logs(run, make_service, key_log):
    from panther.bench.plan import TestPlan

    services = (
        make_service("quic", "server", ["--alpn", "h3,hq-interop"]),
        make_service("quic", "client", key_log.split(), name="one"),
        make_service("quic", "client", ["--alpn", "hq-interop", *key_log.split()], name="two"),
    )
    (test,) = run(TestPlan("t", "t", services, ports={"server": 4443})).tests
    one, two = [item.passed for item in test.evidence if item.name == "negotiated"]
    if key_log:
        assert (one, two) == (True, False)
    else:  # each may also have been alone when it was judged
        assert one is not False, test.evidence
        assert two is not True, test.evidence


def test_without_a_namespace_nothing_is_claimed(run, make_test):
    (test,) = run(make_test("quic"), isolation="none").tests
    assert test.reason == (
        "1 048 576 bytes over QUIC, SHA-256 equal; QUIC's version and application protocol were not"
        " observed: that needs a network namespace"
    )


def test_two_servers_and_their_clients_are_judged_each_by_its_own_packets(run, make_service):
    from panther.bench.plan import TestPlan

    services = (
        make_service("quic", "server", name="old"),
        make_service("quic", "server", ["--alpn", "hq-interop"], name="new"),
        make_service("quic", "client", name="one", target="old"),
        make_service("quic", "client", ["--alpn", "hq-interop"], name="two", target="new"),
    )
    (test,) = run(TestPlan("t", "t", services, ports={"old": 4443, "new": 4444})).tests
    assert [item.passed for item in test.evidence if item.name == "negotiated"] == [True, False]


SENDER = """
import socket
sender = socket.socket(type=socket.SOCK_DGRAM)
for port, first in (4443, 0xC3), (4443, 0x43), (4444, 0xC3), (4443, 0x80):
    sender.sendto(bytes([first]) + bytes(1999), ("127.0.0.1", port))
sender.sendto(b"", ("127.0.0.1", 4443))
"""


def test_only_packets_with_a_long_header_reach_the_bench(tmp_path):
    cell = NamespaceCell(case_for("quic").packet_filter((4443,))).enter()
    try:
        with (tmp_path / "log").open("wb") as log:
            sender = cell.spawn([sys.executable, "-c", SENDER], env={}, cwd=tmp_path, stdout=log, stderr=log)
        assert sender.wait() == 0, (tmp_path / "log").read_text()
        captured = list(cell.capture.packets())
    finally:
        cell.close()
        cell.wait()
    assert [(packet.destination_port, packet.payload[0]) for packet in captured] == [
        (4443, 0xC3),
        (4443, 0x80),
    ]
    assert {len(packet.payload) for packet in captured} == {2000}, "whole, or nothing could be decrypted"


def test_without_packet_sockets_nothing_is_claimed(negotiate, monkeypatch):
    def refuse(wanted):
        raise PermissionError

    monkeypatch.setattr("panther.bench.cells.Capture", refuse)
    test, evidence = negotiate()
    assert (evidence.passed, test.outcome) == (None, Outcome.PASSED)
    assert evidence.detail.endswith("were not observed: the kernel does not let packets be captured")

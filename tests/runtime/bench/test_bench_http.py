"""HTTP tests are judged by the payload and by the version that was seen on the wire."""

from __future__ import annotations

import pytest

from panther.bench.capture import Packet
from panther.bench.evidence import Outcome
from panther.bench.protocols.http import HTTPWire, asked_version


def evidence(result, name):
    return next(item for item in result.tests[0].evidence if item.name == name)


def test_the_version_on_the_wire_is_part_of_the_verdict(run, make_test, namespace_only):
    result = run(make_test("http", version="1.1"), isolation="namespace")
    assert result.exit_code == 0, run.printed
    assert evidence(result, "payload").detail == "1 048 576 bytes over HTTP/1.1, SHA-256 equal"
    assert evidence(result, "version").detail == "HTTP/1.1 was spoken, as asked"


@pytest.mark.parametrize("asked", ["2", "2.0", "h2", "HTTP/2", "rfc9113"])
def test_a_client_that_falls_back_to_http_1_fails(run, make_test, namespace_only, asked):
    result = run(make_test("http", version=asked), isolation="namespace")
    assert result.tests[0].outcome is Outcome.FAILED
    assert result.tests[0].reason == "HTTP/2 was asked for, the client fell back: HTTP/1.1 was spoken"


def test_a_version_that_cannot_be_seen_is_not_claimed(run, make_test):
    result = run(make_test("http", version="2"), isolation="none")
    assert evidence(result, "version").passed is None
    assert "HTTP/2 was asked for and could not be observed" in result.tests[0].reason


def test_a_client_is_started_again_while_the_server_refuses(run, make_test, isolation):
    result = run(make_test("http", ["--refuse-first", "0.2"]), isolation=isolation)
    assert result.exit_code == 0, run.printed
    client = next(service for service in result.tests[0].services if service.name == "client")
    assert client.restarts >= 1
    assert "was refused and started" in evidence(result, "restarts").detail


def test_retries_come_to_an_end(run, make_test, isolation):
    from panther.config.core.models import IUTConfig

    config = IUTConfig(connect_retries=1)
    result = run(make_test("http", ["--refuse-first", "30"], config=config), isolation=isolation)
    client = next(service for service in result.tests[0].services if service.name == "client")
    assert client.restarts == 1
    assert result.tests[0].reason == "client 'client' exited with status 1"


def test_a_client_that_fails_by_itself_is_not_started_again(run, make_test, isolation):
    result = run(make_test("http", client=["--no-such-option"]), isolation=isolation)
    client = next(service for service in result.tests[0].services if service.name == "client")
    assert client.restarts == 0
    assert "--no-such-option" in client.log_tail
    assert result.tests[0].reason == "client 'client' exited with status 2"


@pytest.mark.parametrize(
    ("begun", "versions"),
    [
        (b"GET /payload.bin HTTP/1.1\r\nhost: a\r\n", {"HTTP/1.1"}),
        (b"GET / HTTP/1.0\r\n", {"HTTP/1.0"}),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {"HTTP/2"}),
        (b"GET / HTTP/1.1\r\nupgrade: h2c\r\n\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {"HTTP/2"}),
        (b"\x16\x03\x01\x02\x00\x01", {"TLS"}),
        (b"\x00\x01something else", set()),
        (b"", set()),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 4096])
def test_versions_are_read_from_the_first_bytes_however_they_are_cut(begun, versions, step):
    wire = HTTPWire()
    for start in range(0, len(begun), step):
        wire.feed(Packet("tcp", 40000, 80, begun[start : start + step]))
    assert wire.versions() == versions


def test_what_follows_the_first_bytes_is_not_kept():
    wire = HTTPWire()
    for port in range(1, 1000):
        wire.feed(Packet("tcp", port, 80, b"x" * 1000))
    for _ in range(1000):
        wire.feed(Packet("tcp", 1, 80, b"x" * 1000))
    assert sum(map(len, wire._begun.values())) < 1 << 20


@pytest.mark.parametrize(("text", "version"), [("1", "HTTP/1.1"), ("H3", "HTTP/3"), ("", ""), ("seven", "")])
def test_versions_have_several_spellings(text, version):
    assert asked_version(text) == version

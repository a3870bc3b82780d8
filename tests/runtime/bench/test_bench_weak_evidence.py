"""What was not seen is not claimed, and what went wrong beside a transfer is said."""

from __future__ import annotations

import dataclasses
import json
import sys

import pytest

from panther.bench.evidence import Outcome

UNPROVED = "not proved on the wire: no capture on this machine"
COPY = "import shutil, sys; shutil.copy(sys.argv[1], sys.argv[2])"
LINK = "import os, sys; os.symlink(sys.argv[1], sys.argv[2] + '/payload.bin')"


def evidence(result, name):
    return next(item for item in result.tests[0].evidence if item.name == name)


@pytest.fixture
def with_client(make_test, make_service):
    """Make a test whose client is a Python one-liner; its arguments are formatted with the parameters."""

    def make(protocol, code, *arguments):
        test = make_test(protocol)
        client = make_service(protocol, "client", words=(sys.executable, "-c", code, *arguments))
        return dataclasses.replace(test, services=(test.services[0], client))

    return make


@pytest.mark.parametrize("protocol", ["tcp", "http"])
def test_a_payload_that_is_copied_passes_with_the_gap_said(run, with_client, protocol):
    client = with_client(protocol, COPY, "{www_dir}/payload.bin", "{download_dir}")
    result = run(client, isolation="none")
    assert result.tests[0].outcome is Outcome.PASSED
    assert f"; {UNPROVED}" in result.tests[0].reason
    assert "over TCP" not in result.tests[0].reason
    assert UNPROVED in run.printed
    record = json.loads((result.directory / "results.json").read_text())["tests"][0]
    assert UNPROVED in record["reason"]
    assert evidence(result, "transport").passed is None


def test_in_a_namespace_the_same_fails(run, with_client, namespace_only):
    client = with_client("tcp", COPY, "{payload_file}", "{download_dir}")
    result = run(client, isolation="namespace")
    assert result.tests[0].reason == "the server accepted no TCP connection"


def test_a_pong_that_is_only_printed_passes_with_the_gap_said(run, with_client):
    result = run(with_client("minip", "print('pong\\n' * 9)"), isolation="none")
    assert result.tests[0].outcome is Outcome.PASSED
    assert result.tests[0].reason.endswith(f"5 were asked for; {UNPROVED}")
    assert UNPROVED in run.printed


def test_in_a_namespace_a_printed_pong_is_none(run, with_client, namespace_only):
    assert run(with_client("minip", "print('pong\\n' * 9)"), isolation="namespace").exit_code == 1


def test_one_connection_is_one_connection(run, make_test, isolation):
    result = run(make_test("tcp"), isolation=isolation)
    assert evidence(result, "transport").detail == "1 TCP connection was seen"


def test_one_connection_beside_quic_is_one_connection(run, with_client, namespace_only):
    own = "import socket; s = socket.create_server(('127.0.0.1', 4443))"
    code = f"{COPY}; {own}; socket.create_connection(('127.0.0.1', 4443)); s.accept()"
    result = run(with_client("quic", code, "{www_dir}/payload.bin", "{download_dir}"), isolation="namespace")
    assert evidence(result, "transport").detail.endswith("0 UDP datagrams, 1 TCP connection")


@pytest.mark.parametrize("target", ["{www_dir}/payload.bin", "/nowhere"])
def test_a_link_is_nothing_that_was_received(run, with_client, isolation, target):
    result = run(with_client("tcp", LINK, target, "{download_dir}"), isolation=isolation)
    assert result.tests[0].outcome is Outcome.FAILED
    payload = evidence(result, "payload").detail
    assert payload.startswith("the client left a symbolic link in the place of 'payload.bin', to '/")


def test_a_server_that_had_to_be_killed_is_a_note_of_the_verdict(run, make_test, isolation):
    result = run(make_test("quic", ["--ignore-signals"]), isolation=isolation)
    assert result.tests[0].outcome is Outcome.PASSED
    assert evidence(result, "server").passed is None
    assert "server 'server' ignored SIGINT and SIGTERM and had to be killed" in result.tests[0].reason
    assert "had to be killed" in run.printed

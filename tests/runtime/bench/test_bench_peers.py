"""Programs of other projects: no endpoint is only ever judged by itself."""

from __future__ import annotations

import shutil

import pytest

from panther.bench.plan import TestPlan

pytestmark = pytest.mark.peers

GTLS_SERVER = ("gtlsserver", "-q", "-d", "{www_dir}", "{bind_address}", "{port}", "{key_file}", "{cert_file}")
GTLS_CLIENT = (
    *("gtlsclient", "-q", "--no-quic-dump", "--exit-on-all-streams-close"),
    *("--download={download_dir}", "{host}", "{port}", "{url}"),
)


@pytest.fixture(autouse=True)
def ngtcp2():
    if not (shutil.which("gtlsserver") and shutil.which("gtlsclient")):
        pytest.skip("gtlsserver and gtlsclient (Debian's ngtcp2-server, ngtcp2-client) are not installed")


@pytest.mark.parametrize(
    ("server", "client"), [((), ()), (GTLS_SERVER, GTLS_CLIENT), (GTLS_SERVER, ()), ((), GTLS_CLIENT)]
)
def test_aioquic_and_ngtcp2(run, make_service, isolation, server, client):
    services = (
        make_service("quic", "server", words=server),
        make_service("quic", "client", words=client),
    )
    result = run(TestPlan("pair", "pair", services, ports={"server": 4443}), isolation=isolation)
    assert result.exit_code == 0, run.printed
    (negotiated,) = [item for item in result.tests[0].evidence if item.name == "negotiated"]
    if isolation == "namespace":
        assert (negotiated.passed, negotiated.detail) == (True, "QUIC version 1, ALPN h3")


@pytest.mark.parametrize("suite", ["AES-128-GCM", "AES-256-GCM", "CHACHA20-POLY1305"])
@pytest.mark.parametrize("server", ["ngtcp2", "aioquic"])
def test_what_ngtcp2_negotiates_is_seen(run, make_service, namespace_only, suite, server):
    """After a Retry, in each cipher suite, with the key log that the client's TLS library writes."""
    words = (*GTLS_SERVER, "-V") if server == "ngtcp2" else ()
    suites = f"--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+{suite}"
    services = (
        make_service("quic", "server", ["--retry"], words=words),
        make_service("quic", "client", words=(*GTLS_CLIENT, suites)),
    )
    (test,) = run(TestPlan("pair", "pair", services, ports={"server": 4443})).tests
    assert test.reason == "1 048 576 bytes over HTTP/3 (QUIC v1), SHA-256 equal", test.evidence
    assert "SERVER_HANDSHAKE_TRAFFIC_SECRET" in (test.directory / "client" / "keys.log").read_text()


def test_the_last_drafts_of_version_1_are_read_too(run, make_service, namespace_only):
    services = (
        make_service("quic", "server", words=GTLS_SERVER),
        make_service("quic", "client", words=(*GTLS_CLIENT, "--version=0xff00001d")),
    )
    (test,) = run(TestPlan("pair", "pair", services, ports={"server": 4443})).tests
    assert test.reason == "1 048 576 bytes over HTTP/3 (QUIC draft-29), SHA-256 equal"

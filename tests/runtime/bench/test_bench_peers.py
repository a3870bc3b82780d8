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

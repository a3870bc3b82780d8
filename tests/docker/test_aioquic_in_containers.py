"""The generated example for aioquic: its image, built for real, serves HTTP/3 to itself over QUIC."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from panther.bench.certificates import CertificateAuthority, CertificateRequest
from panther.bench.images import in_container
from panther.plugins.discovery import find_plugin, load_plugin
from panther.plugins.roots import add_plugin_root

pytestmark = [pytest.mark.docker, pytest.mark.slow]

EXAMPLES = Path(__file__).resolve().parents[2] / "generated_examples"
PORT = 4433
PAYLOAD_BYTES = 1 << 20


@pytest.fixture
def example():
    """Return the plugin and its service manager."""
    add_plugin_root(EXAMPLES)
    found = find_plugin("aioquic", "quic")
    return found.directory, load_plugin(found).manager_class()


def test_aioquic_is_server_and_client(base_image, built, network, tmp_path, example):
    directory, manager = example
    image = built(manager, directory=directory, build_arguments={"RUNTIME_IMAGE": base_image("python")})
    shared = tmp_path / "shared"
    downloads = shared / "downloads"
    downloads.mkdir(parents=True)
    certificate = CertificateAuthority(shared / "certs").issue(CertificateRequest(names=("server",)))
    payload = os.urandom(PAYLOAD_BYTES)
    (shared / "payload").write_bytes(payload)
    for path in (shared, *shared.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o644)

    def options_and_words(role, **values):
        command = in_container(manager.build_command(role, **values), directory, {shared: "/shared"})
        variables = [f"--env={name}={value}" for name, value in command.environment.items()]
        start = [f"--entrypoint={command.argv[0]}", f"--volume={shared}:/shared"]
        return [*variables, *start], command.argv[1:]

    files = {"cert_file": certificate.cert_file, "key_file": certificate.key_file}
    options, words = options_and_words("server", port=PORT, www_dir=shared, **files)
    server = network.start(image.reference, *words, options=["--network-alias=server", *options])
    network.wait_until_bound(server, "udp", PORT)
    url = f"https://server:{PORT}/payload"
    options, words = options_and_words(
        "client", ca_file=certificate.ca_file, host="server", download_dir=downloads, url=url
    )
    network.ask(image.reference, *words, options=options)
    assert (downloads / "payload").read_bytes() == payload
    network.do("stop", "--time=60", server)
    assert network.do("inspect", "--format={{.State.ExitCode}}", server).stdout in {b"0\n", b"130\n"}

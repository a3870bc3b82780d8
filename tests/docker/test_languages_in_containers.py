"""Each language: an image of a small real program, built for real, runs as server and as client."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from panther.config.core.models import IUTConfig
from panther.plugins.services.base import BaseTCPServiceManager, DockerBuilderFactory

pytestmark = [pytest.mark.docker, pytest.mark.slow]

PROGRAMS = Path(__file__).resolve().parents[1] / "assets" / "echoes"
PORT = 4000
#: More than a socket's buffers hold.
PAYLOAD_BYTES = 8 << 20
CASES = {
    "c": {"build_packages": [], "runtime_packages": [], "build_features": ["LOUD"]},
    "go": {"build_features": ["osusergo"]},
    "rust": {"build_features": ["upside-down"]},
}


def manager_of(language, **settings):
    class Manager(BaseTCPServiceManager):
        def _get_implementation_name(self):
            return f"echoes-of-{language}"

        def _get_binary_name(self):
            return "echoes"

        def generate_dockerfile_content(self):
            name = self._get_implementation_name()
            builder = DockerBuilderFactory.create_builder(name, language, binary_name="echoes", **settings)
            return builder.generate_complete_dockerfile()

    return Manager(IUTConfig())


@pytest.mark.parametrize("language", CASES)
def test_a_program_is_server_and_client(base_image, built, network, tmp_path, language):
    directory = shutil.copytree(PROGRAMS / language, tmp_path / "echoes")
    manager = manager_of(language, build_image=base_image(language), **CASES[language])
    image = built(manager, directory=directory)
    server = network.start(image.reference, "server", str(PORT))
    network.wait_until_bound(server, "tcp", PORT)
    payload = os.urandom(PAYLOAD_BYTES)
    client = network.ask(image.reference, "client", server, str(PORT), input=payload)
    assert client.stdout == payload
    assert (b"upside-down" in client.stderr) == (language == "rust")
    assert network.do("exec", server, "id", "-u").stdout == b"10001\n"
    network.do("stop", "--time=60", server)
    ended = network.do("inspect", "--format={{.State.ExitCode}} {{.Config.StopSignal}}", server).stdout
    assert ended == (b"130 SIGINT\n" if language == "rust" else b"0 SIGINT\n")  # Rust's has no handler

"""The guide's experiments with a profiler around ngtcp2, and a capture of QUIC that opens decrypted."""

from __future__ import annotations

import shutil
import subprocess

import pytest
import yaml

from panther.bench.execution.planning import check_tools, make_environments
from panther.errors import MachineError

pytestmark = pytest.mark.peers

#: As the guide prints it under "Performance Testing", and in the experiment under "Configuration Testing".
GUIDES = {
    "performance": {"type": "gperf_cpu", "config": {"duration": 60}},
    "configuration": {"type": "gperf_cpu", "config": {"duration": 30}},
}


@pytest.fixture
def profiled(panther, tmp_path):
    """Run ngtcp2 against itself in an execution environment; returns the test and its directory."""

    def run(environment, network="localhost"):
        needed = make_environments([(environment["type"], environment.get("config", {}))])
        try:
            check_tools("x", needed, None)
        except MachineError as error:
            pytest.skip(str(error))
        if not (shutil.which("gtlsserver") and shutil.which("gtlsclient")):
            pytest.skip("gtlsserver and gtlsclient (Debian's ngtcp2-server, ngtcp2-client) are not installed")
        if network == "docker_compose" and not has_base_image():
            pytest.skip("there is no Docker engine, or no image debian:bookworm-slim: .ci/run makes it")

        def service(role, **more):
            return {
                "implementation": {"name": "ngtcp2", "type": "iut"},
                "protocol": {"name": "quic", "version": "rfc9000", "role": role, **more},
            }

        services = {"server": service("server"), "client": service("client", target="server")}
        test = {
            "name": "profiled",
            "network_environment": {"type": network},
            "execution_environment": [environment],
            "services": services,
        }
        file = tmp_path / "experiment.yaml"
        file.write_text(yaml.safe_dump({"tests": [test]}))
        status, (result,), printed = panther("--experiment-config", str(file))
        assert status == 0, printed
        return result, tmp_path / "results" / "latest" / result["directory"]

    return run


def has_base_image():
    docker = shutil.which("docker")
    words = [docker, "image", "inspect", "debian:bookworm-slim"]
    return docker is not None and subprocess.run(words, capture_output=True).returncode == 0


@pytest.mark.parametrize(
    ("name", "network"),
    [
        ("performance", "localhost"),
        ("configuration", "localhost"),
        pytest.param("configuration", "docker_compose", marks=pytest.mark.docker),
    ],
)
def test_the_guides_profiler_leaves_what_google_pprof_reads(profiled, name, network):
    result, directory = profiled(GUIDES[name], network)
    for service in result["services"]:
        (profile,) = service["profiles"]
        assert not profile["problem"]
        (product,) = [one for one in profile["products"] if ".prof" in one]
        program = shutil.which(service["argv"][0])
        words = ["google-pprof", "--text", program, directory / product]
        said = subprocess.run(words, capture_output=True, text=True)
        assert said.returncode == 0, said.stderr
        assert f"Using local file {directory / product}" in said.stderr


def test_a_capture_opens_decrypted(profiled):
    result, directory = profiled({"type": "pcap"})
    (profile,) = (profile for service in result["services"] for profile in service["profiles"])
    assert "TLS secrets" in profile["headline"]
    capture = directory / profile["products"][0]
    if shutil.which("tshark") is None:
        pytest.skip("tshark (apt-get install tshark) would open the capture")
    said = subprocess.run(["tshark", "-r", capture, "-Y", "http3"], capture_output=True, text=True)
    assert "HEADERS" in said.stdout, said.stderr

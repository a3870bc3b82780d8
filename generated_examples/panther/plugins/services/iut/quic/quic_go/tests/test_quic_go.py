"""Tests of what is particular to quic_go; the base class has tests of its own."""

from pathlib import Path

from panther.plugins.services.base import BaseServiceManager
from panther.plugins.services.iut.quic.quic_go.quic_go import PROGRAMS

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "quic_go"
BINARY = "quic-go-server"


def test_names(service_manager: BaseServiceManager) -> None:
    """The plugin is found under its directory's name."""
    assert service_manager._get_implementation_name() == NAME
    assert service_manager._get_binary_name() == BINARY
    assert service_manager.config.implementation_name == NAME
    assert service_manager.config.binary_name == BINARY


def test_registration(service_manager: BaseServiceManager) -> None:
    """What a list of plugins shows, and what decides on the tests that it is asked to run."""
    info = service_manager.plugin_info
    assert info is not None
    assert [info.plugin_type, info.name, info.version, info.description] == [
        "iut",
        NAME,
        "0.1.0",
        "QUIC and HTTP/3 by the interop programs of quic-go, a Go library",
    ]
    assert list(info.supported_protocols) == [
        "quic",
    ]
    assert list(info.capabilities) == [
        "rfc9000",
        "h3",
        "hq-interop",
        "interop_contract",
    ]
    assert service_manager.language == "go"
    assert service_manager.get_supported_features() == {
        "rfc9000": True,
        "h3": True,
        "hq-interop": True,
        "interop_contract": True,
        "0rtt": False,
        "connection_migration": False,
    }


def test_server_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "server",
    )
    assert command.argv == (PROGRAMS.program("quic-go-server"),)


def test_client_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "client",
        url="https://localhost:443/",
    )
    assert command.argv == (
        PROGRAMS.program("quic-go-client"),
        "https://localhost:443/",
    )


def test_client_parameters(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place, and all else stays."""
    command = service_manager.build_command(
        "client",
        url="https://peer.example:14433/path/one.bin",
    )
    assert command.argv == (
        PROGRAMS.program("quic-go-client"),
        "https://peer.example:14433/path/one.bin",
    )


def test_contract(service_manager: BaseServiceManager) -> None:
    """The variables of the interop runner's contract."""
    url = "https://quic.example:443/one"
    command = service_manager.build_command(
        "client",
        url=url,
        requests=2,
        testcase="resumption",
        qlog_dir="/srv/qlog",
        keylog_file="/srv/keys.log",
    )
    assert command.argv[1:] == (url, url)
    assert command.environment == {
        "ROLE": "client",
        "TESTCASE": "resumption",
        "REQUESTS": f"{url} {url}",
        "QLOGDIR": "/srv/qlog",
        "SSLKEYLOGFILE": "/srv/keys.log",
    }
    server = service_manager.build_command("server", log_dir="/srv/logs").environment
    assert server == {"ROLE": "server", "TESTCASE": "http3", "QLOGDIR": "/srv/logs"}


def test_what_is_missing_is_named(service_manager: BaseServiceManager) -> None:
    """Where the compiler or the sources are absent, the cure installs both."""
    assert service_manager.install_command == PROGRAMS.install
    assert PROGRAMS.install.startswith("apt-get install golang-go ")


def test_dockerfile(service_manager: BaseServiceManager) -> None:
    """The Dockerfile is the builder's until its author removes the mark in its first line."""
    built = service_manager.generate_dockerfile_content()
    written = (PLUGIN / "Dockerfile").read_text(encoding="utf-8")
    mark = built.partition("\n")[0]
    assert written == built or not written.startswith(mark)

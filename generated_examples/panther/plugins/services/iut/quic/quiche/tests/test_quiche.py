"""Tests of what is particular to quiche; the base class has tests of its own."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from panther.errors import MachineError
from panther.plugins.services.base import BaseServiceManager

from panther.plugins.services.iut.quic.quiche.quiche import INSTALL, PROGRAM

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "quiche"
BINARY = "quiche-endpoint"


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
        "QUIC and HTTP/3 on quiche, a Rust library",
    ]
    assert list(info.supported_protocols) == [
        "quic",
    ]
    assert list(info.capabilities) == ["rfc9000", "h3", "retry", "resumption"]
    assert service_manager.language == "rust"
    assert service_manager.get_supported_features() == {
        "rfc9000": True,
        "h3": True,
        "retry": True,
        "resumption": True,
        "0rtt": False,
        "connection_migration": False,
    }


def test_server_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "server",
        bind_address="127.0.0.1",
        port=4443,
        cert_file="cert.pem",
        key_file="priv.key",
        www_dir="www/",
    )
    assert command.argv == (
        PROGRAM.program("release/quiche-endpoint"),
        "server",
        "--bind",
        "127.0.0.1:4443",
        "--cert",
        "cert.pem",
        "--key",
        "priv.key",
        "--root",
        "www/",
    )


def test_server_parameters(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place, and all else stays."""
    command = service_manager.build_command(
        "server",
        bind_address="192.0.2.1",
        port=14433,
        cert_file="/srv/tls/chain-1.pem",
        key_file="/srv/tls/secret-1.pem",
        www_dir="/srv/files",
    )
    assert command.argv == (
        PROGRAM.program("release/quiche-endpoint"),
        "server",
        "--bind",
        "192.0.2.1:14433",
        "--cert",
        "/srv/tls/chain-1.pem",
        "--key",
        "/srv/tls/secret-1.pem",
        "--root",
        "/srv/files",
    )


def test_client_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "client",
        ca_file="ca.pem",
        download_dir="downloads/",
        url="https://localhost:4443/",
    )
    assert command.argv == (
        PROGRAM.program("release/quiche-endpoint"),
        "client",
        "--ca",
        "ca.pem",
        "--output",
        "downloads/",
        "https://localhost:4443/",
    )


def test_client_parameters(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place, and all else stays."""
    command = service_manager.build_command(
        "client",
        ca_file="/srv/tls/authority-1.pem",
        download_dir="/srv/received",
        url="https://peer.example:14433/path/one.bin",
    )
    assert command.argv == (
        PROGRAM.program("release/quiche-endpoint"),
        "client",
        "--ca",
        "/srv/tls/authority-1.pem",
        "--output",
        "/srv/received",
        "https://peer.example:14433/path/one.bin",
    )


def test_rust(service_manager: BaseServiceManager) -> None:
    """What the plugin says to Cargo and to the program's runtime."""
    assert service_manager.get_implementation_details()["cargo_features"] == []
    environment = service_manager.build_command("server").environment
    assert environment["RUST_BACKTRACE"] == "1"
    assert environment["RUST_LOG"] == "info"


def test_an_ipv6_address_stands_in_brackets(
    service_manager: BaseServiceManager,
) -> None:
    """As RFC 3986 writes it before a port."""
    words = service_manager.build_command("server", bind_address="::1", port=4433).argv
    assert "[::1]:4433" in words


def test_retry(service_manager: BaseServiceManager) -> None:
    """The server asks for it where it is told to."""
    assert service_manager.build_command("server", retry=True).argv[-1] == "--retry"
    assert "--retry" not in service_manager.build_command("server").argv


def test_session(service_manager: BaseServiceManager) -> None:
    """The client keeps its TLS session where it is told to."""
    words = service_manager.build_command(
        "client",
        download_dir="/srv/received",
        session_file="/srv/session",
        url="https://peer.example/",
    ).argv
    assert words[-5:] == (
        "--output",
        "/srv/received",
        "--session",
        "/srv/session",
        "https://peer.example/",
    )
    assert "--session" not in service_manager.build_command("client").argv


def test_keylog(service_manager: BaseServiceManager) -> None:
    """TLS secrets are asked for by a variable."""
    environment = service_manager.build_command(
        "client", keylog_file="/srv/keys.log"
    ).environment
    assert environment["SSLKEYLOGFILE"] == "/srv/keys.log"
    assert "SSLKEYLOGFILE" not in service_manager.build_command("client").environment


def test_what_is_missing_is_named(service_manager: BaseServiceManager) -> None:
    """Where CMake or Cargo is absent, the cure says where they come from."""
    assert service_manager.install_command == INSTALL == PROGRAM.install
    assert PROGRAM.name == "quiche"


def test_each_tool_of_the_build_is_asked_for(
    service_manager: BaseServiceManager,
) -> None:
    """Before Cargo begins what would fail in the middle."""
    tools, missed = ["cargo", "cmake", "c++"], []
    with TemporaryDirectory() as name, patch.dict(os.environ, PATH=name):
        for tool in tools:
            try:
                service_manager._do_prepare()
            except MachineError as problem:
                missed.append(problem.message.split("'")[1])
            Path(name, tool).touch(mode=0o755)
    assert missed == tools


def test_dockerfile(service_manager: BaseServiceManager) -> None:
    """The Dockerfile is the builder's until its author removes the mark in its first line."""
    built = service_manager.generate_dockerfile_content()
    written = (PLUGIN / "Dockerfile").read_text(encoding="utf-8")
    mark = built.partition("\n")[0]
    assert written == built or not written.startswith(mark)

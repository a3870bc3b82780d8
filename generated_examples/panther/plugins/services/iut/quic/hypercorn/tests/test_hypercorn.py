"""Tests of what is particular to hypercorn; the base class has tests of its own."""

import sys
from pathlib import Path

import pytest
from panther.errors import ParameterError
from panther.plugins.services.base import BaseServiceManager

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "hypercorn"
BINARY = "hypercorn"


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
        "HTTP/3 by Hypercorn, an ASGI server on aioquic",
    ]
    assert list(info.supported_protocols) == [
        "quic",
    ]
    assert list(info.capabilities) == ["rfc9000", "h3"]
    assert service_manager.language == "python"
    assert service_manager.get_supported_features() == {
        "rfc9000": True,
        "h3": True,
        "0rtt": False,
        "connection_migration": False,
        "client": False,
        "session_tickets": False,
    }


def test_server_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "server",
        bind_address="127.0.0.1",
        port=4443,
        cert_file="cert.pem",
        key_file="priv.key",
    )
    assert command.argv == (
        sys.executable,
        "-m",
        "hypercorn",
        "--quic-bind",
        "127.0.0.1:4443",
        "--certfile",
        "cert.pem",
        "--keyfile",
        "priv.key",
        "file_server:app",
    )


def test_server_parameters(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place, and all else stays."""
    command = service_manager.build_command(
        "server",
        bind_address="192.0.2.1",
        port=14433,
        cert_file="/srv/tls/chain-1.pem",
        key_file="/srv/tls/secret-1.pem",
    )
    assert command.argv == (
        sys.executable,
        "-m",
        "hypercorn",
        "--quic-bind",
        "192.0.2.1:14433",
        "--certfile",
        "/srv/tls/chain-1.pem",
        "--keyfile",
        "/srv/tls/secret-1.pem",
        "file_server:app",
    )


def test_an_ipv6_address_stands_in_brackets(
    service_manager: BaseServiceManager,
) -> None:
    """As RFC 3986 writes it before a port."""
    words = service_manager.build_command("server", bind_address="::1", port=4433).argv
    assert "[::1]:4433" in words


def test_environment(service_manager: BaseServiceManager) -> None:
    """The application is found in endpoint/, and told what it serves."""
    environment = service_manager.build_command(
        "server", www_dir="/srv/files"
    ).environment
    assert environment["PYTHONPATH"] == str(PLUGIN / "endpoint")
    assert environment["PYTHONSAFEPATH"] == "1"
    assert environment["WWW_DIR"] == "/srv/files"


def test_no_client(service_manager: BaseServiceManager) -> None:
    """How a client is started is not known, and nothing is started in its place."""
    with pytest.raises(ParameterError) as refused:
        service_manager.build_command("client")
    assert [refused.value.message, refused.value.cure] == [
        "'hypercorn' is a plugin of a server only",
        "name another implementation as the client, or return its arguments here",
    ]


def test_dockerfile(service_manager: BaseServiceManager) -> None:
    """The Dockerfile is the builder's until its author removes the mark in its first line."""
    built = service_manager.generate_dockerfile_content()
    written = (PLUGIN / "Dockerfile").read_text(encoding="utf-8")
    mark = built.partition("\n")[0]
    assert written == built or not written.startswith(mark)

"""Tests of what is particular to niquests; the base class has tests of its own."""

import sys
from pathlib import Path

import pytest
from panther.errors import ParameterError
from panther.plugins.services.base import BaseServiceManager

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "niquests"
BINARY = "fetch"


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
        "HTTP/3 by Niquests, a Python client on qh3",
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
        "server": False,
    }


def test_environment(service_manager: BaseServiceManager) -> None:
    """The module is found in endpoint/, and TLS secrets are asked for by a variable."""
    environment = service_manager.build_command(
        "client", keylog_file="/srv/keys.log"
    ).environment
    assert environment["PYTHONPATH"] == str(PLUGIN / "endpoint")
    assert environment["PYTHONSAFEPATH"] == "1"
    assert environment["SSLKEYLOGFILE"] == "/srv/keys.log"
    assert "SSLKEYLOGFILE" not in service_manager.build_command("client").environment


def test_no_server(service_manager: BaseServiceManager) -> None:
    """How a server is started is not known, and nothing is started in its place."""
    with pytest.raises(ParameterError) as refused:
        service_manager.build_command("server")
    assert [refused.value.message, refused.value.cure] == [
        "'niquests' is a plugin of a client only",
        "name another implementation as the server, or return its arguments here",
    ]


def test_client_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "client",
        ca_file="ca.pem",
        download_dir="downloads",
        url="https://localhost:4443/",
    )
    assert command.argv == (
        sys.executable,
        "-m",
        "fetch",
        "--ca",
        "ca.pem",
        "--output",
        "downloads",
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
        sys.executable,
        "-m",
        "fetch",
        "--ca",
        "/srv/tls/authority-1.pem",
        "--output",
        "/srv/received",
        "https://peer.example:14433/path/one.bin",
    )


def test_dockerfile(service_manager: BaseServiceManager) -> None:
    """The Dockerfile is the builder's until its author removes the mark in its first line."""
    built = service_manager.generate_dockerfile_content()
    written = (PLUGIN / "Dockerfile").read_text(encoding="utf-8")
    mark = built.partition("\n")[0]
    assert written == built or not written.startswith(mark)

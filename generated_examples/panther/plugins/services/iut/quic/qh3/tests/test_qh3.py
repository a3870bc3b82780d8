"""Tests of what is particular to qh3; the base class has tests of its own."""

import sys
from pathlib import Path

from panther.plugins.services.base import BaseServiceManager

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "qh3"
BINARY = "qh3"
PROGRAM = (sys.executable, "-m", "quic_endpoint")


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
        "QUIC and HTTP/3 on qh3, a Python library in Rust",
    ]
    assert list(info.supported_protocols) == [
        "quic",
    ]
    assert list(info.capabilities) == [
        "rfc9000",
        "h3",
        "hq-interop",
        "retry",
        "resumption",
    ]
    assert service_manager.language == "python"
    assert service_manager.get_supported_features() == {
        "rfc9000": True,
        "h3": True,
        "hq-interop": True,
        "retry": True,
        "resumption": True,
        "0rtt": False,
        "connection_migration": False,
    }


def test_server_arguments(service_manager: BaseServiceManager) -> None:
    """The method returns what the command template does not spell."""
    assert service_manager._get_server_specific_args() == []
    assert service_manager._get_server_specific_args(retry=True) == ["--retry"]


def test_server_command(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place in the command."""
    command = service_manager.build_command(
        "server",
        bind_address="192.0.2.1",
        port=4444,
        cert_file="/srv/tls/chain.pem",
        key_file="/srv/tls/secret.pem",
        www_dir="/srv/files",
        retry=True,
        debug_level=1,
    )
    assert command.argv == (
        *PROGRAM,
        "server",
        "--bind",
        "192.0.2.1",
        "--port",
        "4444",
        "--cert",
        "/srv/tls/chain.pem",
        "--key",
        "/srv/tls/secret.pem",
        "--root",
        "/srv/files",
        "--verbose",
        "--retry",
    )


def test_quiet_server_command(service_manager: BaseServiceManager) -> None:
    """What is off, or not given, is not in the command."""
    words = service_manager.build_command("server").argv
    assert "--verbose" not in words
    assert "--retry" not in words


def test_client_arguments(service_manager: BaseServiceManager) -> None:
    """The method returns what the command template does not spell."""
    assert service_manager._get_client_specific_args() == []
    arguments = service_manager._get_client_specific_args(idle_timeout=7.5)
    assert arguments == ["--idle-timeout", "7.5"]
    arguments = service_manager._get_client_specific_args(
        session_file="/srv/session", alpn="hq-interop"
    )
    assert arguments == ["--session", "/srv/session", "--alpn", "hq-interop"]
    assert service_manager._get_client_specific_args(alpn="h3") == []


def test_client_command(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place in the command."""
    command = service_manager.build_command(
        "client",
        ca_file="/srv/tls/authority.pem",
        server_name="quic.example",
        download_dir="/srv/received",
        url="https://quic.example:4444/one",
        idle_timeout=7.5,
        debug_level=1,
    )
    assert command.argv == (
        *PROGRAM,
        "client",
        "--ca",
        "/srv/tls/authority.pem",
        "--server-name",
        "quic.example",
        "--output",
        "/srv/received",
        "https://quic.example:4444/one",
        "--verbose",
        "--idle-timeout",
        "7.5",
    )


def test_quiet_client_command(service_manager: BaseServiceManager) -> None:
    """What is off, or not given, is not in the command."""
    words = service_manager.build_command("client").argv
    assert "--verbose" not in words
    assert "--idle-timeout" not in words


def test_environment(service_manager: BaseServiceManager) -> None:
    """What a program reads from its environment is set where it is asked for."""
    command = service_manager.build_command(
        "server",
        qlog_dir="/srv/qlog_dir",
        keylog_file="/srv/keylog_file",
    )
    plain = service_manager.build_command("server")
    assert command.environment["QLOGDIR"] == "/srv/qlog_dir"
    assert "QLOGDIR" not in plain.environment
    assert command.environment["SSLKEYLOGFILE"] == "/srv/keylog_file"
    assert "SSLKEYLOGFILE" not in plain.environment


def test_module_is_found(service_manager: BaseServiceManager) -> None:
    """Python looks where the plugin keeps the module, never in the working directory."""
    environment = service_manager.build_command("server").environment
    assert environment["PYTHONPATH"] == str(PLUGIN / "endpoint")
    assert environment["PYTHONSAFEPATH"] == "1"


def test_dockerfile(service_manager: BaseServiceManager) -> None:
    """The Dockerfile is the builder's until its author removes the mark in its first line."""
    built = service_manager.generate_dockerfile_content()
    written = (PLUGIN / "Dockerfile").read_text(encoding="utf-8")
    mark = built.partition("\n")[0]
    assert written == built or not written.startswith(mark)

"""Tests of what is particular to ngtcp2; the base class has tests of its own."""

from pathlib import Path

from panther.plugins.services.base import BaseServiceManager

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "ngtcp2"
BINARY = "gtlsserver"


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
        "QUIC and HTTP/3 by the example programs of ngtcp2, a C library",
    ]
    assert list(info.supported_protocols) == [
        "quic",
    ]
    assert list(info.capabilities) == ["rfc9000", "h3", "retry", "resumption"]
    assert service_manager.language == "c"
    assert service_manager.get_supported_features() == {
        "rfc9000": True,
        "h3": True,
        "retry": True,
        "resumption": True,
        "0rtt": False,
        "connection_migration": False,
    }


def test_server_arguments(service_manager: BaseServiceManager) -> None:
    """The method returns what the command template does not spell."""
    assert service_manager._get_server_specific_args() == []
    arguments = service_manager._get_server_specific_args(congestion_control="bbr")
    assert arguments == ["--cc=bbr"]
    arguments = service_manager._get_server_specific_args(retry=True)
    assert arguments == ["--validate-addr"]


def test_server_command(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place in the command."""
    command = service_manager.build_command(
        "server",
        bind_address="192.0.2.1",
        port=4444,
        cert_file="/srv/tls/chain.pem",
        key_file="/srv/tls/secret.pem",
        www_dir="/srv/files",
        qlog_dir="/srv/qlog",
        congestion_control="bbr",
        retry=True,
    )
    assert command.argv == (
        "gtlsserver",
        "--quiet",
        "--no-quic-dump",
        "--no-http-dump",
        "--htdocs=/srv/files",
        "--qlog-dir=/srv/qlog",
        "--cc=bbr",
        "--validate-addr",
        "192.0.2.1",
        "4444",
        "/srv/tls/secret.pem",
        "/srv/tls/chain.pem",
    )


def test_plain_server_command(service_manager: BaseServiceManager) -> None:
    """What is off, or not given, is not in the command."""
    command = service_manager.build_command("server", debug_level=1)
    assert command.argv == (
        "gtlsserver",
        "--no-quic-dump",
        "--no-http-dump",
        "--htdocs=/www",
        "0.0.0.0",
        "4443",
        "/certs/priv.key",
        "/certs/cert.pem",
    )


def test_client_arguments(service_manager: BaseServiceManager) -> None:
    """The method returns what the command template does not spell."""
    assert service_manager._get_client_specific_args() == []
    arguments = service_manager._get_client_specific_args(idle_timeout=7.5)
    assert arguments == ["--timeout=7500ms"]
    arguments = service_manager._get_client_specific_args(session_file="/srv/session")
    assert arguments == ["--session-file=/srv/session", "--disable-early-data"]


def test_client_command(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place in the command."""
    command = service_manager.build_command(
        "client",
        host="192.0.2.1",
        port=4444,
        server_name="quic.example",
        download_dir="/srv/received",
        url="https://quic.example:4444/one",
        qlog_dir="/srv/qlog",
        idle_timeout=7.5,
    )
    assert command.argv == (
        "gtlsclient",
        "--quiet",
        "--no-quic-dump",
        "--no-http-dump",
        "--exit-on-all-streams-close",
        "--sni=quic.example",
        "--download=/srv/received",
        "--qlog-dir=/srv/qlog",
        "--timeout=7500ms",
        "192.0.2.1",
        "4444",
        "https://quic.example:4444/one",
    )


def test_plain_client_command(service_manager: BaseServiceManager) -> None:
    """What is off, or not given, is not in the command."""
    command = service_manager.build_command("client", debug_level=1)
    assert command.argv == (
        "gtlsclient",
        "--no-quic-dump",
        "--no-http-dump",
        "--exit-on-all-streams-close",
        "--sni=localhost",
        "--download=/downloads",
        "localhost",
        "4443",
        "https://localhost:4443/",
    )


def test_another_program(service_manager: BaseServiceManager) -> None:
    """An experiment may name a program of its own, whatever the role."""
    for role in ("server", "client"):
        command = service_manager.build_command(role, binary_name="/opt/program")
        assert command.argv[0] == "/opt/program"


def test_environment(service_manager: BaseServiceManager) -> None:
    """TLS secrets are asked for by a variable, qlog by an option."""
    command = service_manager.build_command("server", keylog_file="/srv/keys.log")
    assert command.environment == {"SSLKEYLOGFILE": "/srv/keys.log"}
    assert service_manager.build_command("server").environment == {}


def test_dockerfile(service_manager: BaseServiceManager) -> None:
    """The Dockerfile is the builder's until its author removes the mark in its first line."""
    built = service_manager.generate_dockerfile_content()
    written = (PLUGIN / "Dockerfile").read_text(encoding="utf-8")
    mark = built.partition("\n")[0]
    assert written == built or not written.startswith(mark)

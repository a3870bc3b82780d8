"""Tests of what is particular to picoquic; the base class has tests of its own."""

from pathlib import Path

from panther.plugins.services.base import BaseServiceManager

from panther.plugins.services.iut.quic.picoquic.picoquic import INSTALL, program_of

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "picoquic"
BINARY = "picoquicdemo"


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
        "QUIC and HTTP/3 by the demo program of picoquic, a C library",
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


def test_server_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "server",
        port=4443,
        cert_file="cert.pem",
        key_file="priv.key",
        www_dir="www/",
    )
    assert command.argv == (
        "picoquicdemo",
        "-T",
        "/logs/tickets.bin",
        "-N",
        "/logs/tokens.bin",
        "-p",
        "4443",
        "-c",
        "cert.pem",
        "-k",
        "priv.key",
        "-w",
        "www/",
    )


def test_server_parameters(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place, and all else stays."""
    command = service_manager.build_command(
        "server",
        port=14433,
        cert_file="/srv/tls/chain-1.pem",
        key_file="/srv/tls/secret-1.pem",
        www_dir="/srv/files",
    )
    assert command.argv == (
        "picoquicdemo",
        "-T",
        "/logs/tickets.bin",
        "-N",
        "/logs/tokens.bin",
        "-p",
        "14433",
        "-c",
        "/srv/tls/chain-1.pem",
        "-k",
        "/srv/tls/secret-1.pem",
        "-w",
        "/srv/files",
    )


def test_client_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "client",
        download_dir="downloads/",
        host="127.0.0.1",
        port=4443,
        url="https://localhost/payload.bin",
    )
    assert command.argv == (
        "picoquicdemo",
        "-T",
        "/logs/tickets.bin",
        "-N",
        "/logs/tokens.bin",
        "-n",
        "localhost",
        "-t",
        "/certs/ca.pem",
        "-a",
        "h3",
        "-o",
        "downloads/",
        "127.0.0.1",
        "4443",
        "/payload.bin",
    )


def test_client_parameters(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place, and all else stays."""
    command = service_manager.build_command(
        "client",
        download_dir="/srv/received",
        host="2001:db8::7",
        port=14433,
        url="https://peer.example:14433/path/one.bin",
    )
    assert command.argv == (
        "picoquicdemo",
        "-T",
        "/logs/tickets.bin",
        "-N",
        "/logs/tokens.bin",
        "-n",
        "localhost",
        "-t",
        "/certs/ca.pem",
        "-a",
        "h3",
        "-o",
        "/srv/received",
        "2001:db8::7",
        "14433",
        "/path/one.bin",
    )


def test_retry_and_keylog(service_manager: BaseServiceManager) -> None:
    """An option of the server, a variable of both."""
    assert service_manager.build_command("server", retry=True).argv[1] == "-r"
    assert "-r" not in service_manager.build_command("server").argv
    command = service_manager.build_command("client", keylog_file="/srv/keys.log")
    assert command.environment == {"SSLKEYLOGFILE": "/srv/keys.log"}
    assert "-8" in command.argv
    assert "-8" not in service_manager.build_command("server").argv
    assert service_manager.build_command("client").environment == {}


def test_stores(service_manager: BaseServiceManager) -> None:
    """What they keep lies with their logs, unless tests share a session."""
    for role in ("server", "client"):
        words = service_manager.build_command(role, log_dir="/srv/logs").argv
        assert words[words.index("-T") + 1] == "/srv/logs/tickets.bin"
        assert words[words.index("-N") + 1] == "/srv/logs/tokens.bin"
    words = service_manager.build_command("client", session_file="/srv/session").argv
    assert words[words.index("-T") + 1] == "/srv/session"


def test_built_from_sources(service_manager: BaseServiceManager) -> None:
    """Where the sources are given, the program is that which is built from them."""
    build = program_of("/srv/picoquic")
    command = service_manager.build_command("server", source_dir="/srv/picoquic")
    assert command.argv[0] == build.program("picoquicdemo")
    assert build.name == "picoquic"
    configure, make = ([*words] for words in build.commands)
    assert configure == [
        "cmake",
        "-S",
        "/srv/picoquic",
        "-B",
        "{out}",
        "-DCMAKE_BUILD_TYPE=Release",
    ]
    assert make == [
        "cmake",
        "--build",
        "{out}",
        "--target",
        "picoquicdemo",
        "--parallel",
    ]
    assert (
        build.install == f"apt-get install cmake g++ libssl-dev pkg-config; {INSTALL}"
    )
    assert service_manager.install_command == INSTALL
    assert "source_dir: DIRECTORY" in INSTALL


def test_dockerfile(service_manager: BaseServiceManager) -> None:
    """The Dockerfile is the builder's until its author removes the mark in its first line."""
    built = service_manager.generate_dockerfile_content()
    written = (PLUGIN / "Dockerfile").read_text(encoding="utf-8")
    mark = built.partition("\n")[0]
    assert written == built or not written.startswith(mark)

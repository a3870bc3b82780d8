"""Tests of what is particular to lsquic; the base class has tests of its own."""

from pathlib import Path

from panther.plugins.services.base import BaseServiceManager

from panther.plugins.services.iut.quic.lsquic.lsquic import INSTALL, programs_of

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "lsquic"
BINARY = "http_server"


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
        "QUIC and HTTP/3 by the example programs of LSQUIC, a C library",
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
        bind_address="127.0.0.1",
        port=4443,
        www_dir="www/",
    )
    assert command.argv == (
        "http_server",
        "-s",
        "127.0.0.1:4443",
        "-c",
        "localhost,/certs/cert.pem,/certs/priv.key",
        "-r",
        "www/",
        "-o",
        "version=h3",
    )


def test_server_parameters(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place, and all else stays."""
    command = service_manager.build_command(
        "server",
        bind_address="192.0.2.1",
        port=14433,
        www_dir="/srv/files",
    )
    assert command.argv == (
        "http_server",
        "-s",
        "192.0.2.1:14433",
        "-c",
        "localhost,/certs/cert.pem,/certs/priv.key",
        "-r",
        "/srv/files",
        "-o",
        "version=h3",
    )


def test_client_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "client",
        url="https://localhost:4443/payload.bin",
        host="127.0.0.1",
        port=4443,
    )
    assert command.argv == (
        "http_client",
        "-s",
        "127.0.0.1:4443",
        "-H",
        "localhost",
        "-p",
        "/payload.bin",
        "-B",
        "-7",
        "/downloads",
        "-C",
        "/certs",
        "-o",
        "version=h3",
    )


def test_client_parameters(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place, and all else stays."""
    command = service_manager.build_command(
        "client",
        url="https://localhost:4443/payload.bin",
        host="2001:db8::7",
        port=14433,
    )
    assert command.argv == (
        "http_client",
        "-s",
        "[2001:db8::7]:14433",
        "-H",
        "localhost",
        "-p",
        "/payload.bin",
        "-B",
        "-7",
        "/downloads",
        "-C",
        "/certs",
        "-o",
        "version=h3",
    )


def test_an_ipv6_address_stands_in_brackets(
    service_manager: BaseServiceManager,
) -> None:
    """As RFC 3986 writes it before a port."""
    words = service_manager.build_command("server", bind_address="::1", port=4433).argv
    assert "[::1]:4433" in words


def test_retry(service_manager: BaseServiceManager) -> None:
    """The library reads from a variable whether its server asks for it."""
    environment = service_manager.build_command("server", retry=True).environment
    assert environment["LSQUIC_FORCE_RETRY"] == "1"
    environment = service_manager.build_command("server").environment
    assert "LSQUIC_FORCE_RETRY" not in environment


def test_session(service_manager: BaseServiceManager) -> None:
    """The client keeps its TLS session where it is told to."""
    words = service_manager.build_command("client", session_file="/srv/session").argv
    assert words[words.index("-0") + 1] == "/srv/session"
    assert "-0" not in service_manager.build_command("client").argv


def test_keylog(service_manager: BaseServiceManager) -> None:
    """The programs make a directory, and write a file of secrets there for each connection."""
    for role in ("server", "client"):
        words = service_manager.build_command(role, keylog_file="/srv/keys.log").argv
        assert words[words.index("-G") + 1] == "/srv/keys.log"
        assert "-G" not in service_manager.build_command(role).argv


def test_built_from_sources(service_manager: BaseServiceManager) -> None:
    """Where the sources are given, the programs are those that are built from them."""
    build = programs_of("/srv/lsquic", "/srv/boringssl")
    given = {"source_dir": "/srv/lsquic", "boringssl_dir": "/srv/boringssl"}
    for role, program in (("server", "bin/http_server"), ("client", "bin/http_client")):
        assert service_manager.build_command(role, **given).argv[0] == build.program(
            program
        )
    assert build.name == "lsquic"
    configure, make = ([*words] for words in build.commands)
    assert configure[:5] == ["cmake", "-S", "/srv/lsquic", "-B", "{out}"]
    assert configure[5:] == [
        "-DCMAKE_BUILD_TYPE=Release",
        "-DCMAKE_C_FLAGS_RELEASE=-O2",
        "-DBORINGSSL_DIR=/srv/boringssl",
        "-DLSQUIC_TESTS=OFF",
    ]
    assert make == ["cmake", "--build", "{out}", "--parallel"]
    assert (
        build.install == f"apt-get install cmake g++ libevent-dev zlib1g-dev; {INSTALL}"
    )
    assert service_manager.install_command == INSTALL
    assert "source_dir: DIRECTORY and boringssl_dir: DIRECTORY" in INSTALL


def test_dockerfile(service_manager: BaseServiceManager) -> None:
    """The Dockerfile is the builder's until its author removes the mark in its first line."""
    built = service_manager.generate_dockerfile_content()
    written = (PLUGIN / "Dockerfile").read_text(encoding="utf-8")
    mark = built.partition("\n")[0]
    assert written == built or not written.startswith(mark)

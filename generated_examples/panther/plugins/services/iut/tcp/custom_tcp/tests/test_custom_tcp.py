"""Tests of what is particular to custom_tcp; the base class has tests of its own."""

from pathlib import Path

from panther.plugins.services.base import BaseServiceManager

from panther.plugins.services.iut.tcp.custom_tcp.custom_tcp import INSTALL, PROGRAM

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "custom_tcp"
BINARY = "tcp_endpoint"


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
        "An echo server and its client in C",
    ]
    assert list(info.supported_protocols) == [
        "tcp",
    ]
    assert list(info.capabilities) == ["echo"]
    assert service_manager.language == "c"
    assert service_manager.get_supported_features() == {
        "echo": True,
    }


def test_server_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "server",
        bind_address="127.0.0.1",
        port=8080,
    )
    assert command.argv == (
        PROGRAM.program("tcp_endpoint"),
        "server",
        "127.0.0.1",
        "8080",
    )


def test_server_parameters(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place, and all else stays."""
    command = service_manager.build_command(
        "server",
        bind_address="192.0.2.1",
        port=14433,
    )
    assert command.argv == (
        PROGRAM.program("tcp_endpoint"),
        "server",
        "192.0.2.1",
        "14433",
    )


def test_client_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "client",
        host="localhost",
        port=8080,
        payload_file="payload.bin",
        download_dir="downloads/",
    )
    assert command.argv == (
        PROGRAM.program("tcp_endpoint"),
        "client",
        "localhost",
        "8080",
        "payload.bin",
        "downloads/",
    )


def test_client_parameters(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place, and all else stays."""
    command = service_manager.build_command(
        "client",
        host="2001:db8::7",
        port=14433,
        payload_file="payload.bin",
        download_dir="downloads/",
    )
    assert command.argv == (
        PROGRAM.program("tcp_endpoint"),
        "client",
        "2001:db8::7",
        "14433",
        "payload.bin",
        "downloads/",
    )


def test_what_is_missing_is_named(service_manager: BaseServiceManager) -> None:
    """Where the compiler is absent, the cure installs it."""
    assert service_manager.install_command == INSTALL == PROGRAM.install
    assert PROGRAM.name == "custom_tcp"


def test_dockerfile(service_manager: BaseServiceManager) -> None:
    """The Dockerfile is the builder's until its author removes the mark in its first line."""
    built = service_manager.generate_dockerfile_content()
    written = (PLUGIN / "Dockerfile").read_text(encoding="utf-8")
    mark = built.partition("\n")[0]
    assert written == built or not written.startswith(mark)

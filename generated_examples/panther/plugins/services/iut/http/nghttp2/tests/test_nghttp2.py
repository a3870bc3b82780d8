"""Tests of what is particular to nghttp2; the base class has tests of its own."""

import sys
from pathlib import Path

from panther.plugins.services.base import BaseServiceManager

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "nghttp2"
BINARY = "nghttpd"


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
        "HTTP/2 by the programs of nghttp2",
    ]
    assert list(info.supported_protocols) == [
        "http",
    ]
    assert list(info.capabilities) == ["http/1.1"]
    assert service_manager.language == "c"
    assert service_manager.get_supported_features() == {
        "http/1.1": True,
        "http/2": True,
    }


def test_server_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "server",
        bind_address="127.0.0.1",
        www_dir="www/",
        port=8080,
    )
    assert command.argv == (
        "nghttpd",
        "--no-tls",
        "-a",
        "127.0.0.1",
        "-d",
        "www/",
        "8080",
    )


def test_server_parameters(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place, and all else stays."""
    command = service_manager.build_command(
        "server",
        bind_address="192.0.2.1",
        www_dir="/srv/files",
        port=14433,
    )
    assert command.argv == (
        "nghttpd",
        "--no-tls",
        "-a",
        "192.0.2.1",
        "-d",
        "/srv/files",
        "14433",
    )


def test_client_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "client",
        download_dir="/srv/received",
        url="http://localhost:8080/payload.bin",
    )
    assert command.argv == (
        sys.executable,
        str(PLUGIN / "endpoint" / "nghttp_to.py"),
        "/srv/received",
        "nghttp",
        "http://localhost:8080/payload.bin",
    )


def test_client_parameters(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place, and all else stays."""
    command = service_manager.build_command(
        "client",
        download_dir="/srv/received",
        url="http://peer.example:14433/path/one.bin",
    )
    assert command.argv == (
        sys.executable,
        str(PLUGIN / "endpoint" / "nghttp_to.py"),
        "/srv/received",
        "nghttp",
        "http://peer.example:14433/path/one.bin",
    )


def test_install_command(service_manager: BaseServiceManager) -> None:
    """The cure where the program is missing."""
    assert (
        service_manager.install_command
        == "apt-get install nghttp2-client nghttp2-server"
    )


def test_dockerfile(service_manager: BaseServiceManager) -> None:
    """The Dockerfile is the builder's until its author removes the mark in its first line."""
    built = service_manager.generate_dockerfile_content()
    written = (PLUGIN / "Dockerfile").read_text(encoding="utf-8")
    mark = built.partition("\n")[0]
    assert written == built or not written.startswith(mark)

"""Tests of what is particular to curl; the base class has tests of its own."""

from pathlib import Path

import pytest
from panther.errors import ParameterError
from panther.plugins.services.base import BaseServiceManager

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "curl"
BINARY = "curl"


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
        "HTTP/1.1 and HTTP/2 by curl",
    ]
    assert list(info.supported_protocols) == [
        "http",
    ]
    assert list(info.capabilities) == ["http/1.1"]
    assert service_manager.language == "c"
    assert service_manager.get_supported_features() == {
        "http/1.1": True,
        "http/2": True,
        "server": False,
    }


def test_http2(service_manager: BaseServiceManager) -> None:
    """In cleartext curl has to be told that the server knows it: it falls back otherwise."""
    words = service_manager.build_command("client", enable_h2=True).argv
    assert words[1] == "--http2-prior-knowledge"


def test_no_server(service_manager: BaseServiceManager) -> None:
    """How a server is started is not known, and nothing is started in its place."""
    with pytest.raises(ParameterError) as refused:
        service_manager.build_command("server")
    assert [refused.value.message, refused.value.cure] == [
        "'curl' is a plugin of a client only",
        "name another implementation as the server, or return its arguments here",
    ]


def test_client_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "client",
        download_dir="downloads/",
        url="http://localhost:8080/payload.bin",
    )
    assert command.argv == (
        "curl",
        "--http1.1",
        "--fail",
        "--silent",
        "--show-error",
        "--remote-name",
        "--output-dir",
        "downloads/",
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
        "curl",
        "--http1.1",
        "--fail",
        "--silent",
        "--show-error",
        "--remote-name",
        "--output-dir",
        "/srv/received",
        "http://peer.example:14433/path/one.bin",
    )


def test_install_command(service_manager: BaseServiceManager) -> None:
    """The cure where the program is missing."""
    assert service_manager.install_command == "apt-get install curl"


def test_dockerfile(service_manager: BaseServiceManager) -> None:
    """The Dockerfile is the builder's until its author removes the mark in its first line."""
    built = service_manager.generate_dockerfile_content()
    written = (PLUGIN / "Dockerfile").read_text(encoding="utf-8")
    mark = built.partition("\n")[0]
    assert written == built or not written.startswith(mark)

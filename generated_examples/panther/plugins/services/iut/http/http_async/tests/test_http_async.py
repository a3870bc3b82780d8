"""Tests of what is particular to http_async; the base class has tests of its own."""

import sys
from pathlib import Path

from panther.plugins.services.base import BaseServiceManager

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "http_async"
BINARY = "http_async"
PROGRAM = (sys.executable, "-m", "http_endpoint")


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
        "HTTP/1.1 in Python on asyncio alone",
    ]
    assert list(info.supported_protocols) == [
        "http",
    ]
    assert list(info.capabilities) == ["http/1.1"]
    assert service_manager.language == "python"
    assert service_manager.get_supported_features() == {
        "http/1.1": True,
        "http/2": False,
    }


def test_server_arguments(service_manager: BaseServiceManager) -> None:
    """The method returns what the command template does not spell."""
    assert service_manager._get_server_specific_args() == []
    arguments = service_manager._get_server_specific_args(keep_alive=7.5)
    assert arguments == ["--keep-alive", "7.5"]


def test_server_command(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place in the command."""
    command = service_manager.build_command(
        "server",
        bind_address="192.0.2.1",
        port=8081,
        www_dir="/srv/files",
        keep_alive=7.5,
        debug_level=1,
    )
    assert command.argv == (
        *PROGRAM,
        "server",
        "--bind",
        "192.0.2.1",
        "--port",
        "8081",
        "--root",
        "/srv/files",
        "--verbose",
        "--keep-alive",
        "7.5",
    )


def test_quiet_server_command(service_manager: BaseServiceManager) -> None:
    """What is off, or not given, is not in the command."""
    words = service_manager.build_command("server").argv
    assert "--verbose" not in words
    assert "--keep-alive" not in words


def test_client_arguments(service_manager: BaseServiceManager) -> None:
    """The method returns what the command template does not spell."""
    assert service_manager._get_client_specific_args() == []
    arguments = service_manager._get_client_specific_args(read_timeout=2.5)
    assert arguments == ["--read-timeout", "2.5"]


def test_client_command(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place in the command."""
    command = service_manager.build_command(
        "client",
        download_dir="/srv/received",
        url="http://http.example:8081/one",
        read_timeout=2.5,
        debug_level=1,
    )
    assert command.argv == (
        *PROGRAM,
        "client",
        "--output",
        "/srv/received",
        "http://http.example:8081/one",
        "--verbose",
        "--read-timeout",
        "2.5",
    )


def test_quiet_client_command(service_manager: BaseServiceManager) -> None:
    """What is off, or not given, is not in the command."""
    words = service_manager.build_command("client").argv
    assert "--verbose" not in words
    assert "--read-timeout" not in words


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

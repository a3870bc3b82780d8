"""Tests of what is particular to ping_pong; the base class has tests of its own."""

import sys
from pathlib import Path

from panther.plugins.services.base import BaseServiceManager

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "ping_pong"
BINARY = "ping_pong"
SCRIPT = "minip_endpoint.py"
PROGRAM = (sys.executable, str(PLUGIN / "endpoint" / SCRIPT))


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
        "MINIP in Python, with variants that misbehave",
    ]
    assert list(info.supported_protocols) == [
        "minip",
    ]
    assert list(info.capabilities) == ["ping_pong"]
    assert service_manager.language == "python"
    assert service_manager.get_supported_features() == {
        "ping_pong": True,
    }


def test_server_arguments(service_manager: BaseServiceManager) -> None:
    """The method returns what the command template does not spell."""
    assert service_manager._get_server_specific_args() == []
    arguments = service_manager._get_server_specific_args(reply_delay=0.125)
    assert arguments == ["--reply-delay", "0.125"]


def test_server_command(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place in the command."""
    command = service_manager.build_command(
        "server",
        bind_address="192.0.2.1",
        port=4988,
        variant="flaky",
        reply_delay=0.125,
        debug_level=1,
    )
    assert command.argv == (
        *PROGRAM,
        "server",
        "--bind",
        "192.0.2.1",
        "--port",
        "4988",
        "--variant",
        "flaky",
        "--verbose",
        "--reply-delay",
        "0.125",
    )


def test_quiet_server_command(service_manager: BaseServiceManager) -> None:
    """What is off, or not given, is not in the command."""
    words = service_manager.build_command("server").argv
    assert words[-2:] == ("--variant", "functional")
    assert "--verbose" not in words
    assert "--reply-delay" not in words


def test_client_arguments(service_manager: BaseServiceManager) -> None:
    """The method returns what the command template does not spell."""
    assert service_manager._get_client_specific_args() == []
    arguments = service_manager._get_client_specific_args(reply_timeout=2.5)
    assert arguments == ["--reply-timeout", "2.5"]


def test_client_command(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place in the command."""
    command = service_manager.build_command(
        "client",
        host="minip.example",
        port=4988,
        count=9,
        interval=0.25,
        reply_timeout=2.5,
        debug_level=1,
    )
    assert command.argv == (
        *PROGRAM,
        "client",
        "--host",
        "minip.example",
        "--port",
        "4988",
        "--count",
        "9",
        "--interval",
        "0.25",
        "--verbose",
        "--reply-timeout",
        "2.5",
    )


def test_quiet_client_command(service_manager: BaseServiceManager) -> None:
    """What is off, or not given, is not in the command."""
    words = service_manager.build_command("client").argv
    assert "--verbose" not in words
    assert "--reply-timeout" not in words


def test_dockerfile(service_manager: BaseServiceManager) -> None:
    """The Dockerfile is the builder's until its author removes the mark in its first line."""
    built = service_manager.generate_dockerfile_content()
    written = (PLUGIN / "Dockerfile").read_text(encoding="utf-8")
    mark = built.partition("\n")[0]
    assert written == built or not written.startswith(mark)

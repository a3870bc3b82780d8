"""Tests of what is particular to judge; the base class has tests of its own."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from panther.errors import ParameterError
from panther.plugins.services.base import BaseServiceManager

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "judge"
BINARY = "judge"
CHECKS = (
    "answers_pings",
    "ignores_garbage",
    "is_predictable",
)
SCRIPT = "minip_tester.py"
PROGRAM = (sys.executable, str(PLUGIN / "endpoint" / SCRIPT))


def test_names(service_manager: BaseServiceManager) -> None:
    """The plugin is found under its directory's name."""
    assert PLUGIN.name == NAME
    assert service_manager._get_implementation_name() == NAME
    assert service_manager._get_binary_name() == BINARY
    assert service_manager.config.implementation_name == NAME
    assert service_manager.config.binary_name == BINARY


def test_registration(service_manager: BaseServiceManager) -> None:
    """What a list of plugins shows."""
    info = service_manager.plugin_info
    assert info is not None
    assert [info.plugin_type, info.name, info.version, info.description] == [
        "testers",
        NAME,
        "0.1.0",
        "judge, a tester of servers of MINIP",
    ]
    assert list(info.supported_protocols) == [
        "minip",
    ]
    assert info.capabilities == CHECKS
    assert service_manager.language == "python"


def test_client_arguments(service_manager: BaseServiceManager) -> None:
    """The method returns what the command template does not spell."""
    assert service_manager._get_client_specific_args() == []
    arguments = service_manager._get_client_specific_args(answer_timeout=7.5)
    assert arguments == ["--seconds", "7.5"]


def test_client_command(service_manager: BaseServiceManager) -> None:
    """Each parameter has its place in the command."""
    command = service_manager.build_command(
        "client",
        host="minip.example",
        port=4988,
        count=9,
        test="answers_pings",
        verdict_file="/srv/logs/verdict.json",
        answer_timeout=7.5,
        debug_level=1,
    )
    assert command.argv == (
        *PROGRAM,
        "--host",
        "minip.example",
        "--port",
        "4988",
        "--count",
        "9",
        "--test",
        "answers_pings",
        "--verdict",
        "/srv/logs/verdict.json",
        "--verbose",
        "--seconds",
        "7.5",
    )


def test_quiet_client_command(service_manager: BaseServiceManager) -> None:
    """What is off, or not given, is not in the command."""
    words = service_manager.build_command("client").argv
    for flag in ("--test", "--verdict", "--verbose", "--seconds"):
        assert flag not in words


def test_server_is_refused(service_manager: BaseServiceManager) -> None:
    """Who wants the tester for a server is told what it is for."""
    with pytest.raises(ParameterError, match="is a tester of servers"):
        service_manager._get_server_specific_args()


def test_a_silent_server_fails(
    service_manager: BaseServiceManager, tmp_path: Path
) -> None:
    """Where nobody answers, each check fails with words of its own."""
    (tmp_path / "ca.pem").touch()
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        command = service_manager.build_command(
            "client",
            host="127.0.0.1",
            port=port,
            ca_file=str(tmp_path / "ca.pem"),
            verdict_file=str(tmp_path / "verdict.json"),
            answer_timeout=0.1,
        )
        ended = subprocess.run(command.argv, capture_output=True, check=False)
    assert ended.returncode == 1
    verdict = json.loads((tmp_path / "verdict.json").read_text(encoding="utf-8"))
    assert verdict["version"] == 1
    assert tuple(check["name"] for check in verdict["checks"]) == CHECKS
    for check in verdict["checks"]:
        assert check["passed"] is False
        assert check["detail"]

"""Testers in experiments: what the bench makes of a verdict, whoever wrote it and in whichever role."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SERVICES = Path("panther/plugins/services")

SERVICE_MANAGER = """\
import sys
from pathlib import Path

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base import BaseMinipServiceManager


@register_plugin(plugin_type="{kind}", name="{name}", version="1.0.0", supported_protocols=["minip"])
class Manager(BaseMinipServiceManager):
    def _get_implementation_name(self):
        return "{name}"

    def _get_binary_name(self):
        return sys.executable

    def _get_server_specific_args(self, **kwargs):
        program = str(Path(__file__).with_name("program.py"))
        return [program, str(kwargs["port"]), kwargs.get("verdict_file", "")]

    _get_client_specific_args = _get_server_specific_args
"""

SERVER = """\
import signal, socket, struct, sys
from pathlib import Path
message = struct.Struct("<B4sBQ")
server = socket.socket(type=socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
pings = 0

def stop(*_):
    if sys.argv[2]:
        passed = "true" if pings else "false"
        checks = '[{"name": "pings", "passed": %s, "detail": "%d pings came"}]' % (passed, pings)
        Path(sys.argv[2]).write_text('{"version": 1, "checks": %s}' % checks)
    sys.exit(0)

signal.signal(signal.SIGINT, stop)
while True:
    data, client = server.recvfrom(100)
    pings += 1
    server.sendto(message.pack(2, b"pong", 3, 0), client)
"""

PINGING_CLIENT = """\
import socket, struct, sys
client = socket.socket(type=socket.SOCK_DGRAM)
client.connect(("127.0.0.1", int(sys.argv[1])))
client.settimeout(60)
client.send(struct.pack("<B4sBQ", 1, b"ping", 3, 0))
client.recv(100)
"""

EXPERIMENT = """\
tests:
  - name: "a test"
    network_environment: {{type: localhost}}
    services:
      server:
        implementation: {{name: "a_server", type: "{server}"}}
        protocol: {{name: "minip", role: "server"}}
      client:
        implementation: {{name: "a_client", type: "{client}"}}
        protocol: {{name: "minip", role: "client", target: "server"}}
"""


@pytest.fixture
def judge(tmp_path):
    """Run a server against a client; return the exit status and the test's result."""

    def run(server: str, client: str, *, server_kind: str = "iut", client_kind: str = "testers"):
        for name, kind, program in (("a_server", server_kind, server), ("a_client", client_kind, client)):
            directory = tmp_path / SERVICES / kind / "minip" / name
            directory.mkdir(parents=True)
            (directory / "__init__.py").write_text(
                "from .manager import Manager as Manager\n", encoding="utf-8"
            )
            text = SERVICE_MANAGER.format(kind=kind, name=name)
            (directory / "manager.py").write_text(text, encoding="utf-8")
            (directory / "program.py").write_text(program, encoding="utf-8")
        file = tmp_path / "experiment.yaml"
        file.write_text(EXPERIMENT.format(server=server_kind, client=client_kind), encoding="utf-8")
        words = [sys.executable, "-m", "panther", "--experiment-config", str(file)]
        ended = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=240)
        results = tmp_path / "panther-results/latest/results.json"
        assert results.exists(), ended.stderr
        return ended.returncode, json.loads(results.read_text(encoding="utf-8"))["tests"][0]

    return run


def _writes(text: str, status: int = 0) -> str:
    return (
        f"import sys\nfrom pathlib import Path\nPath(sys.argv[2]).write_text({text!r})\nsys.exit({status})\n"
    )


def _verdict(*checks: tuple[str, bool | None, str]) -> str:
    return json.dumps(
        {
            "version": 1,
            "checks": [dict(zip(("name", "passed", "detail"), check, strict=True)) for check in checks],
        }
    )


def test_every_check_is_evidence(judge):
    text = _verdict(("first", True, "as it should be"), ("second", None, "not to be seen here"))
    status, test = judge(SERVER, _writes(text))
    assert status == 0
    found = [(item["passed"], item["detail"]) for item in test["evidence"] if item["name"] == "tester"]
    assert found == [
        (True, "tester 'client', first: as it should be"),
        (None, "tester 'client', second: not to be seen here"),
    ]


def test_a_check_that_failed_fails_the_test_with_its_words(judge):
    status, test = judge(
        SERVER, _writes(_verdict(("first", True, "x"), ("second", False, "it\n lied \x1b[1m")), 1)
    )
    assert status == 1
    assert test["reason"] == "tester 'client', second: it lied ?[1m"


def test_an_exit_status_fails_the_test_whatever_the_verdict_says(judge):
    status, test = judge(SERVER, _writes(_verdict(("first", True, "x")), 3))
    assert status == 1
    assert "client 'client' exited with status 3" in test["reason"]
    assert test["services"][1]["restarts"] == 0


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("", "left no verdict: it wrote no verdict.json"),
        (_writes("{"), "left no verdict: verdict.json cannot be used: it: Invalid JSON"),
        (_writes('{"version": 1, "checks": []}'), "checked nothing"),
        (_writes('{"version": 2, "checks": []}'), "is of version 2, and 1 is known"),
        (_writes('{"version": 1, "checks": [{"name": "a", "passed": "yes"}]}'), "checks.0.passed"),
        (_writes(" " * 2_000_000), "has more than 1048576 bytes"),
        ("import os, sys\nos.symlink('/etc/hostname', sys.argv[2])\n", "it wrote no verdict.json"),
    ],
)
def test_a_tester_without_a_verdict_fails_the_test(judge, program, words):
    status, test = judge(SERVER, program)
    assert status == 1
    assert words in test["reason"]


def test_notes_alone_prove_nothing(judge):
    status, test = judge(SERVER, _writes(_verdict(("first", None, "could not look"))))
    assert status == 1
    assert test["reason"] == "tester 'client' could observe nothing"


@pytest.mark.parametrize(("client", "passes"), [(PINGING_CLIENT, True), ("", False)])
def test_a_tester_may_be_the_server(judge, client, passes):
    status, test = judge(SERVER, client, server_kind="testers", client_kind="iut")
    assert status == (0 if passes else 1)
    words = "tester 'server', pings: 1 pings came" if passes else "tester 'server', pings: 0 pings came"
    assert words in test["reason"]
    assert not [item for item in test["evidence"] if item["name"] == "pongs"]

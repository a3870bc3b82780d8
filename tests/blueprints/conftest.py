"""What the tests of the blueprints share: plugins rendered by copier, and programs started for real."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import copier
import pytest
from plumbum import local

BLUEPRINT = Path(__file__).resolve().parents[2] / "blueprints" / "iut"
PROTOCOLS = ("quic", "http", "minip", "tcp", "weather")
LANGUAGES = ("python", "rust", "c", "go")

Render = Callable[..., Path]


@dataclass(frozen=True)
class Grid:
    """A working directory with a plugin of each protocol and language."""

    root: Path
    plugins: dict[tuple[str, str], Path] = field(default_factory=dict)


@pytest.fixture(scope="session")
def blueprint() -> Path:
    """The blueprint's directory."""
    return BLUEPRINT


@pytest.fixture(scope="session")
def render() -> Render:
    """Render a plugin below a root, as ``copier copy`` would, and return its directory."""

    def plugin(root: Path, protocol: str, name: str, **answers: str) -> Path:
        directory = root / "panther" / "plugins" / "services" / "iut" / protocol / name
        data = {"protocol": protocol, "name": name, **answers}
        with local.env(PATH=os.devnull):  # copier starts git once a file, to no effect here
            copier.run_copy(
                str(BLUEPRINT), directory, data=data, defaults=True, quiet=True, settings=copier.Settings()
            )
        return directory

    return plugin


@pytest.fixture(scope="session")
def grid(tmp_path_factory: pytest.TempPathFactory, render: Render) -> Grid:
    """Every protocol in every language, each with sources beside it, and once with a repository."""
    grid = Grid(tmp_path_factory.mktemp("grid"))
    for protocol in PROTOCOLS:
        for language in LANGUAGES:
            name = f"{protocol}_{language}"
            grid.plugins[protocol, language] = render(grid.root, protocol, name, language=language)
    for language in LANGUAGES:
        url = f"https://example.org/{language}.git"
        name = f"{language}_from_repository"
        render(grid.root, "quic", name, language=language, repo_url=url, version="2.0.0")
    return grid


@dataclass
class Running:
    """A server that has been started."""

    process: subprocess.Popen[str]
    port: int

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        return self.process.wait(timeout=120)


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start a server on a free port, wait until it has bound it, and stop it at the test's end.

    ``PORT`` among the words is replaced by the port's number.
    """
    started: list[Running] = []

    def start(words: list[str], transport: str, **environment: str) -> Running:
        port = _free_port(transport)
        log = (tmp_path / f"server-{port}.log").open("w", encoding="utf-8")
        process = subprocess.Popen(
            [str(port) if word == "PORT" else word for word in words],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        log.close()
        running = Running(process, port)
        started.append(running)
        _wait_until_bound(running, transport, tmp_path / f"server-{port}.log")
        return running

    yield start
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()


def _free_port(transport: str) -> int:
    kind = socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_bound(running: Running, transport: str, log: Path) -> None:
    """Look at the kernel's table of sockets until the port is in it."""
    entry = f":{running.port:04X} "
    deadline = time.monotonic() + 120
    while entry not in Path(f"/proc/net/{transport}").read_text(encoding="ascii"):
        if running.process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the server is not ready: {log.read_text(encoding='utf-8')}")
        select.select([], [], [], 0.01)


@pytest.fixture
def run_client() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a client to its end."""

    def run(words: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, env={**os.environ, **environment}, capture_output=True, text=True, timeout=240
        )

    return run


#: The parameters of a command, with words in capitals that a test puts its own in place of.
_PARAMETERS = {
    "bind_address": "127.0.0.1",
    "host": "localhost",
    "port": 65535,
    "server_name": "localhost",
    "count": 3,
    "interval": 0.01,
    "www_dir": "WWW",
    "download_dir": "RECEIVED",
    "cert_file": "CERTIFICATES/cert.pem",
    "key_file": "CERTIFICATES/key.pem",
    "ca_file": "CERTIFICATES/ca.pem",
    "url": "URL",
    "payload_file": "PAYLOAD",
}

_PRINT_COMMANDS = """
import json, sys
from panther.plugins.discovery import find_plugin, load_plugin

commands = {}
for protocol in sys.argv[2:]:
    manager = load_plugin(find_plugin(f"{protocol}_python", protocol)).manager_class()
    for role in ("server", "client"):
        command = manager.build_command(role, **json.loads(sys.argv[1]))
        commands[f"{protocol} {role}"] = [[*command.argv], {**command.environment}]
print(json.dumps(commands))
"""


@pytest.fixture(scope="session")
def _commands(grid: Grid) -> dict[str, tuple[list[str], dict[str, str]]]:
    """What the Python plugins start, as the plugins themselves say."""
    words = ["-c", _PRINT_COMMANDS, json.dumps(_PARAMETERS), *PROTOCOLS]
    result = subprocess.run([sys.executable, *words], cwd=grid.root, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return {name: (argv, environment) for name, (argv, environment) in json.loads(result.stdout).items()}


@pytest.fixture
def command(_commands: dict[str, tuple[list[str], dict[str, str]]]) -> Callable[..., list[str]]:
    """Return the words that start an endpoint: protocol, role, and what the capitals stand for."""

    def words(name: str, *more: str, **values: object) -> list[str]:
        argv, environment = _commands[name]
        argv = ["PORT" if word == "65535" else word for word in argv]
        for key, value in values.items():
            argv = [word.replace(key, str(value)) for word in argv]
        return ["env", *(f"{key}={value}" for key, value in environment.items()), *argv, *more]

    return words

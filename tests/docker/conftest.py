"""A Docker engine for the tests, and base images on it; what the tests make is removed after them.

The base images are made of the one that ``.ci/run`` makes, so that no registry is asked. They stand for what
the builders' own base images bring, and stay: another run finds their layers.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from panther.bench.images import Image, build_image
from panther.bench.images.clients import find_client
from panther.errors import MachineError

DEBIAN = "debian:bookworm-slim"
#: What is in place of the languages' images; nothing: Debian's own.
PACKAGES = {
    "python": "python3-venv python-is-python3 ca-certificates",
    "rust": "cargo ca-certificates",
    "go": "golang-go ca-certificates",
}
DOCKERFILE = f"""\
FROM {DEBIAN}
ARG PACKAGES
RUN apt-get update -qq \\
    && apt-get install -y -qq --no-install-recommends $PACKAGES >/dev/null \\
    && rm -rf /var/lib/apt/lists/*
"""

#: What the tests of runs start.
_PLUGINS = Path(__file__).parents[1] / "assets" / "containers"
#: What is waited for comes much sooner, unless the machine stalls.
_DEADLINE_SECONDS = 240
_FILE = """\
tests:
  - name: {name}
    network_environment: {{type: docker_compose}}
    services:
      server:
        implementation: {{name: perl_pong, fault: {server}}}
        protocol: {{name: minip, role: server}}
        timeout: {ready}
      client:
        implementation: {{name: perl_pong, fault: {client}}}
        protocol: {{name: minip, role: client, target: server}}
        timeout: {timeout}
    steps: {{{steps}}}
  - name: another test
    network_environment: {{type: docker_compose}}
    services:
      server:
        implementation: {{name: perl_pong}}
        protocol: {{name: minip, role: server}}
"""


@pytest.fixture(scope="session")
def docker() -> str:
    """Return the program of the client that builds; skip where there is none, or no engine."""
    try:
        return find_client().program
    except MachineError as error:
        pytest.skip(f"no Docker engine: {error.message}")


@pytest.fixture(scope="session")
def base_image(docker: str) -> Callable[[str], str]:
    """Return a function that returns the image that stands for a language's own; skip where there is none."""
    if subprocess.run([docker, "image", "inspect", DEBIAN], capture_output=True).returncode:
        pytest.skip(f"there is no image {DEBIAN}: .ci/run makes it")

    def make(language: str) -> str:
        if language not in PACKAGES:
            return DEBIAN
        name = f"panther-test/{language}:bookworm"
        words = [
            docker,
            "build",
            "--quiet",
            f"--tag={name}",
            f"--build-arg=PACKAGES={PACKAGES[language]}",
            "-",
        ]
        done = subprocess.run(
            words, input=DOCKERFILE, capture_output=True, text=True, env=find_client().environment
        )
        assert done.returncode == 0, done.stderr
        return name

    return make


@pytest.fixture
def built(docker: str) -> Iterator[Callable[..., Image]]:
    """Return ``build_image``, whose images are removed after the test."""
    references = set()

    def build(*arguments: object, **options: object) -> Image:
        image = build_image(*arguments, **options)
        references.add(image.reference)
        return image

    yield build
    for reference in references:
        subprocess.run([docker, "image", "rm", "--force", reference], capture_output=True)


class Network:
    """Containers in a network that reaches nothing else.

    Args:
        docker: the client.
    """

    def __init__(self, docker: str) -> None:
        self.docker = docker
        self.name = f"panther-test-{uuid.uuid4().hex[:12]}"
        self._containers: list[str] = []
        self.do("network", "create", "--internal", "--label=org.panther-gen.test", self.name)

    def do(self, *words: str, **options: object) -> subprocess.CompletedProcess[bytes]:
        """Run the client; it must end well."""
        done = subprocess.run([self.docker, *words], capture_output=True, timeout=600, **options)
        assert done.returncode == 0, done.stderr.decode()
        return done

    def start(self, image: str, *words: str, options: list[str] | None = None) -> str:
        """Start a server and return its container's name."""
        return self._run(["--detach", *(options or [])], image, words)[0]

    def ask(self, image: str, *words: str, options: list[str] | None = None, **more: object) -> object:
        """Run a client to its end."""
        return self._run(["--interactive", *(options or [])], image, words, **more)[1]

    def _run(self, options: list[str], image: str, words: tuple[str, ...], **more: object) -> tuple:
        name = f"{self.name}-{len(self._containers)}"
        self._containers.append(name)
        common = ["--init", f"--name={name}", f"--network={self.name}", "--label=org.panther-gen.test"]
        return name, self.do("run", *common, *options, image, *words, **more)

    def wait_until_bound(self, container: str, transport: str, port: int) -> None:
        """Wait until a server has bound its port."""
        deadline = time.monotonic() + _DEADLINE_SECONDS
        table = ("exec", container, "cat", f"/proc/net/{transport}")
        while f":{port:04X} " not in self.do(*table).stdout.decode():
            assert time.monotonic() < deadline, self.do("logs", container).stderr.decode()
            time.sleep(0.05)

    def remove(self) -> None:
        """Remove the containers and the network."""
        for name in self._containers:
            subprocess.run([self.docker, "rm", "--force", "--volumes", name], capture_output=True)
        subprocess.run([self.docker, "network", "rm", self.name], capture_output=True)


@pytest.fixture
def network(docker: str) -> Iterator[Network]:
    """Return a network for containers, which are removed with it after the test."""
    network = Network(docker)
    yield network
    network.remove()


PLUGINS = Path(__file__).parents[1] / "assets" / "containers"
EXPERIMENT = """\
tests:
  - name: a test
    network_environment: {{type: docker_compose{network}}}
    execution_environment: {around}
    services:
      server:
        implementation: {{name: {server_plugin}{server}}}
        protocol: {{name: minip, role: server}}
        timeout: 60
{server_keys}
      client:
        implementation: {{name: perl_pong{client}}}
        protocol: {{name: minip, role: client, target: server}}
        timeout: {client_timeout}
"""


@pytest.fixture
def experiment(tmp_path) -> Callable[..., Path]:
    """Write an experiment of one test in containers; the words are put where their names stand."""

    def write(
        server="",
        client="",
        *,
        server_keys="",
        network="",
        around="[]",
        client_timeout=240,
        server_plugin="perl_pong",
    ):
        file = tmp_path / "experiment.yaml"
        words = {
            "server": server,
            "client": client,
            "server_keys": server_keys,
            "server_plugin": server_plugin,
        }
        more = {"network": f", {network}" if network else "", "around": around}
        file.write_text(EXPERIMENT.format(**words, **more, client_timeout=client_timeout))
        return file

    return write


@pytest.fixture
def command(tmp_path, base_image) -> Callable[..., list[str]]:
    """Return the words that run an experiment; its results are below the test's directory."""
    base_image("none")

    def words(file, *options, plugins=PLUGINS):
        runner = [sys.executable, "-m", "panther", "run", str(file), "--plugin-path", str(plugins)]
        return [*runner, "--results", str(tmp_path / "results"), *options]

    return words


@pytest.fixture
def panther(command, tmp_path):
    """Run an experiment; return the exit status, what became of each test, and what was printed."""

    def run(file, *options, plugins=PLUGINS, **environment):
        done = subprocess.run(
            command(file, *options, plugins=plugins),
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        results = tmp_path / "results/latest/results.json"
        tests = json.loads(results.read_text())["tests"] if results.is_file() else []
        return done.returncode, tests, done.stdout

    return run


@pytest.fixture
def left(docker, tmp_path) -> Callable[[], list[str]]:
    """List the containers that a run of this test has left."""

    def find():
        import docker as sdk

        client = sdk.from_env()
        labelled = {"label": "org.panther-gen.run"}
        containers = [
            each.name
            for each in client.containers.list(all=True, filters=labelled, ignore_removed=True)
            if str(tmp_path) in json.dumps(each.attrs["Mounts"])
        ]
        client.close()
        return containers

    return find


class Bench:
    """Starts runs in containers, each in a process of its own; what one leaves is found by the test's name.

    Args:
        docker: the client.
        directory: empty; everything of the runs is in it.
    """

    def __init__(self, docker: str, directory: Path) -> None:
        self.docker = docker
        self.directory = directory
        self.name = f"test-{uuid.uuid4().hex}"
        self.plugins = directory / "plugins"
        self.scratch = directory / "scratch"
        self.latest = directory / "results" / "latest"
        shutil.copytree(_PLUGINS, self.plugins)
        self.scratch.mkdir()
        self._started: list[subprocess.Popen[str]] = []

    def start(
        self,
        server: str = "none",
        client: str = "none",
        *options: str,
        steps: str = "",
        ready: int = 60,
        timeout: int = 60,
        before: tuple[str, ...] = (),
        **variables: str,
    ) -> subprocess.Popen[str]:
        """Start a run of two tests; the first one has these faults."""
        file = self.directory / "experiment.yaml"
        values = {"server": server, "client": client, "steps": steps, "ready": ready, "timeout": timeout}
        file.write_text(_FILE.format(name=self.name, **values))
        words = [*before, sys.executable, "-m", "panther", "run", str(file), *options]
        runner = subprocess.Popen(
            [*words, "--plugin-path", str(self.plugins), "--results", str(self.latest.parent)],
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(self.scratch), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._started.append(runner)
        return runner

    def end(self, runner: subprocess.Popen[str]) -> str:
        """Wait for a run and return what it printed."""
        return runner.communicate(timeout=_DEADLINE_SECONDS)[0]

    def close(self) -> None:
        """Kill what was started and runs on."""
        for runner in self._started:
            if runner.poll() is None:
                runner.kill()
                runner.wait()
            runner.stdout.close()

    def until(self, condition: Callable[[], Any]) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.02)

    def happened(self, event: str, times: int = 1) -> bool:
        """Tell whether an event has happened so often."""
        file = self.latest / "events.jsonl"
        return file.is_file() and file.read_text().count(f'"{event}"') >= times

    def says(self, service: str, words: str) -> bool:
        """Tell whether a service of the first test has printed some words."""
        file = self.latest / self.name / service / "stdout.log"
        return file.is_file() and words in file.read_text()

    def tests(self) -> list[dict[str, Any]]:
        """Return what became of each test."""
        return json.loads((self.latest / "results.json").read_text())["tests"]

    def outcomes(self) -> list[tuple[str, str]]:
        """Return the verdict on each test, and why."""
        return [(test["outcome"], test["reason"]) for test in self.tests()]

    def left(self) -> list[str]:
        """List what is left: containers, networks, processes, files that are half-written."""
        label = f"--filter=label=org.panther-gen.test={self.name}"
        engine = [["ps", "-aq", label], ["network", "ls", "-q", label]]
        printed = [
            subprocess.run([self.docker, *words], capture_output=True, text=True).stdout for words in engine
        ]
        files = [*self.scratch.iterdir(), *self.directory.rglob(".*.part")]
        return [*" ".join(printed).split(), *self.processes(), *map(str, files)]

    def processes(self) -> list[str]:
        """List the processes that name the directory."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and int(entry.name) != os.getpid():
                try:
                    words = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                if os.fsencode(self.directory) in words:
                    found.append(words.decode("utf-8", "replace"))
        return found


@pytest.fixture
def bench(docker: str, tmp_path: Path) -> Iterator[Bench]:
    """Return what starts runs in containers."""
    bench = Bench(docker, tmp_path)
    yield bench
    bench.close()

"""A Docker engine that is stopped in the middle of a run: an engine of the test's own, really."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.docker,
    pytest.mark.slow,
    pytest.mark.usefixtures("base_image", "leftovers_of_one_test_only"),
]

DEADLINE_SECONDS = 240
BASE = "debian:bookworm-slim"


class Engine:
    """An engine with its own data, in a network namespace of its own: it meets nothing of this machine's."""

    def __init__(self, docker: str, directory: Path) -> None:
        self._docker = docker
        self._directory = directory
        self.host = f"unix://{directory}/docker.sock"
        self._process: subprocess.Popen[bytes] | None = None
        (directory / "daemon.json").write_text(json.dumps({"storage-driver": driver_of(docker)}))

    def start(self) -> None:
        here = self._directory
        options = [f"--{name}={here / place}" for name, place in PLACES.items()]
        quiet = ["--iptables=false", "--ip-masq=false"]
        # One that was killed has left them: its own, and that of the containerd that was ended with it.
        for stale in ("pid", "exec/containerd/containerd.pid"):
            (here / stale).unlink(missing_ok=True)
        with (here / "engine.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["unshare", "--net", "dockerd", f"--host={self.host}", *options, *quiet],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + DEADLINE_SECONDS
        while self("version").returncode:
            said = (here / "engine.log").read_text()[-2000:]
            assert self._process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.1)

    def __call__(self, *words: str, **options: object) -> subprocess.CompletedProcess[bytes]:
        """Run the client."""
        return subprocess.run([self._docker, f"--host={self.host}", *words], capture_output=True, **options)

    def end(self, number: int) -> None:
        """Send it a signal and wait for its end."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(DEADLINE_SECONDS)


PLACES = {
    "config-file": "daemon.json",
    "data-root": "data",
    "exec-root": "exec",
    "pidfile": "pid",
}


def driver_of(docker):
    words = [docker, "info", "--format", "{{.Driver}}"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def engine(docker):
    if os.geteuid() != 0 or not (shutil.which("dockerd") and shutil.which("unshare")):
        pytest.skip("an engine of its own needs root, dockerd and unshare")
    directory = Path(tempfile.mkdtemp(prefix="engine-"))  # a socket's path is short
    engine = Engine(docker, directory)
    try:
        engine.start()
        saved = subprocess.run([docker, "save", BASE], capture_output=True, check=True)
        assert engine("load", input=saved.stdout).returncode == 0
        yield engine
    finally:
        containers = engine("ps", "-aq").stdout.decode().split()
        if containers:
            engine("rm", "--force", *containers)
        engine.end(signal.SIGTERM)
        for process in processes_with(
            str(directory)
        ):  # an engine that is stopped while it builds leaves some
            os.kill(process, signal.SIGKILL)
        shutil.rmtree(directory, ignore_errors=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("phase", ["build", "transfer"])
def test_it_is_named_and_what_is_left_is_removed(bench, engine, phase, number):
    if phase == "build":
        (file,) = bench.plugins.rglob("perl_pong/Dockerfile")
        file.write_text(f"{file.read_text()}RUN sleep 600; echo {bench.name}\n")
    runner = bench.start("none", "hang", DOCKER_HOST=engine.host)
    if phase == "build":
        bench.until(lambda: list(processes_with(f"echo {bench.name}")))
    else:
        bench.until(lambda: bench.happened("ServiceStartedEvent", 2))
    engine.end(number)
    output = bench.end(runner)
    assert runner.returncode == 4, output
    assert "Traceback" not in output
    (outcome, reason), (later, why) = bench.outcomes()
    assert (outcome, later) == ("error", "error")
    assert "engine" in reason, output
    assert "engine" in why, output
    assert "cure: " in reason, output
    assert not bench.processes()

    engine.start()
    environment = {**os.environ, "DOCKER_HOST": engine.host, "TMPDIR": str(bench.scratch)}
    done = subprocess.run(
        [sys.executable, "-m", "panther", "clean"], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert engine("ps", "-aq").stdout == b""
    assert engine("network", "ls", "-q", "--filter=label=org.panther-gen.run").stdout == b""
    assert bench.left() == []


def processes_with(text):
    """Yield the processes that have a text in their command lines."""
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdecimal() and text.encode() in (entry / "cmdline").read_bytes():
                yield int(entry.name)

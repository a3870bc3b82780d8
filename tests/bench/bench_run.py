"""A run as a whole: tests side by side, its memory, what observers cost, and tests in containers.

Every figure is of `python -m panther` as a user starts it, on the example ngtcp2 against itself.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from harness import BrokenError, Comparison, Side, UnavailableError, at_least, at_most, benchmark

EXAMPLES = Path(__file__).parents[2] / "generated_examples"
CONTAINED = Path(__file__).parents[1] / "assets" / "containers"
#: Tests of one measurement, side by side and one by one.
TESTS = 400
MANY_TESTS = 1000
OBSERVED_TESTS = 60
MEGABYTE = 1_000_000


@benchmark("run: --jobs 4 on ngtcp2", target=at_least(1.6), unit="tests/s", rounds=1)
def side_by_side(workplace: Path) -> Comparison:
    _need_ngtcp2()
    runs = itertools.count()

    def rate(jobs: int) -> float:
        directory = workplace / f"{jobs}-{next(runs)}"
        results = run(directory, "try", "ngtcp2", "--jobs", str(jobs), "--repeat", str(TESTS))
        return float(TESTS / results["seconds"])

    return Comparison(
        ours=Side("4 jobs", lambda: rate(4)),
        reference=Side("1 job", lambda: rate(1)),
        note=f"{TESTS} tests of each, none of which failed",
    )


@benchmark("run: memory over 1,000 tests", target=at_most(1.0), unit="MB", rounds=1)
def memory(workplace: Path) -> Comparison:
    _need_ngtcp2()
    runs = itertools.count()

    def peak() -> float:
        argv = _argv(workplace / str(next(runs)), "try", "ngtcp2", "--jobs", "4", "--repeat", str(MANY_TESTS))
        process = subprocess.Popen(argv, cwd=EXAMPLES, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        highest = 0
        while process.poll() is None:
            highest = max(highest, _peak_kib(process.pid))
            time.sleep(0.05)
        if process.returncode != 0:
            raise BrokenError(f"exit status {process.returncode}: {' '.join(argv)}")
        return highest * 1024 / MEGABYTE

    return Comparison(
        ours=Side(f"{MANY_TESTS} tests", peak),
        reference=Side("80 MB", lambda: 80.0),
        note="the largest resident set of the runner itself (VmHWM), without its services",
    )


@benchmark("run: observers on against off", target=at_most(1.02), unit="ms", rounds=5)
def observers(workplace: Path) -> Comparison:
    _need_ngtcp2()
    runs = itertools.count()
    pair = (EXAMPLES / "aioquic_ngtcp2.yaml").read_text(encoding="utf-8")

    def milliseconds(state: str) -> float:
        file = workplace / f"{state}.yaml"
        observed = "".join(f"  {name}: {{enabled: {state}}}\n" for name in ("logger", "metrics", "storage"))
        file.write_text(f"observers:\n{observed}{pair}", encoding="utf-8")
        words = ["run", str(file), "--only", "ngtcp2 against itself", "--repeat", str(OBSERVED_TESTS)]
        results = run(workplace / f"observed-{next(runs)}", *words)
        return float(sum(test["seconds"] for test in results["tests"]) / OBSERVED_TESTS * 1000)

    return Comparison(
        ours=Side("on", lambda: milliseconds("true")),
        reference=Side("off", lambda: milliseconds("false")),
        note=f"logger, metrics and storage; mean of {OBSERVED_TESTS} tests a round",
    )


@benchmark("run: a test in containers", target=at_most(1.3), unit="ms", rounds=10)
def contained(workplace: Path) -> Comparison:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "info"], capture_output=True, check=False).returncode:
        raise UnavailableError("no Docker engine answers")
    if shutil.which("perl") is None:
        raise UnavailableError("perl is not installed")
    file = workplace / "contained.yaml"
    file.write_text(_CONTAINED, encoding="utf-8")
    runs = itertools.count()

    def ours() -> float:
        words = ["run", str(file), "--plugin-path", str(CONTAINED), "--repeat", "2"]
        results = run(workplace / f"contained-{next(runs)}", *words)
        return float(results["tests"][1]["seconds"] * 1000)  # the runner is warm

    def by_hand() -> float:
        image = _image(docker)
        name = f"panther-by-hand-{os.getpid()}"
        begin = time.perf_counter()
        _docker(docker, "network", "create", "--internal", name)
        try:
            common = ["--network", name, "--init", "--label", "org.panther-gen.bench"]
            program = ["perl", "/app/program.pl"]
            server = [*common, "--name", f"{name}-server", "--network-alias", "server"]
            _docker(docker, "run", "--detach", *server, image, *program, "server", "x", "4987", "5", "none")
            client = [*common, "--rm", "--name", f"{name}-client"]
            _docker(docker, "run", *client, image, *program, "client", "server", "4987", "5", "none")
            _docker(docker, "kill", "--signal", "INT", f"{name}-server")
            _docker(docker, "wait", f"{name}-server")
        finally:
            _docker(docker, "rm", "--force", f"{name}-server")
            _docker(docker, "network", "rm", name)
        return (time.perf_counter() - begin) * 1000

    return Comparison(
        ours=Side("test", ours),
        reference=Side("by hand", by_hand),
        note="docker's own commands by hand: network, two containers, and all of it removed again",
    )


_CONTAINED = """\
tests:
  - name: contained
    network_environment: {type: docker_compose}
    services:
      server:
        implementation: {name: perl_pong}
        protocol: {name: minip, role: server}
      client:
        implementation: {name: perl_pong}
        protocol: {name: minip, role: client, target: server}
"""


def run(results: Path, *words: str) -> dict[str, object]:
    """Run the bench in the examples' directory, and return its results, which are removed from disk."""
    argv = _argv(results, *words)
    done = subprocess.run(argv, cwd=EXAMPLES, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise BrokenError(f"exit status {done.returncode}: {' '.join(argv)}\n{done.stdout}{done.stderr}")
    document = json.loads((results / "latest" / "results.json").read_text(encoding="utf-8"))
    shutil.rmtree(results)
    return dict(document)


def _argv(results: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "panther", *words, "--quiet", "--results", str(results)]


def _need_ngtcp2() -> None:
    if shutil.which("gtlsserver") is None or shutil.which("gtlsclient") is None:
        raise UnavailableError("Debian's ngtcp2-server and ngtcp2-client are not installed")


def _peak_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def _image(docker: str) -> str:
    """Return the image that the bench has built for the same containers."""
    done = subprocess.run(
        [docker, "images", "--quiet", "--filter", "label=org.panther-gen.plugin=perl_pong"],
        capture_output=True,
        text=True,
        check=True,
    )
    if not done.stdout:
        raise UnavailableError("the image of perl_pong is not there: its base is missing")
    return done.stdout.split()[0]


def _docker(docker: str, *words: str) -> None:
    done = subprocess.run([docker, *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise BrokenError(f"docker {' '.join(words)}: {done.stderr}")

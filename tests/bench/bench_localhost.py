"""What the bench adds to a test on this machine, against the same two programs without it.

A run of 51 tests of a plugin against itself, and after each test the same pair once more, bare: make
namespaces as the bench does, start the server, wait until its port is bound, run the client to its end,
compare SHA-256, stop the server by SIGINT, leave the namespaces. Round by round the two take turns; the first
pair is the harness's warm-up. How long `python -m panther` takes to start is measured apart.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import itertools
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from harness import BrokenError, Comparison, Side, UnavailableError, at_most, benchmark

from panther.bench.certificates import CertificateAuthority
from panther.bench.environments.local_service import LocalService
from panther.bench.environments.sites import FreePorts, make_services, make_sites
from panther.bench.experiment import pair_experiment
from panther.bench.isolation import choose_isolation
from panther.bench.payload import DEFAULT_PAYLOAD_BYTES, PAYLOAD_NAME
from panther.bench.plan import TestPlan, plan_tests
from panther.bench.progress import PlainProgress
from panther.bench.runner import run_plans
from panther.core.events import EventBus, TestFinishedEvent, TestStartedEvent
from panther.plugins.roots import add_plugin_root

EXAMPLES = Path(__file__).parents[2] / "generated_examples"
TESTS = 51
#: Seconds before each measurement: what the kernel still tears down of one side is not the other's to pay.
SETTLE = 0.1
START_UPS = 5


@benchmark("localhost test of aioquic", target=at_most(1.10), unit="ms", rounds=TESTS - 1)
def localhost_test_of_aioquic(workplace: Path) -> Comparison:
    if importlib.util.find_spec("aioquic") is None:
        raise UnavailableError("aioquic is not installed")
    return compare("aioquic", workplace)


@benchmark("localhost test of ngtcp2", target=at_most(1.10), unit="ms", rounds=TESTS - 1)
def localhost_test_of_ngtcp2(workplace: Path) -> Comparison:
    if shutil.which("gtlsserver") is None or shutil.which("gtlsclient") is None:
        raise UnavailableError("Debian's ngtcp2-server and ngtcp2-client are not installed")
    return compare("ngtcp2", workplace)


def compare(plugin: str, workplace: Path) -> Comparison:
    add_plugin_root(EXAMPLES)
    (plan,) = plan_tests(pair_experiment(plugin, "quic"))
    pair = BarePair(plan, workplace)
    numbers = itertools.count()
    rounds: list[tuple[float, float]] = []

    def test() -> float:
        if not rounds:
            rounds.extend(run_both(plan, pair, workplace / f"run-{next(numbers)}"))
        return rounds[0][0]

    return Comparison(
        ours=Side("test", test),
        reference=Side("bare", lambda: rounds.pop(0)[1]),
        note=(
            f"tests of one run of {TESTS}, isolation {pair.isolation} on both sides; a test makes its own "
            f"directories and payload, the bare pair finds them made; start-up of python -m panther, "
            f"certificates included: {start_up(plugin, workplace / 'start-up'):,.0f} ms"
        ),
    )


class BarePair:
    """The server and the client of a test, with the commands and the surroundings that the bench gives them.

    Args:
        plan: the test.
        workplace: directories are made below it.
    """

    def __init__(self, plan: TestPlan, workplace: Path) -> None:
        self.isolation = choose_isolation()
        self._cell = self.isolation.open_cell()
        self._private = self._cell.private
        directory = workplace / "bare"
        directory.mkdir()
        authority = CertificateAuthority(workplace / "certificates")
        sites = make_sites(plan, directory, authority, DEFAULT_PAYLOAD_BYTES)
        ports = plan.ports if self._private else FreePorts().for_test(plan)
        services = make_services(plan, sites, ports, self._private, EventBus())
        self._leave()
        self._server, self._client = services["server"], services["client"]
        for service in services.values():
            service.build()
        self._served = self._client.site.payload
        self._received = self._client.site.download_dir / PAYLOAD_NAME

    def run(self) -> float:
        """Start, wait, transfer, compare, stop; return the milliseconds that it took.

        Raises:
            BrokenError: a program failed, or the payload did not arrive.
        """
        self._received.unlink(missing_ok=True)
        begin = time.perf_counter()
        self._cell = self.isolation.open_cell()
        server = self._start(self._server)
        try:
            self._wait_until_bound(server)
            status = self._start(self._client).wait()
            if status != 0 or self._sha256() != self._served.sha256:
                raise BrokenError(f"the bare client ended with {status}: {self._client.tail()}")
            os.killpg(server.pid, signal.SIGINT)
            server.wait()
        finally:
            if server.poll() is None:
                server.kill()
                server.wait()
            self._leave()
        return (time.perf_counter() - begin) * 1000

    def _leave(self) -> None:
        """Leave the namespaces as the bench does, which does not wait for the kernel either."""
        self.isolation.close_cell(self._cell)

    def _start(self, service: LocalService) -> subprocess.Popen[bytes]:
        logs = service.site.log_dir
        with (logs / "stdout.log").open("ab") as out, (logs / "stderr.log").open("ab") as err:
            return self._cell.spawn(
                service.command.argv,
                env=service.environment(),
                cwd=service.working_directory,
                stdout=out,
                stderr=err,
            )

    def _wait_until_bound(self, server: subprocess.Popen[bytes]) -> None:
        while all(socket.local_port != self._server.port for socket in self._cell.net.serving("udp")):
            if server.poll() is not None:
                raise BrokenError(f"the bare server ended with {server.returncode}: {self._server.tail()}")
            time.sleep(0.001)

    def _sha256(self) -> str:
        with self._received.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def run_both(plan: TestPlan, pair: BarePair, results: Path) -> list[tuple[float, float]]:
    """Run the tests in one run of the bench, and the bare pair after each of them.

    Returns:
        The milliseconds of each test and of the bare pair after it. A test's begin when the bench turns to
        it, and end when it has its verdict.

    Raises:
        BrokenError: a test or a bare pair failed.
    """
    rounds: list[tuple[float, float]] = []
    errors: list[BrokenError] = []
    begin = 0.0

    def started(event: TestStartedEvent) -> None:
        nonlocal begin
        begin = begin or time.perf_counter()

    def finished(event: TestFinishedEvent) -> None:
        nonlocal begin
        ours = (time.perf_counter() - begin) * 1000
        time.sleep(SETTLE)
        try:
            rounds.append((ours, pair.run()))
        except BrokenError as error:  # the bus would take note of it and go on
            errors.append(error)
        time.sleep(SETTLE)
        begin = time.perf_counter()

    bus = EventBus()
    bus.subscribe(TestStartedEvent, started)
    bus.subscribe(TestFinishedEvent, finished)
    names = [f"test-{number}" for number in range(TESTS)]
    plans = [replace(plan, name=name, directory_name=name) for name in names]
    result = run_plans(plans, progress=PlainProgress(io.StringIO()), results_directory=results, event_bus=bus)
    failed = [f"{test.name}: {test.reason}" for test in result.tests if test.outcome != "passed"]
    if errors or failed:
        raise errors[0] if errors else BrokenError("; ".join(failed))
    shutil.rmtree(results)
    return rounds


def start_up(plugin: str, results: Path) -> float:
    """Return the milliseconds that a run of one test takes beside running its services.

    That is Python, the bench and its plugins, the certificates and the preparation of the first test, and
    what is written in the end.

    Raises:
        BrokenError: a run failed.
    """
    argv = [sys.executable, "-m", "panther", "try", plugin, "--quiet", "--results", str(results)]
    figures = []
    for _ in range(START_UPS):
        begin = time.perf_counter()
        run = subprocess.run(argv, cwd=EXAMPLES, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        elapsed = time.perf_counter() - begin
        if run.returncode != 0:
            raise BrokenError(f"exit status {run.returncode}: {' '.join(argv)}\n{run.stdout}{run.stderr}")
        (test,) = json.loads((results / "latest" / "results.json").read_text(encoding="utf-8"))["tests"]
        figures.append(elapsed - (test["seconds"] - test["phases"]["prepare"]))
    return statistics.median(figures) * 1000

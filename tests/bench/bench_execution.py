"""What wrapping a service costs by itself, and what the relay of a worse network carries and adds.

The profiler of the first benchmark is a program that does nothing: its figure is what the bench's own part
costs. The relay's are those of a network that is made no worse: a delay of a nanosecond, and no loss.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from pathlib import Path

from harness import BrokenError, Comparison, Side, UnavailableError, at_least, at_most, benchmark

from panther.bench.cells import NamespaceCell
from panther.bench.execution.base import ExecutionEnvironment, Profile, Spot, started_by
from panther.bench.execution.wrapping import Wrapping
from panther.bench.impairment.quantities import Impairment
from panther.bench.impairment.setting import impair
from panther.bench.isolation import choose_isolation
from panther.bench.process import ServiceProcess, service_environment
from panther.errors import MachineError
from panther.plugins.services.base.command import Command

PROGRAMS = Path(__file__).parents[1] / "assets" / "programs"
PORT = 4443


class Nothing(ExecutionEnvironment):
    """A profiler that does nothing: env(1) starts the service."""

    name = "nothing"
    about = "nothing"

    def wrap(self, command: Command, spot: Spot) -> Command:
        return started_by(command, "env")

    def read(self, command: Command, spot: Spot) -> Profile | None:
        return Profile("nothing")


async def live_and_die(cell: NamespaceCell, directory: Path, *environments: ExecutionEnvironment) -> float:
    """Start a service, stop it, and read what was seen of it; return the microseconds that it took."""
    command = Command(("sleep", "60"))
    begin = time.perf_counter()
    wrapping = Wrapping(environments, Spot("server", directory), directory)
    argv = (wrapping.wrap(command, private=True) if environments else command).argv
    process = ServiceProcess(
        cell.spawn,
        argv,
        environment=service_environment({}),
        working_directory=directory,
        log_directory=directory,
        wrapping=wrapping if environments else None,
    )
    if environments:
        await wrapping.attach(process.pid, cell.spawn, {}, pid_beside=process.pid)
    while Path(f"/proc/{process.pid}/comm").read_text() != "sleep\n":
        await asyncio.sleep(0)
    await process.stop()
    if environments:
        await wrapping.finish()
        wrapping.profiles()
    elapsed = time.perf_counter() - begin
    if process.returncode != -signal.SIGINT:
        raise BrokenError(f"the service ended with {process.returncode}")
    return elapsed * 1e6


@benchmark("wrapper that does nothing", target=at_most(1), unit="µs", rounds=50)
def wrapper(workplace: Path) -> Comparison:
    if not choose_isolation().private:
        raise UnavailableError("namespaces are not allowed here")
    cell = NamespaceCell().enter()  # it ends with this process
    around = Nothing(Nothing.settings_class())
    return Comparison(
        ours=Side("wrapped", lambda: asyncio.run(live_and_die(cell, workplace, around))),
        reference=Side("plain + 3 ms", lambda: asyncio.run(live_and_die(cell, workplace)) + 3000),
        note="a service's life and death, and what a wrapper may add to it",
    )


def probe(impairment: Impairment | None, workplace: Path, *words: object) -> float:
    """Measure a network in a namespace of its own; None: as it is."""
    if not choose_isolation().private:
        raise UnavailableError("namespaces are not allowed here")

    async def measure(cell: NamespaceCell) -> float:
        impaired = await impair(cell.spawn, impairment, [PORT], workplace / "relay") if impairment else None
        output = workplace / "figure"
        with output.open("wb") as file:
            argv = [sys.executable, str(PROGRAMS / "network_probe.py"), *map(str, words)]
            process = cell.spawn(argv, env={}, cwd=workplace, stdout=file, stderr=file)
        while process.poll() is None:
            await asyncio.sleep(0.01)
        if impaired is not None:
            await impaired.stop()
        if process.returncode:
            raise BrokenError(output.read_text())
        return float(output.read_text())

    cell = NamespaceCell().enter()
    try:
        return asyncio.run(measure(cell))
    except MachineError as error:
        raise UnavailableError(str(error)) from None
    finally:
        cell.close()
        cell.wait()


NO_WORSE = Impairment(delay=1e-9, rate=1e10)


@benchmark("relay, round-trip time", target=at_most(1), unit="µs", rounds=10)
def relay_delay(workplace: Path) -> Comparison:
    words = ("rtt-udp", PORT, 300)
    return Comparison(
        ours=Side("relay", lambda: probe(NO_WORSE, workplace, *words) * 1e6),
        reference=Side("loopback + 300 µs", lambda: probe(None, workplace, *words) * 1e6 + 300),
        note="a datagram there and back passes the relay twice",
    )


@benchmark("relay, TCP over it", target=at_least(1), unit="Mbit/s", rounds=5)
def relay_rate(workplace: Path) -> Comparison:
    return Comparison(
        ours=Side("relay", lambda: probe(NO_WORSE, workplace, "rate-tcp", PORT, 40_000) / 1e6),
        reference=Side("asked for", lambda: 200.0),
        note="one connection, packets of 1500 bytes; the reference is the rate that is wanted of it",
    )


@benchmark("relay, UDP over it", target=at_least(1), unit="Mbit/s", rounds=5)
def relay_rate_udp(workplace: Path) -> Comparison:
    words = ("rate-udp", PORT, 40_000, 200e6)
    return Comparison(
        ours=Side("relay", lambda: probe(NO_WORSE, workplace, *words) / 1e6),
        reference=Side("asked for", lambda: 200.0),
        note="a sender of twice the rate that is wanted, datagrams of 1200 bytes",
    )

"""Making the network of a test worse, in its own namespace: by the kernel where it can, else by the relay."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from panther.bench.cells import Spawn
from panther.bench.impairment.quantities import Impairment
from panther.errors import MachineError

__all__ = ["RELAY_DEVICE", "Impaired", "impair"]

RELAY_DEVICE = "panther0"
_RELAY = Path(__file__).with_name("relay.py")
_TABLE, _BEFORE_LOCAL, _LOCAL = "77", "10", "20"
_QUEUE = "100000"
#: Seconds that the relay has to begin, and to end.
_PATIENCE = 10.0
_LOOK_AGAIN = 0.002

#: Without these the kernel takes packets from loopback addresses that come from a device for forged.
_SYSCTLS = ("route_localnet=1", "accept_local=1", "rp_filter=0")


@dataclass
class Impaired:
    """A network that has been made worse.

    Attributes:
        by: what does it, as a phrase.
        interface: the network interface that packets pass.
    """

    by: str
    interface: str = "lo"
    relay: subprocess.Popen[bytes] | None = None
    counts_file: Path | None = None

    async def stop(self) -> Mapping[str, Mapping[str, int]]:
        """End the relay, if there is one, and return what it counted in each direction."""
        if self.relay is None or self.counts_file is None:
            return {}
        with contextlib.suppress(ProcessLookupError):
            self.relay.send_signal(signal.SIGTERM)
        await _until_ended(self.relay)
        try:
            counts: dict[str, dict[str, int]] = json.loads(self.counts_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return counts

    def kill(self) -> None:
        """Kill the relay where :meth:`stop` was cut short."""
        if self.relay is not None and self.relay.poll() is None:
            self.relay.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.relay.wait(1)


async def impair(spawn: Spawn, wanted: Impairment, ports: Sequence[int], directory: Path) -> Impaired:
    """Make the network of a namespace worse. Nothing runs in it yet.

    A rate is always the relay's: the loopback interface has one queue for both directions.

    Args:
        spawn: starts a program in the namespace.
        wanted: how bad it is to be.
        ports: the servers' ports.
        directory: gets the relay's log and counts.

    Raises:
        MachineError: neither the kernel nor the relay can do it here.
    """
    refusals = []
    for words, by in _kernel_ways(wanted):
        refusal = await _try_command(spawn, words)
        if not refusal:
            return Impaired(by)
        refusals.append(refusal)
    why = refusals[0] if refusals else "the kernel's loopback interface has one queue for both directions"
    return await _start_relay(spawn, wanted, ports, directory, why)


def _kernel_ways(wanted: Impairment) -> list[tuple[list[str], str]]:
    """Return the commands that would do it, the best first, and how each is called."""
    if wanted.rate:
        return []
    share = f"{wanted.loss:.9f}"
    netem = ["tc", "qdisc", "add", "dev", "lo", "root", "netem", "limit", _QUEUE]
    netem += ["delay", f"{round(wanted.delay * 1e6)}us"] if wanted.delay else []
    netem += ["loss", f"{wanted.loss * 100:.7f}%"] if wanted.loss else []
    ways = [(netem, "the kernel's netem")]
    if not wanted.delay:
        words = ["iptables", "-w", "-A", "INPUT", "-i", "lo", "-m", "statistic", "--mode", "random"]
        ways.append(([*words, "--probability", share, "-j", "DROP"], "the kernel's packet filter (iptables)"))
    return ways


async def _start_relay(
    spawn: Spawn, wanted: Impairment, ports: Sequence[int], directory: Path, why: str
) -> Impaired:
    for words in _device_commands():
        if refusal := await _try_command(spawn, words):
            raise MachineError(
                f"the network of the test cannot be made worse: {refusal}",
                cure="run as root where /dev/net/tun is, with iproute2 (apt-get install iproute2)",
            )
    counts = directory / "relay.json"
    words = [
        sys.executable, "-I", "-S", str(_RELAY), RELAY_DEVICE,
        "--delay", f"{wanted.delay:.9f}", "--loss", f"{wanted.loss:.9f}", "--rate", f"{wanted.rate or 0:.3f}",
        "--ports", ",".join(map(str, ports)), "--seed", str(int.from_bytes(os.urandom(4), "big")),
        "--counts", str(counts),
    ]  # fmt: skip
    log = directory / "relay.log"
    with log.open("wb") as output:
        relay = spawn(words, env=dict(os.environ), cwd=directory, stdout=output, stderr=output)
    deadline = time.monotonic() + _PATIENCE
    while not log.read_bytes().startswith(b"ready"):
        if relay.poll() is not None or time.monotonic() > deadline:
            relay.kill()
            last = log.read_text(errors="replace").strip().splitlines()[-1:]
            raise MachineError(f"the relay that makes the network worse did not start: {''.join(last)}")
        await asyncio.sleep(_LOOK_AGAIN)
    return Impaired(f"a relay in user space ({why})", RELAY_DEVICE, relay, counts)


def _device_commands() -> list[list[str]]:
    """Return what makes the device and sends every packet between local programs through it.

    Packets that come back from the device are looked up in the kernel's own table, which comes after ours.
    """
    settings = [f"net.ipv4.conf.{RELAY_DEVICE}.{one}" for one in _SYSCTLS]
    return [
        ["ip", "tuntap", "add", "dev", RELAY_DEVICE, "mode", "tun"],
        ["sysctl", "-qw", *settings, "net.ipv4.conf.all.rp_filter=0"],
        ["ip", "link", "set", RELAY_DEVICE, "mtu", "1500", "txqueuelen", "10000", "up"],
        ["ip", "route", "add", "127.0.0.0/8", "dev", RELAY_DEVICE, "src", "127.0.0.1", "table", _TABLE],
        ["ip", "rule", "add", "pref", _BEFORE_LOCAL, "iif", "lo", "to", "127.0.0.0/8", "lookup", _TABLE],
        ["ip", "rule", "add", "pref", _LOCAL, "lookup", "local"],
        ["ip", "rule", "del", "pref", "0"],
    ]


async def _try_command(spawn: Spawn, words: Sequence[str]) -> str:
    """Run a command in the namespace; return why it failed, as a phrase, or the empty string."""
    with tempfile.TemporaryFile() as output:
        try:
            process = spawn(words, env=dict(os.environ), cwd=Path("/"), stdout=output, stderr=output)
        except OSError as error:
            return f"'{words[0]}' cannot be started: {error.strerror}"
        await _until_ended(process)
        if process.returncode == 0:
            return ""
        output.seek(0)
        said = output.read().decode("utf-8", "replace").strip().splitlines()
    return f"'{' '.join(words[:3])} …' says '{said[0] if said else process.returncode}'"


async def _until_ended(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None:
        if time.monotonic() > deadline:
            process.kill()
        await asyncio.sleep(_LOOK_AGAIN)

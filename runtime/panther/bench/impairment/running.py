"""The relay as a process: started in a namespace, ended, and what it has counted."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from panther.bench.cells import Spawn
from panther.bench.impairment.commands import PATIENCE_SECONDS, refusal_of, until_ended
from panther.bench.impairment.links import RELAY_DEVICE, Link
from panther.bench.impairment.quantities import Impairment
from panther.errors import MachineError

__all__ = ["RunningRelay", "start_relay", "summed"]

_PROGRAM = Path(__file__).with_name("relay.py")
_LOOK_AGAIN = 0.002
#: What it says when it has its device.
_READY = "ready"

Counts = Mapping[str, Mapping[str, int]]
"""What was counted, by direction."""


@dataclass(frozen=True)
class RunningRelay:
    """A relay that has been started.

    Args:
        process: its process.
        counts_file: where it writes what it has counted when it ends.
        log_file: where it says why it cannot go on.
    """

    process: subprocess.Popen[bytes]
    counts_file: Path
    log_file: Path

    @property
    def problem(self) -> str:
        """Why it has ended without being told to, as a sentence; empty: it runs."""
        if self.process.poll() is None:
            return ""
        return f"the relay that makes the network worse has ended: {self.last_words()}"

    def last_words(self) -> str:
        """Return the last line that it wrote, else its status."""
        lines = self.log_file.read_text(encoding="utf-8", errors="replace").split("\n")
        said = [line for line in map(str.strip, lines) if line not in ("", _READY)]
        return said[-1] if said else f"status {self.process.returncode}"

    async def stop(self) -> Counts:
        """End it, and return what it counted in each direction."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        await until_ended(self.process)
        try:
            counts: dict[str, dict[str, int]] = json.loads(self.counts_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return counts

    def kill(self) -> None:
        """Kill it where :meth:`stop` was cut short."""
        if self.process.poll() is None:
            self.process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(1)


async def start_relay(
    spawn: Spawn, wanted: Impairment, ports: Sequence[int], files: Path, link: Link
) -> RunningRelay:
    """Lead the packets of a link through a relay.

    Args:
        spawn: starts a program in the link's namespace.
        wanted: how bad it is to be.
        ports: the servers' ports.
        files: its log and its counts, without their suffixes.
        link: the link.

    Raises:
        MachineError: it cannot be done here.
        OSError: its files cannot be written.
    """
    for words in link.relay_commands():
        if refusal := await refusal_of(spawn, words):
            raise MachineError(
                f"the network of the test cannot be made worse: {refusal}",
                cure="run as root where /dev/net/tun is, with iproute2 (apt-get install iproute2 procps)",
            )
    counts, log = files.with_suffix(".json"), files.with_suffix(".log")
    words = [
        sys.executable, "-I", "-S", str(_PROGRAM), RELAY_DEVICE,
        "--delay", f"{wanted.delay:.9f}", "--loss", f"{wanted.loss:.9f}", "--rate", f"{wanted.rate or 0:.3f}",
        "--ports", ",".join(map(str, ports)), "--seed", str(int.from_bytes(os.urandom(4), "big")),
        "--counts", str(counts),
    ]  # fmt: skip
    with log.open("wb") as output:
        process = spawn(words, env=dict(os.environ), cwd=files.parent, stdout=output, stderr=output)
    relay = RunningRelay(process, counts, log)
    try:
        await _until_ready(relay)
    except BaseException:
        relay.kill()
        raise
    return relay


def summed(several: Sequence[Counts]) -> Counts:
    """Return what several relays have counted together."""
    total: dict[str, Counter[str]] = {}
    for counts in several:
        for direction, numbers in counts.items():
            total.setdefault(direction, Counter()).update(numbers)
    return {direction: dict(numbers) for direction, numbers in total.items()}


async def _until_ready(relay: RunningRelay) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not relay.log_file.read_bytes().startswith(_READY.encode()):
        if relay.process.poll() is not None or time.monotonic() > deadline:
            raise MachineError(f"the relay that makes the network worse did not start: {relay.last_words()}")
        await asyncio.sleep(_LOOK_AGAIN)

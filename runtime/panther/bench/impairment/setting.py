"""Making the network of a test worse, in its own namespace: by the kernel where it can, else by the relay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from panther.bench.cells import Spawn
from panther.bench.impairment.commands import refusal_of
from panther.bench.impairment.links import RELAY_DEVICE, Link, Loopback
from panther.bench.impairment.quantities import Impairment
from panther.bench.impairment.running import RunningRelay, start_relay, summed

__all__ = ["Impaired", "impair"]

_LOOPBACK = Loopback()


@dataclass(frozen=True)
class Impaired:
    """A network that has been made worse.

    Attributes:
        by: what does it, as a phrase.
        interface: the network interface that packets pass.
        relays: the relays that do it; empty: the kernel does.
    """

    by: str
    interface: str = "lo"
    relays: tuple[RunningRelay, ...] = ()

    def with_others(self, others: Impaired) -> Impaired:
        """Return this network together with others of the same test."""
        return replace(self, relays=(*self.relays, *others.relays))

    @property
    def problem(self) -> str:
        """Why it is not made worse any more, as a sentence; empty: all is well."""
        return next((relay.problem for relay in self.relays if relay.problem), "")

    async def stop(self) -> Mapping[str, Mapping[str, int]]:
        """End the relays, if there are some, and return what they counted in each direction."""
        return summed([await relay.stop() for relay in self.relays])

    def kill(self) -> None:
        """Kill the relays where :meth:`stop` was cut short."""
        for relay in self.relays:
            relay.kill()


async def impair(
    spawn: Spawn, wanted: Impairment, ports: Sequence[int], files: Path, link: Link = _LOOPBACK
) -> Impaired:
    """Make the network of a namespace worse. Nobody talks in it yet.

    Args:
        spawn: starts a program in the namespace.
        wanted: how bad it is to be.
        ports: the servers' ports.
        files: where a relay leaves its log and its counts, without their suffixes.
        link: what the packets pass.

    Raises:
        MachineError: neither the kernel nor the relay can do it here.
        OSError: the relay's files cannot be written.
    """
    refusals = []
    for words, by in link.kernel_ways(wanted):
        refusal = await refusal_of(spawn, words)
        if not refusal:
            return Impaired(by)
        refusals.append(refusal)
    why = refusals[0] if refusals else link.why_relay
    relay = await start_relay(spawn, wanted, ports, files, link)
    return Impaired(f"a relay in user space ({why})", RELAY_DEVICE, (relay,))

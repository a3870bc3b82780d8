"""``pcap``: the packets between the services, by tcpdump, with the TLS secrets in the file."""

from __future__ import annotations

import re
import struct
from collections import Counter
from pathlib import Path

from pydantic import Field

from panther.bench.execution.base import Beside, ExecutionEnvironment, Profile, Settings, Spot, Tool
from panther.bench.execution.companion import TOOL_LOG
from panther.bench.execution.pcapng import PcapReader, read_secrets, write_pcapng
from panther.plugins.services.base.command import Command

__all__ = ["Pcap"]

_ETHERNET, _RAW = 1, (12, 101)
_ETHERNET_HEADER = 14
#: KiB. Each packet takes the snap length of it, until tcpdump has read it.
_BUFFER = "32768"
_DROPPED = re.compile(r"^([1-9]\d*) packets dropped by kernel", re.MULTILINE)
_PROTOCOLS = {6: "TCP", 17: "UDP"}


class PcapSettings(Settings):
    """What can be set."""

    snap_length: int = Field(
        default=65_535, ge=64, le=65_535, description="bytes of each packet that are kept"
    )


class Pcap(ExecutionEnvironment):
    """tcpdump runs beside the server: what its clients say passes there too."""

    name = "pcap"
    about = "the packets, decrypted by the secrets in the file, by tcpdump"
    cost = 1.2
    tools = (Tool("tcpdump", "tcpdump", beside=True),)
    settings_class = PcapSettings

    def applies_to(self, role: str) -> bool:
        """Capture once for each server."""
        return role == "server"

    def beside(self, pid: int, spot: Spot) -> Beside | None:
        """Capture from before the server is talked to until it has ended."""
        raw = _raw(spot)
        ports = " or ".join(f"port {port}" for port in spot.ports)
        # Without -Z Debian's tcpdump becomes a user that may not write here. Of packets seen twice the copies
        # that arrive are kept: where they pass a relay, those that have come through it.
        ways = "in" if spot.twice else "inout"
        words = (
            "tcpdump", "-i", spot.interface, "-Q", ways, "-n", "-U", "--immediate-mode", "-B", _BUFFER,
            "-Z", "root", "-s", str(self.settings.snap_length), "-w", str(raw), ports,
        )  # fmt: skip
        return Beside(Command(words), ready=raw)

    def read(self, command: Command, spot: Spot) -> Profile | None:
        """Write the capture with its secrets, and return what passed in each direction."""
        raw, whole = _raw(spot), spot.file("capture", ".pcapng")
        if not raw.is_file() or not raw.stat().st_size:
            return None
        secrets = read_secrets(spot.key_logs)
        packets: Counter[tuple[str, str]] = Counter()
        sizes: Counter[tuple[str, str]] = Counter()
        with raw.open("rb") as source, whole.open("wb") as target:
            reader = PcapReader(source)
            for packet in write_pcapng(reader, secrets, target):
                way = _way(packet.data, reader.link_type, spot.ports)
                packets[way] += 1
                sizes[way] += packet.length
        raw.unlink()
        rows = tuple((*way, str(packets[way]), str(sizes[way])) for way in sorted(packets))
        keys = f"with {len(secrets)} TLS secrets" if secrets else "without TLS secrets: no service wrote any"
        headline = f"{packets.total()} packets, {sizes.total()} bytes, {keys}"
        columns = ("direction", "protocol", "packets", "bytes")
        return Profile(headline, columns, rows, products=(whole,), note=_note(spot))


def _note(spot: Spot) -> str:
    """Say how many packets tcpdump has missed; nothing if it has missed none."""
    log = spot.directory / TOOL_LOG
    dropped = _DROPPED.findall(log.read_text(encoding="utf-8", errors="replace")) if log.is_file() else []
    return f"{dropped[-1]} more packets passed too fast for tcpdump" if dropped else ""


def _raw(spot: Spot) -> Path:
    return spot.file("capture", ".pcap")


def _way(data: bytes, link_type: int, ports: tuple[int, ...]) -> tuple[str, str]:
    """Return the direction and the protocol of a packet."""
    start = _ETHERNET_HEADER if link_type == _ETHERNET else 0
    known = link_type == _ETHERNET or link_type in _RAW
    if not known or len(data) < start + 20 or data[start] >> 4 != 4:
        return "other", "other"
    header = start + (data[start] & 0x0F) * 4
    protocol = _PROTOCOLS.get(data[start + 9], "other")
    if protocol == "other" or len(data) < header + 4:
        return "other", protocol
    _, destination = struct.unpack_from("!HH", data, header)
    return ("to the server" if destination in ports else "from the server"), protocol

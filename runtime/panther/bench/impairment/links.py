"""The links that a test's packets pass: what the kernel can do to each, and how a relay gets them.

The facts are those of ip-rule(8), ip-route(8), tc-netem(8), and of Documentation/networking/ip-sysctl.rst of
Linux.
"""

from __future__ import annotations

import fcntl
import ipaddress
import socket
import struct
from dataclasses import dataclass
from typing import Protocol

from panther.bench.impairment.quantities import Impairment

__all__ = ["RELAY_DEVICE", "Link", "Loopback", "ServersLink", "own_address"]

RELAY_DEVICE = "panther0"
_TABLE, _TO_ITSELF, _DIVERTED, _LOCAL = "77", "5", "10", "20"
_QUEUE = "100000"
_SIOCGIFADDR, _SIOCGIFNETMASK = 0x8915, 0x891B
_LOOPBACK = "127.0.0.0/8"

Words = list[str]


class Link(Protocol):
    """A link between clients and servers, in a network namespace that packets of both directions pass."""

    @property
    def why_relay(self) -> str:
        """Why the kernel is not even tried, as a phrase."""

    def kernel_ways(self, wanted: Impairment) -> list[tuple[Words, str]]:
        """Return the commands that make it worse, the best first, and how each is called."""

    def relay_commands(self) -> list[Words]:
        """Return what makes the relay's device and sends every packet through it."""


class Loopback:
    """The loopback interface of a namespace in which all services are."""

    why_relay = "the kernel's loopback interface has one queue for both directions"

    def kernel_ways(self, wanted: Impairment) -> list[tuple[Words, str]]:
        """Return netem and, for loss alone, the packet filter; a rate is always the relay's."""
        if wanted.rate:
            return []
        share = f"{wanted.loss:.9f}"
        netem = ["tc", "qdisc", "add", "dev", "lo", "root", "netem", "limit", _QUEUE]
        netem += ["delay", f"{round(wanted.delay * 1e6)}us"] if wanted.delay else []
        netem += ["loss", f"{wanted.loss * 100:.7f}%"] if wanted.loss else []
        ways = [(netem, "the kernel's netem")]
        if not wanted.delay:
            words = ["iptables", "-w", "-A", "INPUT", "-i", "lo", "-m", "statistic", "--mode", "random"]
            drop = [*words, "--probability", share, "-j", "DROP"]
            ways.append((drop, "the kernel's packet filter (iptables)"))
        return ways

    def relay_commands(self) -> list[Words]:
        """Return what sends every packet between local programs through the relay.

        Those that come back from the device are looked up in the kernel's own table, which comes after ours.
        """
        return [
            *_device(_settings("route_localnet=1", "accept_local=1", "rp_filter=0")),
            ["ip", "route", "add", _LOOPBACK, "dev", RELAY_DEVICE, "src", "127.0.0.1", "table", _TABLE],
            _rule(_DIVERTED, "iif", "lo", "to", _LOOPBACK, "lookup", _TABLE),
            *_local_table_later(),
        ]


@dataclass(frozen=True)
class ServersLink:
    """The interface of a server that has a namespace of its own, as a container has.

    What arrives there is sent through the device before it is delivered, what the server sends before it
    leaves.

    Args:
        interface: its name.
        network: its IPv4 address, with the length of the network's prefix.
    """

    interface: str
    network: ipaddress.IPv4Interface

    @property
    def why_relay(self) -> str:
        """Why the kernel is not tried."""
        return "the kernel has a queue for what leaves a container, and none for what arrives"

    def kernel_ways(self, wanted: Impairment) -> list[tuple[Words, str]]:
        """Return none."""
        return []

    def relay_commands(self) -> list[Words]:
        """Return what sends every packet to and from the server through the relay.

        Only packets of protocols are sent through the device, so that the kernel goes on answering ARP. A
        packet must not find its socket before it is routed: early demultiplexing is off.
        """
        address, network = str(self.network.ip), str(self.network.network)
        settings = [
            *_settings("accept_local=1", "rp_filter=0"),
            f"net.ipv4.conf.{self.interface}.rp_filter=0",
            "net.ipv4.ip_forward=1",
            "net.ipv4.ip_early_demux=0",
        ]
        arriving = [
            _rule(_DIVERTED, "iif", self.interface, "ipproto", protocol, "lookup", _TABLE)
            for protocol in ("udp", "tcp", "icmp")
        ]
        return [
            *_device(settings),
            ["ip", "route", "add", "default", "dev", RELAY_DEVICE, "src", address, "table", _TABLE],
            _rule(_TO_ITSELF, "iif", "lo", "to", address, "lookup", "local"),
            _rule(_DIVERTED, "iif", "lo", "to", network, "lookup", _TABLE),
            *arriving,
            *_local_table_later(),
        ]


def own_address(interface: str) -> ipaddress.IPv4Interface:
    """Return the IPv4 address of an interface in this thread's network namespace: netdevice(7).

    Raises:
        OSError: it has none.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        words = [
            fcntl.ioctl(control, request, struct.pack("256s", interface.encode()))[20:24]
            for request in (_SIOCGIFADDR, _SIOCGIFNETMASK)
        ]
    return ipaddress.IPv4Interface("/".join(map(socket.inet_ntoa, words)))


def _device(settings: list[str]) -> list[Words]:
    return [
        ["ip", "tuntap", "add", "dev", RELAY_DEVICE, "mode", "tun"],
        ["sysctl", "-qw", *settings, "net.ipv4.conf.all.rp_filter=0"],
        ["ip", "link", "set", RELAY_DEVICE, "mtu", "1500", "txqueuelen", "10000", "up"],
    ]


def _settings(*settings: str) -> list[str]:
    """Return settings of the device, from which the kernel takes packets of local addresses for forged."""
    return [f"net.ipv4.conf.{RELAY_DEVICE}.{one}" for one in settings]


def _rule(preference: str, *words: str) -> Words:
    return ["ip", "rule", "add", "pref", preference, *words]


def _local_table_later() -> list[Words]:
    return [_rule(_LOCAL, "lookup", "local"), ["ip", "rule", "del", "pref", "0"]]

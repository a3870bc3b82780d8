"""A relay of packets between the programs of a network namespace, which delays, drops and paces them.

It runs by itself, with Python's standard library alone: ``python -I -S relay.py TUN OPTIONS``. The kernel
routes every packet to the loopback addresses into a TUN device; the relay reads it there, holds it back or
drops it, and writes it back. Programs keep their addresses and ports, and a handshake of TCP is delayed as
its data is. Each direction has a queue of its own, as the two ends of a cable have: a packet goes to the
servers if its destination is one of their ports.

What waits for the rate waits in a queue of what is sent in half a second, at least 64 and at most 1000
packets: one that is full drops packets, as a router's does.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import errno
import fcntl
import json
import os
import random
import select
import signal
import struct
import sys
import time

_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
_MOST_WAITING, _LEAST_WAITING, _TYPICAL_SIZE = 1000, 64, 1500
#: Packets that are on their way, without a rate.
_MOST_DELAYED = 100_000
_LONGEST_PACKET = 65_535
#: Packets that are read in one go before those that are due are sent.
_BATCH = 64
#: Seconds before a packet is due from which on the relay does not sleep any more: the kernel wakes late.
_SPIN = 60e-6


class Direction:
    """The packets of one direction.

    Args:
        delay: seconds that each is held back.
        loss: share that is dropped.
        rate: bits a second; 0: no limit.
        seed: of the dice.
    """

    def __init__(self, delay: float, loss: float, rate: float, seed: int) -> None:
        self._delay = delay
        self._loss = loss
        self._second_per_byte = 8 / rate if rate else 0.0
        in_half_a_second = int(rate / 8 / _TYPICAL_SIZE / 2)
        self._limit = max(min(_MOST_WAITING, in_half_a_second), _LEAST_WAITING) if rate else _MOST_DELAYED
        self._dice = random.Random(seed).random  # noqa: S311 — dice, no secret
        self._free_at = 0.0
        self.queue: collections.deque[tuple[float, bytes]] = collections.deque()
        self._sending: collections.deque[float] = collections.deque()
        self.packets = self.bytes = self.lost = self.overflowed = 0

    def take(self, packet: bytes, now: float) -> None:
        """Take a packet that has arrived."""
        if self._loss and self._dice() < self._loss:
            self.lost += 1
            return
        sent_at = now
        if self._second_per_byte:
            while self._sending and self._sending[0] <= now:
                self._sending.popleft()
            if len(self._sending) >= self._limit:
                self.overflowed += 1
                return
            self._free_at = sent_at = max(self._free_at, now) + len(packet) * self._second_per_byte
            self._sending.append(sent_at)
        elif len(self.queue) >= self._limit:
            self.overflowed += 1
            return
        self.queue.append((sent_at + self._delay, packet))

    def due(self) -> float:
        """Return when the next packet is due; infinity: there is none."""
        return self.queue[0][0] if self.queue else float("inf")

    def counts(self) -> dict[str, int]:
        """Return what has been counted."""
        return {
            "packets": self.packets,
            "bytes": self.bytes,
            "lost": self.lost,
            "overflowed": self.overflowed,
        }


class Relay:
    """Two directions over one device.

    Args:
        device: the open TUN device, which does not block.
        ports: the ports of the servers.
        to_servers: the packets to those.
        to_clients: all others.
    """

    def __init__(
        self, device: int, ports: frozenset[int], to_servers: Direction, to_clients: Direction
    ) -> None:
        self._device = device
        self._ports = ports
        self._directions = to_servers, to_clients
        self.stopped = False

    def run(self) -> None:
        """Relay packets until told to stop."""
        device, now = self._device, time.monotonic
        while not self.stopped:
            due = min(direction.due() for direction in self._directions)
            pause = due - now()
            if pause > _SPIN:
                wait = None if due == float("inf") else pause - _SPIN
                select.select([device], [], [], wait)
            self._read()
            for direction in self._directions:
                self._send(direction)

    def _read(self) -> None:
        to_servers, to_clients = self._directions
        for _ in range(_BATCH):
            try:
                packet = os.read(self._device, _LONGEST_PACKET)
            except BlockingIOError:
                return
            header = (packet[0] & 0x0F) * 4
            port = int.from_bytes(packet[header + 2 : header + 4], "big")
            (to_servers if port in self._ports else to_clients).take(packet, time.monotonic())

    def _send(self, direction: Direction) -> None:
        now = time.monotonic()
        queue = direction.queue
        while queue and queue[0][0] <= now:
            _, packet = queue.popleft()
            try:
                os.write(self._device, packet)
            except OSError as error:
                if error.errno not in (errno.ENOBUFS, errno.EAGAIN, errno.EINVAL):
                    raise
                direction.overflowed += 1
                continue
            direction.packets += 1
            direction.bytes += len(packet)


def open_device(name: str) -> int:
    """Attach to a TUN device that exists, or make it; return its descriptor.

    Raises:
        OSError: the kernel refuses.
    """
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22s", name.encode(), _IFF_TUN | _IFF_NO_PI, b""))
    return device


def main() -> int:
    """Relay until SIGINT or SIGTERM, then write what was counted."""
    parser = argparse.ArgumentParser()
    parser.add_argument("device")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds")
    parser.add_argument("--loss", type=float, default=0.0, help="share, from 0 to 1")
    parser.add_argument("--rate", type=float, default=0.0, help="bits a second; 0: no limit")
    parser.add_argument("--ports", default="", help="the servers' ports, comma separated")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--counts", required=True, help="file that gets the counts, as JSON")
    options = parser.parse_args()
    directions = [
        Direction(options.delay, options.loss, options.rate, options.seed + side) for side in (1, 2)
    ]
    ports = frozenset(int(port) for port in options.ports.split(",") if port)
    relay = Relay(open_device(options.device), ports, *directions)

    def stop(number: int, frame: object) -> None:
        relay.stopped = True
        raise InterruptedError  # out of select, which would begin again

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    print("ready", flush=True)
    with contextlib.suppress(InterruptedError):
        relay.run()
    counts = dict(zip(("to_servers", "to_clients"), (one.counts() for one in directions), strict=True))
    with open(options.counts, "w", encoding="utf-8") as file:  # noqa: PTH123 — pathlib takes long to import
        json.dump(counts, file)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A small MINIP server and client; the server can be told to misbehave.

A message is a packed structure of 14 bytes: a type (1 ping, 2 pong), four letters, a second
type (3), and the milliseconds since the sender started. The server answers each ping; its
variants are there to see what a test bench makes of them:

functional  answers each ping
flaky       answers every second ping: the first, the third, the fifth
random      answers a ping or not, as a coin that is tossed anew each time decides
fail        exits with status 1 when the first ping arrives
vulnerable  takes pings that are too long, and sends what follows the message back behind its
            pong, as a program would that trusts a length it was told. Well-formed pings get
            well-formed pongs. Nobody gets more than they sent, nor anything but what they sent.
"""

from __future__ import annotations

import argparse
import itertools
import random
import signal
import socket
import struct
import sys
import time
from pathlib import Path

MESSAGE = struct.Struct("<B4sBQ")  # as a C program on x86 or ARM lays it out
STARTED = time.monotonic()
TURNS = itertools.cycle((True, False))


def message(kind: int, letters: bytes) -> bytes:
    """Return a message that is sent now."""
    return MESSAGE.pack(kind, letters, 3, int((time.monotonic() - STARTED) * 1000))


def is_message(data: bytes, kind: int, letters: bytes) -> bool:
    """Tell whether a datagram is a message of this kind."""
    return len(data) == MESSAGE.size and MESSAGE.unpack(data)[:3] == (kind, letters, 3)


def functional(data: bytes) -> bytes | None:
    """Return what a datagram is answered with, or None; so do the other variants."""
    return message(2, b"pong") if is_message(data, 1, b"ping") else None


def flaky(data: bytes) -> bytes | None:
    pong = functional(data)
    return pong if pong and next(TURNS) else None


def at_random(data: bytes) -> bytes | None:
    return functional(data) if random.random() < 0.5 else None


def fail(data: bytes) -> bytes | None:
    if functional(data):
        raise ConnectionAbortedError("this variant fails at its first ping")
    return None


def vulnerable(data: bytes) -> bytes | None:
    pong = functional(data[: MESSAGE.size])
    return pong + data[MESSAGE.size :] if pong else None


VARIANTS = {
    "functional": functional,
    "flaky": flaky,
    "random": at_random,
    "fail": fail,
    "vulnerable": vulnerable,
}


def run_server(args: argparse.Namespace) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    family = socket.AF_INET6 if ":" in args.bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as endpoint:
        endpoint.bind((args.bind, args.port))
        while True:
            data, client = endpoint.recvfrom(2048)
            pong = VARIANTS[args.variant](data)
            if pong is None:
                continue
            time.sleep(args.reply_delay)
            endpoint.sendto(pong, client)
            if args.verbose:
                print(f"answered {client[0]} port {client[1]}", flush=True)


def run_client(args: argparse.Namespace) -> None:
    family = socket.AF_INET6 if ":" in args.host else socket.AF_INET
    pongs = 0
    with socket.socket(family, socket.SOCK_DGRAM) as endpoint:
        endpoint.connect((args.host, args.port))
        for _ in range(args.count):
            endpoint.send(message(1, b"ping"))
            if args.verbose:
                print("sent a ping", flush=True)
            pongs += receive(endpoint, args.interval, args.count)
        pongs += receive(endpoint, args.reply_timeout, args.count - pongs)
    if pongs < args.count:
        raise TimeoutError(f"{args.count - pongs} of {args.count} pings had no answer")


def receive(endpoint: socket.socket, seconds: float, most: int) -> int:
    """Return the number of pongs that arrive, ``most`` of them at most."""
    pongs, end = 0, time.monotonic() + seconds
    while pongs < most and (left := end - time.monotonic()) > 0:
        endpoint.settimeout(left)
        try:
            data = endpoint.recv(2048)
        except TimeoutError:
            break
        if is_message(data, 2, b"pong"):
            pongs += 1
            print("pong", flush=True)
    return pongs


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    roles = parser.add_subparsers(required=True, metavar="server | client")
    server = roles.add_parser("server", help="answer pings")
    server.set_defaults(run=run_server)
    server.add_argument("--bind", required=True, help="address")
    server.add_argument("--variant", default="functional", choices=VARIANTS)
    server.add_argument("--reply-delay", default=0.0, type=float, help="seconds")
    client = roles.add_parser("client", help="send pings and count the answers")
    client.set_defaults(run=run_client)
    client.add_argument("--host", required=True, help="name or address of the server")
    client.add_argument("--count", required=True, type=int, help="number of pings")
    client.add_argument("--interval", required=True, type=float, help="seconds")
    client.add_argument("--reply-timeout", default=2.0, type=float, help="seconds")
    for role in (server, client):
        role.add_argument("--port", required=True, type=int)
        role.add_argument("--verbose", action="store_true", help="log each message")
    return parser.parse_args()


def main() -> None:
    args = parse_arguments()
    try:
        args.run(args)
    except OSError as error:
        sys.exit(f"{Path(__file__).stem}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

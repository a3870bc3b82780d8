"""Checks of a MINIP server: a verdict for the bench, and an exit status.

A message is a packed structure of 14 bytes: a type (1 ping, 2 pong), four letters, a second
type (3), and the milliseconds since the sender started.
"""

from __future__ import annotations

import argparse
import json
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path

MESSAGE = struct.Struct("<B4sBQ")  # as a C program on x86 or ARM lays it out
PING = MESSAGE.pack(1, b"ping", 3, 0)
#: Seconds in which a server that answers what it should ignore has answered.
SILENCE = 0.2
#: Pings whose answers are looked at for a rule: half of them, and the other half.
ROUNDS = 20


def connected(args: argparse.Namespace) -> socket.socket:
    """Return a socket that talks to the server."""
    family = socket.AF_INET6 if ":" in args.host else socket.AF_INET
    endpoint = socket.socket(family, socket.SOCK_DGRAM)
    endpoint.settimeout(args.seconds)
    endpoint.connect((args.host, args.port))
    return endpoint


def ping(endpoint: socket.socket, which: str) -> None:
    """Send a ping, and insist on its pong."""
    endpoint.send(PING)
    try:
        answer = endpoint.recv(2048)
    except TimeoutError as error:
        raise Fault(f"{which} was not answered") from error
    if len(answer) != MESSAGE.size:
        raise Fault(f"{which} was answered with {len(answer)} bytes, a pong has 14")
    if MESSAGE.unpack(answer)[:3] != (2, b"pong", 3):
        raise Fault(f"{which} was answered with {answer!r}, which is no pong")


def answers_pings(args: argparse.Namespace) -> str:
    """Every ping is answered with a pong."""
    with connected(args) as endpoint:
        for number in range(1, args.count + 1):
            ping(endpoint, f"ping {number} of {args.count}")
    return f"{args.count} pongs to {args.count} pings"


def ignores_garbage(args: argparse.Namespace) -> str:
    """What is no ping is not answered, and harms nothing."""
    garbage = (b"", b"\x00", PING[:-1], PING + b"\x00", MESSAGE.pack(2, b"pong", 3, 0))
    with connected(args) as endpoint:
        for datagram in garbage:
            endpoint.send(datagram)
        endpoint.settimeout(SILENCE)
        try:
            answer = endpoint.recv(2048)
        except TimeoutError:
            pass
        else:
            raise Fault(f"a datagram that is no ping was answered with {answer!r}")
        endpoint.settimeout(args.seconds)
        ping(endpoint, "a ping after what is no ping")
    return f"{len(garbage)} datagrams that are no pings were ignored"


def is_predictable(args: argparse.Namespace) -> str:
    """Whether a ping is answered follows a rule: the first half of many fares as the second half does."""
    with connected(args) as endpoint:
        endpoint.settimeout(min(args.seconds, SILENCE))
        fates = "".join(answered(endpoint) for _ in range(ROUNDS))
    if "+" not in fates:
        raise Fault(f"none of {ROUNDS} pings was answered")
    if fates[: ROUNDS // 2] != fates[ROUNDS // 2 :]:
        raise Fault(f"pings are answered without a rule: {fates}")
    return f"{fates.count('+')} of {ROUNDS} pings were answered, by a rule: {fates}"


def answered(endpoint: socket.socket) -> str:
    """Send a ping; return a plus if anything comes back, else a minus."""
    endpoint.send(PING)
    try:
        endpoint.recv(2048)
    except TimeoutError:
        return "-"
    return "+"


CHECKS: dict[str, Callable[[argparse.Namespace], str]] = {
    "answers_pings": answers_pings,
    "ignores_garbage": ignores_garbage,
    "is_predictable": is_predictable,
}


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", required=True, help="name or address of the server")
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--count", default=5, type=int, help="number of pings")
    parser.add_argument("--seconds", default=3.0, type=float, help="for each answer")
    parser.add_argument("--test", default="", help="one check; else all of them")
    parser.add_argument("--verdict", type=Path, help="file to write the verdict into")
    parser.add_argument("--verbose", action="store_true", help="log more")
    return parser.parse_args()


class Fault(Exception):
    """What a check found wrong, in words that the verdict quotes."""


def carry_out(args: argparse.Namespace) -> list[dict[str, object]]:
    """Carry the checks out, one after the other, and return what each found."""
    if args.test and args.test not in CHECKS:
        known = ", ".join(CHECKS)
        reason = f"there is no such test; there are: {known}"
        return [{"name": args.test, "passed": False, "detail": reason}]
    found: list[dict[str, object]] = []
    for name in [args.test] if args.test else CHECKS:
        try:
            detail, passed = CHECKS[name](args), True
        except (Fault, OSError, EOFError) as error:
            detail, passed = str(error) or type(error).__name__, False
        found.append({"name": name, "passed": passed, "detail": detail})
        print(f"{name}: {'passed' if passed else 'FAILED'}: {detail}", flush=True)
    return found


def main() -> None:
    args = parse_arguments()
    found = carry_out(args)
    if args.verdict:
        verdict = {"version": 1, "checks": found}
        args.verdict.write_text(json.dumps(verdict, indent=2), encoding="utf-8")
    sys.exit(0 if all(check["passed"] for check in found) else 1)


if __name__ == "__main__":
    main()

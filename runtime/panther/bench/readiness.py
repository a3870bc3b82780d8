"""When a server is ready: its socket is bound. That is observed, never slept for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from panther.bench.environments.base import Place, Process
from panther.bench.netview import Socket, Transport
from panther.bench.process import describe_end

__all__ = ["NotReadyError", "fate_of_daemons", "is_bound", "wait_until_ready"]

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.001, 0.02
#: The pause grows with the time waited: looking costs little, and finding late costs no more than this share.
_PAUSE_SHARE = 0.02


class NotReadyError(Exception):
    """A server did not become ready; the text is a sentence for a person."""


async def wait_until_ready(
    process: Process, place: Place, *, transports: Sequence[Transport], port: int, timeout: float
) -> str:
    """Wait until a server has bound its socket.

    Args:
        process: the server.
        place: where it runs.
        transports: any of these will do.
        port: the port it was told to serve.
        timeout: seconds from its start.

    Returns:
        What was observed, as a phrase.

    Raises:
        NotReadyError: it ended, or time is up.
    """
    while True:
        ended = process.exited.done()
        if transport := is_bound(place, transports, port):
            return f"{transport.upper()} port {port} is bound"
        if ended and not (process.returncode == 0 and _lives_on(place)):  # a daemon's parent exits with 0
            status = process.returncode or 0
            raise NotReadyError(
                f"it {describe_end(status)} before it was ready{fate_of_daemons(place, status)}"
            )
        waited = time.monotonic() - process.started
        if waited > timeout:
            raise NotReadyError(_too_late(place, transports, port, timeout))
        await _pause(process, min(max(waited * _PAUSE_SHARE, _SHORTEST_PAUSE), _LONGEST_PAUSE))


def is_bound(place: Place, transports: Sequence[Transport], port: int) -> Transport | None:
    """Return the first of the transports on which a service of the place has bound the port, or None."""
    for transport in transports:
        for socket in place.net.serving(transport):
            if socket.local_port == port and place.owns(socket):
                return transport
    return None


def fate_of_daemons(place: Place, status: int) -> str:
    """Return what is to be said of a server that has ended and may have left a daemon; else ""."""
    if status or place.keeps_daemons:
        return ""
    return (
        "; a container ends with its first process: "
        "a server that makes itself a daemon has to stay in the foreground"
    )


def _lives_on(place: Place) -> bool:
    """Tell whether a process of the place is left.

    Looking is a walk over /proc: a process that forks and ends meanwhile is missed together with its
    child. The child is there at the next look, and a daemon forks twice.
    """
    return any(place.survivors() for _ in range(3))


async def _pause(process: Process, seconds: float) -> None:
    if process.exited.done():
        await asyncio.sleep(seconds)
    else:
        await process.wait(seconds)


def _too_late(place: Place, transports: Sequence[Transport], port: int, timeout: float) -> str:
    wanted = " or ".join(f"{transport.upper()} port {port}" for transport in transports)
    sockets = place.net.serving("udp") + place.net.serving("tcp")
    bound = [_name(socket) for socket in sockets if place.owns(socket)]
    instead = f"it bound {' and '.join(dict.fromkeys(bound))} instead" if bound else "it bound no port"
    return f"it did not bind {wanted} within {timeout:g} s; {instead}"


def _name(socket: Socket) -> str:
    return f"{socket.transport.upper()} port {socket.local_port}"

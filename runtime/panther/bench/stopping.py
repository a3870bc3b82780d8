"""How a service is stopped, whatever it is: signal by signal, with a grace after each."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Protocol

from panther.bench.execution.wrapping import Wrapping

__all__ = ["STOP_SIGNALS", "stop_in_steps"]

#: How a service is stopped: the signal, and the seconds it then has.
STOP_SIGNALS: tuple[tuple[signal.Signals, float], ...] = (
    (signal.SIGINT, 1.0),
    (signal.SIGTERM, 1.0),
    (signal.SIGKILL, 5.0),
)


class _Process(Protocol):
    exited: asyncio.Future[int]

    @property
    def program(self) -> int: ...

    async def wait(self, timeout: float) -> bool: ...


async def stop_in_steps(
    process: _Process,
    send: Callable[[signal.Signals], Awaitable[None]],
    wrapping: Wrapping | None,
    hurry: Callable[[], bool],
) -> None:
    """Send SIGINT, SIGTERM and SIGKILL, each after a grace, until a process has ended.

    Args:
        process: the process.
        send: sends it a signal.
        wrapping: what is put around it: it is told before, and lengthens the graces; None: nothing.
        hurry: tells whether to go straight to SIGKILL.
    """
    if wrapping is not None and process.program and not process.exited.done() and not hurry():
        await wrapping.before_stop(process.program)
    for number, grace in STOP_SIGNALS:
        if process.exited.done():
            return
        if hurry() and number is not signal.SIGKILL:
            continue
        await send(number)
        await process.wait(grace * (wrapping.cost if wrapping is not None else 1))

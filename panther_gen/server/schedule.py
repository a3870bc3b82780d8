"""When to check: soon after the last of many changes, one check at a time, never in the way of a message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

__all__ = ["Schedule"]


class Schedule:
    """Runs a piece of work when it is asked for; what is asked for while it runs, runs once afterwards.

    It belongs to the thread of the running event loop.

    Args:
        work: does it; it raises nothing.
    """

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._again = False

    def ask(self, delay: float = 0.0) -> None:
        """Ask for the work.

        Args:
            delay: seconds to wait for more that would have to be done then anyway.
        """
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(delay, self._start)

    async def settled(self) -> None:
        """Wait until everything that was asked for is done; it is not delayed any longer."""
        while self._timer is not None or self._task is not None:
            if self._timer is not None:
                self._timer.cancel()
                self._start()
            if self._task is not None:
                await asyncio.shield(self._task)

    def _start(self) -> None:
        self._timer = None
        if self._task is not None:
            self._again = True
            return
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        try:
            self._again = True
            while self._again:
                self._again = False
                await self._work()
        finally:
            self._task = None

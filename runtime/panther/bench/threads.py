"""Work that blocks, on threads: the loop goes on, and the programs that it waits for can be ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, ParamSpec, TypeVar

__all__ = ["Stop", "on_thread", "stoppable", "to_its_end"]

ResultT = TypeVar("ResultT")
ParametersT = ParamSpec("ParametersT")
Send = Callable[[signal.Signals], None]

#: Seconds that a program has to end when it is asked to, and then its thread.
_GRACE = 5.0
#: The Stop of each thread that runs under one.
_here = threading.local()


class Stop:
    """Ends work on another thread: what it waits for, and each thing that it waits for later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._send: Send | None = None
        self._asked = False
        self._ended = threading.Event()

    def run(
        self, work: Callable[ParametersT, ResultT], *args: ParametersT.args, **kw: ParametersT.kwargs
    ) -> ResultT:
        """Do the work; call it on the work's thread, once."""
        _here.stop = self
        try:
            return work(*args, **kw)
        finally:
            self._ended.set()

    def end(self) -> None:
        """End the work and wait for that; nothing happens where it has ended."""
        with self._lock:
            self._asked = True
            send = self._send
            if send is not None:
                send(signal.SIGTERM)
        if not self._ended.wait(_GRACE) and send is not None:
            send(signal.SIGKILL)
            self._ended.wait(_GRACE)

    @contextlib.contextmanager
    def holding(self, send: Send) -> Iterator[None]:
        """Be the one that ends what the work waits for."""
        with self._lock:
            self._send = send
            if self._asked:
                send(signal.SIGTERM)
        try:
            yield
        finally:
            with self._lock:
                self._send = None


def send_to_group(leader: int, number: signal.Signals) -> None:
    """Send a signal to a process group; nothing happens if it has ended."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, number)


def stoppable(send: Send) -> contextlib.AbstractContextManager[None]:
    """Return a context in which this thread waits for something, and its :class:`Stop` can end that.

    Args:
        send: sends a signal to what it waits for: a process group, or a container.
    """
    stop: Stop | None = getattr(_here, "stop", None)
    return contextlib.nullcontext() if stop is None else stop.holding(send)


async def on_thread(
    work: Callable[ParametersT, ResultT], *arguments: ParametersT.args, **options: ParametersT.kwargs
) -> ResultT:
    """Do something that blocks on a thread of its own, which does not keep the program from ending."""
    loop = asyncio.get_running_loop()
    end: asyncio.Future[ResultT] = loop.create_future()

    def settle(result: Any, error: BaseException | None) -> None:
        if end.done():  # nobody waits any more
            return
        if error is None:
            end.set_result(result)
        else:
            end.set_exception(error)

    def run() -> None:
        result, failure = None, None
        try:
            result = work(*arguments, **options)
        except BaseException as error:  # noqa: BLE001 — handed to who waits
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=run, name="panther-work", daemon=True).start()
    return await end


async def to_its_end(work: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Wait for something that must not be left half-done: a cancellation counts when it has ended.

    Raises:
        Exception: what ``work`` raises.
    """
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        task.exception()  # it has been seen
        raise asyncio.CancelledError
    return task.result()

"""One container of a service: started, watched, stopped and removed; its output streamed into files."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from panther.bench.containers.logs import ContainerLogs
from panther.bench.engine.connection import explained
from panther.bench.execution.processes import descendants
from panther.bench.execution.wrapping import Wrapping
from panther.bench.stopping import stop_in_steps
from panther.bench.threads import on_thread
from panther.errors import MachineError

if TYPE_CHECKING:
    from docker.models.containers import Container

__all__ = ["ContainerProcess"]

#: A shell's, and Docker's, way to say that a signal ended a program: 128 and its number.
_SIGNALLED, _LAST_SIGNAL = 128, 64
#: Seconds that init has to start the program.
_MOST_FOR_INIT = 30.0
#: Seconds between two looks for what init has started.
_LOOK_AGAIN = 0.001


class ContainerProcess:
    """A container that has been started.

    Args:
        container: as the SDK has it; it is started here.
        log_directory: gets ``stdout.log`` and ``stderr.log``.
        wrapping: the execution environments that stand in its command; None: there are none.
    """

    def __init__(self, container: Container, log_directory: Path, wrapping: Wrapping | None = None) -> None:
        self._container = container
        self._wrapping = wrapping
        self.started = time.monotonic()
        self.ended: float | None = None
        self.stopped_by: signal.Signals | None = None
        self.usage: resource.struct_rusage | None = None
        self.exited: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.lost: MachineError | None = None
        """Why nothing more is known of it; None: all is well."""

        self.pid = self.program = 0
        self.returncode: int | None = None
        self._logs = ContainerLogs(log_directory)

    async def start(self) -> None:
        """Start it, and watch it from now on.

        Raises:
            MachineError: it cannot be started.
        """
        self.pid = await on_thread(self._start)
        self._watcher = asyncio.ensure_future(self._watch())
        if self._wrapping is not None:
            self.program = await self._program()

    @property
    def container(self) -> str:
        """The engine's ID of the container."""
        return str(self._container.id)

    @property
    def image(self) -> str:
        """The engine's ID of its image: a hash of all that is in it."""
        return str(self._container.attrs["Image"])

    def remove(self) -> None:
        """Remove it, running or not; raises what the SDK raises."""
        from docker.errors import NotFound

        with contextlib.suppress(NotFound):
            self._container.remove(force=True, v=True)

    @property
    def notes(self) -> list[str]:
        """What is to be said of its logs."""
        return self._logs.notes()

    @property
    def seconds(self) -> float:
        """Seconds that it has run."""
        return (time.monotonic() if self.ended is None else self.ended) - self.started

    async def wait(self, timeout: float) -> bool:
        """Wait for the end; return whether it came within ``timeout`` seconds."""
        await asyncio.wait({self.exited}, timeout=timeout)
        return self.exited.done()

    async def stop(self, hurry: Callable[[], bool] = lambda: False) -> None:
        """Stop it: SIGINT, SIGTERM, SIGKILL, each after a grace.

        Args:
            hurry: tells whether to go straight to SIGKILL.
        """
        await stop_in_steps(self, self._signal, self._wrapping, hurry)

    def reap(self) -> None:
        """Do nothing: the engine has waited for it."""

    def _start(self) -> int:
        with explained(f"container '{self._container.name}' cannot be started"):
            output = self._container.attach(stdout=True, stderr=True, stream=True, logs=True, demux=True)
            self._logs.stream(output)
            self._container.start()
            self.started = time.monotonic()
            self._container.reload()
            return int(self._container.attrs["State"]["Pid"])

    async def _program(self) -> int:
        """Return the process that the container's init has started; 0: it has ended meanwhile.

        Raises:
            MachineError: the engine's processes cannot be seen from here.
        """
        deadline = time.monotonic() + _MOST_FOR_INIT
        while not self.exited.done() and self.pid:
            if started := descendants(self.pid):
                return started[0]
            if time.monotonic() > deadline:
                raise MachineError(
                    f"process {self.pid} of container '{self._container.name}' cannot be seen from here",
                    cure="run on the machine of the engine, outside of its containers; "
                    "--no-execution-environment needs no look at processes",
                )
            await asyncio.sleep(_LOOK_AGAIN)
        return 0

    async def _signal(self, number: signal.Signals) -> None:
        self.stopped_by = number
        if number is not signal.SIGKILL and self._signal_each(number):
            return
        with contextlib.suppress(MachineError):  # it has just ended; or is lost, which the watcher says
            await on_thread(self._kill, number)

    def _signal_each(self, number: signal.Signals) -> bool:
        """Send a signal to the service's processes: init would send it to the first one, a tool maybe.

        Returns:
            Whether that was done: only around tools there is a need, and this user may not be allowed to.
        """
        if self._wrapping is None or not self.program:
            return False
        targets = self._wrapping.targets(self.program) or [self.program, *descendants(self.program)]
        for pid in targets:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
            except PermissionError:
                return False
        return True

    def _kill(self, number: signal.Signals) -> None:
        with explained(f"container '{self._container.name}' cannot be stopped"):
            self._container.kill(signal=number.name)

    async def _watch(self) -> None:
        try:
            status = await on_thread(self._wait)
            await on_thread(self._logs.finish)
        except MachineError as error:
            self.lost, status = error, -signal.SIGKILL
        self.ended = time.monotonic()
        status = status if self._wrapping is None else self._wrapping.status(status)
        self.returncode = status
        self.exited.set_result(status)

    def _wait(self) -> int:
        with explained(f"container '{self._container.name}' was lost"):
            status = int(self._container.wait()["StatusCode"])
        signalled = _SIGNALLED < status <= _SIGNALLED + _LAST_SIGNAL
        return _SIGNALLED - status if signalled else status

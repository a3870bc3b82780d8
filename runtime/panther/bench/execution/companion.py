"""A program that runs beside a service: started when the service is, ended when the service has ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from panther.bench.cells import Spawn
from panther.errors import MachineError
from panther.plugins.services.base.command import Command

__all__ = ["TOOL_LOG", "Companion"]

#: What a companion prints, in its directory.
TOOL_LOG = "tool.log"

_LOOK_AGAIN = 0.005
#: What it is sent, and the seconds that it then has to write its product.
_STOPS = ((signal.SIGINT, 30.0), (signal.SIGKILL, 1.0))


class Companion:
    """A started companion; what it prints is in ``tool.log``.

    Args:
        command: what is started.
        spawn: starts it where the service runs.
        environment: environment variables.
        directory: where it starts and its log is.

    Raises:
        ProcessLookupError: the place where the service ran is gone.
        MachineError: it cannot be started.
        OSError: its log cannot be written.
    """

    def __init__(
        self, command: Command, spawn: Spawn, environment: Mapping[str, str], directory: Path
    ) -> None:
        self._log = directory / TOOL_LOG
        with self._log.open("ab") as log:
            self._said_before = log.tell()
            try:
                self._process = spawn(
                    command.argv,
                    env={**environment, **command.environment},
                    cwd=command.working_directory or directory,
                    stdout=log,
                    stderr=log,
                )
            except ProcessLookupError:
                raise
            except (OSError, subprocess.SubprocessError) as error:
                raise MachineError(f"'{command.argv[0]}' cannot be started: {error}") from None

    async def wait_for(self, file: Path, words: bytes, seconds: float) -> bool:
        """Wait until a file, its log maybe, holds some words of it, or it has ended, or time is up.

        Args:
            file: the file.
            words: the words; empty: any will do.
            seconds: the time.

        Returns:
            Whether it has them.
        """
        before = self._said_before if file == self._log else 0
        deadline = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if file.stat().st_size > before and (not words or words in file.read_bytes()[before:]):
                    return True
            await asyncio.sleep(_LOOK_AGAIN)
        return False

    async def ends_within(self, seconds: float) -> bool:
        """Wait for its end; return whether it came."""
        await self._wait(seconds)
        return self._process.poll() is not None

    async def stop(self) -> None:
        """End it by SIGINT, and by SIGKILL where that does not help."""
        for number, seconds in _STOPS:
            if self._process.poll() is not None:
                return
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            await self._wait(seconds)

    def kill(self) -> None:
        """Kill it and wait for it; nothing happens if it has ended."""
        if self._process.poll() is None:
            self._process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1)

    def said(self) -> str:
        """Return the last line that it printed."""
        try:
            lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1].strip() if lines else ""

    async def _wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < deadline:
            await asyncio.sleep(_LOOK_AGAIN)

"""The commands that an experiment has run on this machine before and after a test: no shell reads them."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from panther.bench.evidence import Evidence
from panther.bench.marks import CELL_VARIABLE, own_mark
from panther.bench.namespaces import kill_with_parent
from panther.bench.plan import TestPlan
from panther.bench.process import describe_end
from panther.bench.results import on_disk
from panther.errors import MachineError
from panther.plugins.roots import enclosing_root

__all__ = ["HostCommands"]

#: What they wrote, in the test's directory.
_LOG = "commands.log"
#: Seconds that each has.
_PATIENCE = 60.0
#: A line says that all is well, an end without one that the runner is gone.
_WATCH = 'read -r line || kill -s KILL -- "-$1"'


class HostCommands:
    """The commands of one test. They start where the services do, and see PANTHER_TEST_DIR.

    Args:
        plan: the test.
        directory: the test's; what the commands write is in ``commands.log`` there.
    """

    def __init__(self, plan: TestPlan, directory: Path) -> None:
        self._plan = plan
        self._directory = directory

    async def run_before(self) -> None:
        """Run those that come first.

        Raises:
            MachineError: one has failed; the test cannot be run.
        """
        for command in self._plan.pre_commands:
            end = await self._run(command)
            if end:
                raise MachineError(
                    f"the command {_shown(command)} before the test {end}",
                    cure=f"what it wrote is in {_LOG} of the test's directory",
                )

    async def run_after(self) -> list[Evidence]:
        """Run those that come last, all of them; return what each proves."""
        evidence = []
        for command in self._plan.post_commands:
            end = await self._run(command)
            detail = f"the command {_shown(command)} after the test {end or 'exited with status 0'}"
            evidence.append(Evidence("command", not end, detail))
        return evidence

    def _environment(self) -> dict[str, str]:
        """Return the runner's variables, and its mark, by which what a command leaves behind is found."""
        return {**os.environ, CELL_VARIABLE: own_mark(), "PANTHER_TEST_DIR": str(self._directory)}

    async def _run(self, command: Sequence[str]) -> str:
        """Run one; return how it failed, as a phrase, or "" if it did not."""
        with on_disk(self._directory), (self._directory / _LOG).open("ab") as log:
            log.write(f"$ {shlex.join(command)}\n".encode())
            log.flush()
            try:
                process = await asyncio.create_subprocess_exec(
                    *command,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=enclosing_root(Path()) or Path.cwd(),
                    env=self._environment(),
                    start_new_session=True,
                    preexec_fn=kill_with_parent,
                )
            except OSError as error:
                return f"cannot be started: {error.strerror}"
        with _killed_with_the_runner(process.pid):
            try:
                status = await asyncio.wait_for(process.wait(), _PATIENCE)
            except TimeoutError:
                return f"did not end within {_PATIENCE:g} s"
            finally:
                with suppress(ProcessLookupError):  # its children too, however it ended
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        return describe_end(status) if status else ""


@contextmanager
def _killed_with_the_runner(group: int) -> Iterator[None]:
    """Have a process group killed if this process is; the kernel would do so with its first process only."""
    watcher = subprocess.Popen(
        ["sh", "-c", _WATCH, "sh", str(group)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the runner
    )
    try:
        yield
    finally:
        watcher.communicate(b"done\n")


def _shown(command: Sequence[str]) -> str:
    return f"'{shlex.join(command)}'"

"""One process of a service: started without a shell, watched by a pidfd, stopped with its whole group."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from panther.bench.cells import Mount, Spawn
from panther.bench.execution.wrapping import Wrapping
from panther.bench.log_limit import LOGS, LOOK_AT_LOGS, LogLimit
from panther.bench.stopping import stop_in_steps
from panther.errors import MachineError

__all__ = [
    "ServiceProcess",
    "describe_end",
    "find_program",
    "log_tail",
    "service_environment",
]

#: What a service inherits from the runner's environment; the rest would make results depend on the shell.
_INHERITED = (
    "HOME",
    "LANG",
    "LD_LIBRARY_PATH",
    "LOGNAME",
    "PATH",
    "SHELL",
    "TMPDIR",
    "TZ",
    "USER",
    "VIRTUAL_ENV",
)
_TAIL_BYTES = 16_384


class ServiceProcess:
    """A started process. Make it inside a running event loop.

    Args:
        spawn: what starts it, such as a cell's method.
        argv: the program and its arguments.
        environment: all of its environment variables.
        working_directory: where it starts.
        log_directory: gets ``stdout.log`` and ``stderr.log``, to which output is appended.
        volumes: what it sees of this machine elsewhere.
        wrapping: the execution environments that stand in ``argv``; None: there are none.

    Raises:
        MachineError: the program cannot be started.
    """

    container = ""

    def __init__(
        self,
        spawn: Spawn,
        argv: Sequence[str],
        *,
        environment: Mapping[str, str],
        working_directory: Path,
        log_directory: Path,
        volumes: Sequence[Mount] = (),
        wrapping: Wrapping | None = None,
    ) -> None:
        loop = asyncio.get_running_loop()
        with (
            (log_directory / "stdout.log").open("ab") as out,
            (log_directory / "stderr.log").open("ab") as err,
        ):
            try:
                self._popen = spawn(
                    argv, env=environment, cwd=working_directory, stdout=out, stderr=err, volumes=volumes
                )
            except (OSError, subprocess.SubprocessError) as error:
                raise MachineError(f"'{argv[0]}' cannot be started: {error}") from None
        self._wrapping = wrapping
        self.started = time.monotonic()
        self.ended: float | None = None
        self.stopped_by: signal.Signals | None = None
        self.usage: resource.struct_rusage | None = None
        self.exited: asyncio.Future[int] = loop.create_future()
        self._pidfd = os.pidfd_open(self._popen.pid)
        loop.add_reader(self._pidfd, self._reap)
        self._logs = [LogLimit(log_directory / name) for name in LOGS]
        self._log_timer = loop.call_later(LOOK_AT_LOGS, self._look_at_logs)

    @property
    def notes(self) -> list[str]:
        """What is to be said of its logs."""
        return [note for log in self._logs if (note := log.note())]

    @property
    def pid(self) -> int:
        """The process ID, as the runner sees it."""
        return self._popen.pid

    @property
    def program(self) -> int:
        """The same: nothing stands between."""
        return self._popen.pid

    @property
    def returncode(self) -> int | None:
        """Exit status, or the negative number of a signal; None while it runs."""
        return self._popen.returncode

    @property
    def seconds(self) -> float:
        """Seconds that it has run."""
        return (time.monotonic() if self.ended is None else self.ended) - self.started

    async def wait(self, timeout: float) -> bool:
        """Wait for the end; return whether it came within ``timeout`` seconds."""
        await asyncio.wait({self.exited}, timeout=timeout)
        return self.exited.done()

    async def stop(self, hurry: Callable[[], bool] = lambda: False) -> None:
        """Stop the process group: SIGINT, SIGTERM, SIGKILL, each after a grace.

        Args:
            hurry: tells whether to go straight to SIGKILL.
        """
        await stop_in_steps(self, self.signal, self._wrapping, hurry)

    async def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process group of a process that has not been reaped."""
        if not self.exited.done():
            self.stopped_by = number
            within = self._wrapping.targets(self.pid) if self._wrapping else []
            if within and number is not signal.SIGKILL:
                for pid in within:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, number)
                return
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def reap(self) -> None:
        """Wait for a process that has been killed; a zombie would hold up the end of its namespace."""
        if not self.exited.done():
            self._reap()

    def _look_at_logs(self) -> None:
        for log in self._logs:
            log.enforce()
        self._log_timer = asyncio.get_running_loop().call_later(LOOK_AT_LOGS, self._look_at_logs)

    def _reap(self) -> None:
        self.ended = time.monotonic()
        asyncio.get_running_loop().remove_reader(self._pidfd)
        os.close(self._pidfd)
        _, status, self.usage = os.wait4(self.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        # Set here: Popen must not wait for it again.
        self._popen.returncode = code if self._wrapping is None else self._wrapping.status(code)
        self._log_timer.cancel()
        for log in self._logs:
            log.enforce()
        self.exited.set_result(self._popen.returncode)


def service_environment(additions: Mapping[str, str], import_path: Sequence[Path] = ()) -> dict[str, str]:
    """Return the environment of a service: little of the runner's, then what is added.

    Args:
        additions: variables of the bench and of the plugin.
        import_path: directories that Python programs import plugins from.
    """
    names = [*_INHERITED, *(name for name in os.environ if name.startswith("LC_"))]
    inherited = {name: os.environ[name] for name in names if name in os.environ}
    # What the plugin says goes first; what this user's programs are found by stays.
    own = [additions["PYTHONPATH"]] if additions.get("PYTHONPATH") else [*map(str, import_path)]
    python_path = [*own, *filter(None, [os.environ.get("PYTHONPATH", "")])]
    if python_path:
        additions = {**additions, "PYTHONPATH": os.pathsep.join(python_path)}
    return {**inherited, **additions}


def find_program(
    name: str, *, service: str, plugin: str, directory: Path, path: str | None, install: str = ""
) -> str:
    """Return the path of a program.

    Args:
        name: a name that is looked up on ``PATH``, or a path.
        service: the service that needs it.
        plugin: the service's plugin.
        directory: what a relative path is relative to.
        path: the service's ``PATH``.
        install: the command that installs it, for people; empty: unknown.

    Raises:
        MachineError: there is no such program, or it is not executable.
    """
    found = shutil.which(str(directory / name) if os.sep in name else name, path=path)
    if found:
        return found
    where = "is not on PATH" if path else "is not on PATH, which is empty"
    if os.sep in name:
        where = (
            "is no executable file" if Path(name).is_absolute() else f"is no executable file in '{directory}'"
        )
    place = f"/path/to/{Path(name).name}"
    raise MachineError(
        f"the program '{name}' of service '{service}' {where}",
        cure=(
            f"{install or 'install it'}, or say where it is: 'binary_name: {place}' under 'implementation:' "
            f"in the experiment file, binary_name in the plugin's config_schema.py, or "
            f"panther-gen try {plugin} --set binary_name={place}"
        ),
    )


def describe_end(returncode: int) -> str:
    """Say how a process ended, as a phrase: ``exited with status 2``, ``was killed by SIGSEGV``."""
    if returncode >= 0:
        return f"exited with status {returncode}"
    try:
        return f"was killed by {signal.Signals(-returncode).name}"
    except ValueError:
        return f"was killed by signal {-returncode}"


def log_tail(log_directory: Path, lines: int = 12) -> str:
    """Return the last lines of a service's logs, those of standard error if it wrote any there."""
    for name in reversed(LOGS):
        text = _last_text(log_directory / name).rstrip()
        if text:
            return "\n".join(text.splitlines()[-lines:])
    return ""


def _last_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""

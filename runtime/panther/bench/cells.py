"""Where the services of one test run: a cell, in namespaces of its own or in sessions.

Closing a cell leaves no process of the test behind, daemons included. In namespaces that is the kernel's
doing and holds even when the runner is killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, Protocol, Self

from panther.bench import namespaces
from panther.bench.capture import Capture, PacketFilter
from panther.bench.marks import CELL_VARIABLE, own_mark
from panther.bench.netview import NetView, Socket

__all__ = ["Cell", "Mount", "NamespaceCell", "SessionCell", "Spawn", "open_files"]


class Spawn(Protocol):
    """Starts a process in a cell; the arguments are those of :class:`subprocess.Popen`, and its volumes."""

    def __call__(  # noqa: D102
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stdout: IO[bytes],
        stderr: IO[bytes],
        volumes: Sequence[Mount] = (),
    ) -> subprocess.Popen[bytes]: ...


class Mount(Protocol):
    """A directory or file of this machine that a process sees elsewhere."""

    @property
    def source(self) -> Path:
        """What is seen."""

    @property
    def target(self) -> str:
        """Where it is seen."""

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written through it."""


class Cell(Protocol):
    """The place of one test's services."""

    net: NetView
    capture: Capture | None
    private: bool
    """Ports, sockets and counters are the test's alone."""

    def spawn(  # noqa: D102 — see Spawn
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stdout: IO[bytes],
        stderr: IO[bytes],
        volumes: Sequence[Mount] = (),
    ) -> subprocess.Popen[bytes]: ...

    def survivors(self) -> list[int]:
        """Return the process IDs of what runs in the cell."""

    def owns(self, socket: Socket) -> bool:
        """Tell whether a socket that ``net`` shows belongs to a process of the cell."""

    def kill(self) -> None:
        """Kill every process of the cell; it may be called again."""

    def close(self) -> None:
        """Kill every process of the cell and release what it holds. Services must have been waited for."""

    def wait(self, *, block: bool = True) -> bool:
        """Wait until nothing of a closed cell is left; return whether that is so."""


class NamespaceCell:
    """A cell in a network and a PID namespace.

    A thread of its own has entered the namespaces, because those of the main thread cannot always be
    restored: without privileges the way back from a PID namespace is closed. Its children live there.
    It begins to when the cell is made; before anything else is called, :meth:`enter` waits for it.

    Args:
        wanted: packets to capture; None: none.
    """

    private = True

    def __init__(self, wanted: PacketFilter | None = None) -> None:
        self.capture: Capture | None = None
        self._mounted: list[str] = []
        self._room = ThreadPoolExecutor(max_workers=1, thread_name_prefix="panther-cell")
        self._entering = self._room.submit(self._enter, wanted)

    def enter(self) -> Self:
        """Wait until the thread has entered the namespaces.

        Raises:
            OSError: the kernel refuses; nothing remains.
        """
        try:
            self._holder, self._lifeline = self._entering.result()
        except BaseException:
            self._room.shutdown()
            raise
        self._processes = _namespace_of(self._holder.pid)
        self.net = NetView(Path(f"/proc/{self._holder.pid}/net"), private=True)
        return self

    def _enter(self, wanted: PacketFilter | None) -> tuple[subprocess.Popen[bytes], int]:
        namespaces.enter_new_namespaces()
        if wanted is not None:
            with contextlib.suppress(OSError):  # a kernel without packet sockets: the wire is not observed
                self.capture = Capture(wanted)
        read_end, write_end = os.pipe()
        try:
            kept = () if self.capture is None else (self.capture.fileno(),)
            return namespaces.start_holder(read_end, kept), write_end
        except BaseException:
            os.close(write_end)
            if self.capture is not None:
                self.capture.close()
            raise
        finally:
            os.close(read_end)

    def spawn(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stdout: IO[bytes],
        stderr: IO[bytes],
        volumes: Sequence[Mount] = (),
    ) -> subprocess.Popen[bytes]:
        """Start a process in the namespaces; see :class:`Spawn`."""
        return self._room.submit(
            self._start, volumes, argv, env=env, cwd=cwd, stdout=stdout, stderr=stderr
        ).result()

    def _start(
        self, volumes: Sequence[Mount], argv: Sequence[str], **options: Any
    ) -> subprocess.Popen[bytes]:
        if volumes or self._mounted:
            # A copy of the mounts for this process, without those of the one before it.
            namespaces.enter_new_mounts(unmount=self._mounted)
            self._mounted = []
            for volume in volumes:
                namespaces.bind_mount(volume.source, volume.target, read_only=volume.read_only)
                self._mounted.insert(0, volume.target)
        return _start(argv, **options)

    def survivors(self) -> list[int]:
        """Return the process IDs of what runs in the PID namespace, beside its holder."""
        return [
            pid
            for pid in _process_ids()
            if _namespace_of(pid) == self._processes and _session_of(pid) != self._holder.pid
        ]

    def owns(self, socket: Socket) -> bool:
        """Return True: nobody else is in the namespace."""
        return True

    def kill(self) -> None:
        """Kill the namespace's first process, and with it all others."""
        self._holder.kill()

    def close(self) -> None:
        """Kill what is left; :meth:`wait` waits until the kernel has done so."""
        if self.capture is not None:
            self.capture.close()  # before the holder, whose descriptor is then the last one
        self.kill()
        os.close(self._lifeline)
        self._room.shutdown(wait=False)

    def wait(self, *, block: bool = True) -> bool:
        """Wait until the kernel has killed the last process of a closed cell; return whether it has."""
        if block:
            self._holder.wait()
        return self._holder.poll() is not None


class SessionCell:
    """A cell without namespaces: each service leads a session, and daemons are found by a variable."""

    private = False

    def __init__(self) -> None:
        self.capture: Capture | None = None
        self.net = NetView(Path("/proc/self/net"), private=False)
        self._mark = f"{own_mark()}-{uuid.uuid4().hex}"
        self._started: list[int] = []

    def spawn(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stdout: IO[bytes],
        stderr: IO[bytes],
        volumes: Sequence[Mount] = (),
    ) -> subprocess.Popen[bytes]:
        """Start a process that the kernel kills if the runner dies; see :class:`Spawn`."""
        if volumes:
            raise OSError("volumes need a namespace")  # the environment has refused them before
        marked = {**env, CELL_VARIABLE: self._mark}
        process = _start(
            argv, env=marked, cwd=cwd, stdout=stdout, stderr=stderr, before=namespaces.kill_with_parent
        )
        self._started.append(process.pid)
        return process

    def survivors(self) -> list[int]:
        """Return the process IDs of the cell's processes."""
        mark = f"{CELL_VARIABLE}={self._mark}".encode()
        return [pid for pid in _process_ids() if mark in _environment_of(pid)]

    def owns(self, socket: Socket) -> bool:
        """Tell whether one of the cell's processes has the socket open."""
        wanted = f"socket:[{socket.inode}]"
        if any(wanted in open_files(pid) for pid in self._started):
            return True
        return any(wanted in open_files(pid) for pid in self.survivors())  # a daemon's, maybe

    def kill(self) -> None:
        """Kill the cell's processes."""
        for pid in self.survivors():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """Kill until nothing is left, and reap the orphans, which have become children of this process."""
        while survivors := self.survivors():
            self.kill()
            for pid in survivors:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, 0)

    def wait(self, *, block: bool = True) -> bool:
        """Return at once: :meth:`close` has waited."""
        return True


def _start(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    stdout: IO[bytes],
    stderr: IO[bytes],
    before: Callable[[], Any] | None = None,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        argv,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
        preexec_fn=before,  # noqa: PLW1509 — one prctl; without namespaces the runner has one thread
    )


def _process_ids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _namespace_of(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/ns/pid").readlink())
    except OSError:  # it has ended, is a zombie, or belongs to somebody else
        return ""


def _session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return 0


def _environment_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def open_files(pid: int) -> set[str]:
    """Return what a process has open, as the links in /proc name it; nothing of one that has ended."""
    files = set()
    with contextlib.suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                files.add(str(entry.readlink()))
    return files

"""The network of a container, entered from this machine: programs of this machine run in it.

Namespaces belong to threads, so a thread of its own stays in the container's network and starts them. All
else of theirs is this machine's: files, processes, user.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, TypeVar

from panther.bench.cells import Mount
from panther.bench.namespaces import enter_network_of

__all__ = ["NetworkRoom", "is_in_network"]

ResultT = TypeVar("ResultT")

#: The kernel kills what is started when the thread that started it ends, with the runner at the latest:
#: setpriv(1) of util-linux. What lives on would keep the network alive when its container is gone.
_TIED = ("setpriv", "--pdeathsig", "KILL", "--")


class NetworkRoom:
    """A thread in the network namespace of a process.

    Args:
        pid: the process.

    Raises:
        ProcessLookupError: the process is gone.
        OSError: this user may not.
    """

    def __init__(self, pid: int) -> None:
        self._room = ThreadPoolExecutor(max_workers=1, thread_name_prefix="panther-room")
        try:
            self.do(lambda: enter_network_of(pid))
        except BaseException:
            self._room.shutdown()
            raise

    def do(self, work: Callable[[], ResultT]) -> ResultT:
        """Do something in the network."""
        return self._room.submit(work).result()

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
        """Start a program in the network; see :class:`panther.bench.cells.Spawn`.

        Raises:
            OSError: it cannot be started.
        """
        if volumes:
            raise OSError("volumes are for services")  # nobody asks for them
        return self.do(
            lambda: subprocess.Popen(
                [*_TIED, *argv],
                env=env,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
        )

    def leave(self) -> None:
        """Let the thread end, and with it what it has started and still runs."""
        self._room.shutdown(wait=True)


def is_in_network(pid: int) -> bool:
    """Tell whether a process has a network: one that has ended has none, also before it is waited for."""
    try:
        return bool(Path(f"/proc/{pid}/ns/net").readlink())
    except OSError:
        return False

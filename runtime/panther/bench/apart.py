"""Work that needs much memory once, in a process of its own: the memory goes with it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress

__all__ = ["apart"]


def apart(work: Callable[[], object]) -> None:
    """Do something that leaves its result on disk; what it raises passes through.

    Args:
        work: what is done, in a forked process where that is safe: where no other thread may hold a lock.
            If it fails there, it is done again here, for the error's sake. What is raised here while it is
            done there, by a handler of signals, ends it: it gets SIGTERM, which has the same handler there.
    """
    if threading.active_count() > 1:
        work()
        return
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setpgid(0, 0)  # Ctrl-C on the terminal is for the runner, which hands it on
            work()
            status = 0
        finally:
            os._exit(status)
    try:
        _, status = os.waitpid(child, 0)
    except BaseException:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
        raise
    if status:
        work()

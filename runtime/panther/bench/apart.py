"""Work that needs much memory once, in a process of its own: the memory goes with it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

__all__ = ["apart"]


def apart(work: Callable[[], object]) -> None:
    """Do something that leaves its result on disk; what it raises passes through.

    Args:
        work: what is done, in a forked process where that is safe: where no other thread may hold a lock.
            If it fails there, it is done again here, for the error's sake.
    """
    if threading.active_count() > 1:
        work()
        return
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if status:
        work()

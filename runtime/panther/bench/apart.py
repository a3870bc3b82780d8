"""Work that needs much memory once, in a process of its own: the memory goes with it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from panther.bench.interruption import held_back

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
    runner, child = os.getpid(), 0
    try:
        with held_back():  # what a handler raises is lost in what modules have registered for forks
            child = os.fork()
        if child == 0:
            _do_and_exit(work)
        _, status = os.waitpid(child, 0)
    except BaseException:
        if os.getpid() != runner:
            os._exit(1)
        if child:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(child, signal.SIGTERM)
                os.waitpid(child, 0)
        raise
    if status:
        work()


def _do_and_exit(work: Callable[[], object]) -> NoReturn:
    status = 1
    try:
        os.setpgid(0, 0)  # Ctrl-C on the terminal is for the runner, which hands it on
        work()
        status = 0
    finally:
        os._exit(status)

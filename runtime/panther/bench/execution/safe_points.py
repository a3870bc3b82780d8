"""When a profiler within a program may be sent its signal: while the program waits for something.

The handlers of gperftools allocate memory. One that interrupts ``malloc`` ends the program, so that the
signal is only sent while the main thread, which handles it, is in a system call that waits. To keep it there
it is stopped meanwhile. proc(5): ``/proc/<pid>/syscall`` begins with the call's number, -1 for none.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import platform
import signal
import time
from pathlib import Path

__all__ = ["is_stopped", "signal_while_waiting"]

_LOOK_AGAIN = 0.0005
_STOPPED_WITHIN = 0.1
#: Stopped by a signal; stopped while strace looks on.
_STOPPED = ("T", "t")
#: read, poll, select, nanosleep, accept, recvfrom, recvmsg, futex, clock_nanosleep, epoll_wait, pselect6,
#: ppoll, epoll_pwait, accept4, recvmmsg: the numbers of linux/arch/x86/entry/syscalls/syscall_64.tbl and
#: include/uapi/asm-generic/unistd.h.
_WAITING = {
    "x86_64": frozenset({0, 7, 23, 35, 43, 45, 47, 202, 230, 232, 270, 271, 281, 288, 299}),
    "aarch64": frozenset({22, 63, 72, 73, 98, 101, 115, 202, 207, 212, 242, 243}),
}


async def signal_while_waiting(number: int, pid: int, *, patience: float) -> bool:
    """Send a signal to a process while it waits.

    Args:
        number: the signal.
        pid: the process.
        patience: seconds; the time may be infinite.

    Returns:
        Whether it was sent: not, where the process has ended or has not waited.
    """
    deadline = time.monotonic() + patience
    while Path(f"/proc/{pid}").exists() and time.monotonic() <= deadline:
        if _state(pid) == "S" and _waits(pid) and await _signal_stopped(number, pid):
            return True
        await asyncio.sleep(_LOOK_AGAIN)
    return False


async def _signal_stopped(number: int, pid: int) -> bool:
    """Stop a process and send it a signal if it still waits; it goes on in any case."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
        try:
            deadline = time.monotonic() + _STOPPED_WITHIN
            while _state(pid) not in {*_STOPPED, "Z", ""} and time.monotonic() < deadline:
                await asyncio.sleep(_LOOK_AGAIN)
            if is_stopped(pid) and _waits(pid):
                os.kill(pid, number)
                return True
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
    return False


def is_stopped(pid: int) -> bool:
    """Tell whether a process is stopped by a signal, or while somebody traces it."""
    return _state(pid) in _STOPPED


def _state(pid: int) -> str:
    """Return the state of the main thread, as proc(5) has it; the empty string where it has ended."""
    try:
        stat = Path(f"/proc/{pid}/task/{pid}/stat").read_text(errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[0]


def _waits(pid: int) -> bool:
    """Tell whether the main thread is in a call that waits; where that cannot be read, it is taken to."""
    known = _WAITING.get(platform.machine())
    try:
        word = Path(f"/proc/{pid}/syscall").read_text().split()[0]
    except (OSError, IndexError):
        return True
    return known is None or (word.lstrip("-").isdecimal() and int(word) in known)

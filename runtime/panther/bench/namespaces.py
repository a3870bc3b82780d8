"""Linux namespaces by way of libc: Python 3.11 has neither ``os.unshare`` nor ``os.setns``.

Namespaces belong to threads, so a thread that has called :func:`enter_new_namespaces` starts
processes in a network and a PID namespace of their own while all other threads stay where they are.
Facts are from namespaces(7), user_namespaces(7), pid_namespaces(7) and netdevice(7).
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import signal
import socket
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

__all__ = [
    "bind_mount",
    "enter_network_of",
    "enter_new_mounts",
    "enter_new_namespaces",
    "enter_user_namespace",
    "kill_with_parent",
    "start_holder",
    "why_not",
]

_CLONE_NEWNS = 0x00020000
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWPID = 0x20000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
#: As mount(2) and umount2(2) have them.
_MS_RDONLY, _MS_REMOUNT, _MS_BIND, _MS_REC, _MS_PRIVATE = 0x1, 0x20, 0x1000, 0x4000, 0x40000
_MNT_DETACH = 2
#: Flags that an unprivileged remount must keep (mount_namespaces(7)), and their names in statvfs.
_LOCKED_FLAGS = 0x2 | 0x4 | 0x8  # nosuid, nodev, noexec: the same bits in both
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1
_IFF_RUNNING = 0x40

_libc = ctypes.CDLL(None, use_errno=True)

#: Settings of a new network namespace, below /proc/sys/net. Without IPv6, "localhost" means 127.0.0.1
#: to every program. Ports below 1024 are free to programs that are not root: the namespace is the test's.
_SETTINGS = {"ipv6/conf/lo/disable_ipv6": "1", "ipv4/ip_unprivileged_port_start": "0"}

#: What a holder does: while a shell waits for a subshell, it reaps every child, orphans among them. It cannot
#: read by itself: the end of an orphan would interrupt it.
_HOLD = "trap '' INT TERM HUP; (read -r end); exit"


def enter_new_namespaces() -> None:
    """Move this thread into a new network namespace; its next children open a new PID namespace.

    Raises:
        OSError: the kernel does not allow it.
    """
    _unshare(_CLONE_NEWNET | _CLONE_NEWPID)
    _bring_loopback_up()
    for name, value in _SETTINGS.items():
        setting = Path("/proc/sys/net", name)
        if setting.exists():  # a kernel without IPv6 has nothing to switch off
            setting.write_text(value)


def enter_network_of(pid: int) -> None:
    """Move this thread into the network namespace of a process: setns(2).

    Raises:
        ProcessLookupError: the process is gone.
        OSError: the kernel does not allow it.
    """
    try:
        namespace = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH)) from None
    try:
        if _libc.setns(namespace, _CLONE_NEWNET) != 0:
            raise _failure("setns")
    finally:
        os.close(namespace)


def enter_new_mounts(*, unmount: Sequence[str] = ()) -> None:
    """Give this thread a copy of its mounts that nobody else sees changes of.

    Args:
        unmount: targets of mounts that the copy is to be without, the last one made first.

    Raises:
        OSError: the kernel does not allow it.
    """
    _unshare(_CLONE_NEWNS)
    _mount(None, "/", _MS_REC | _MS_PRIVATE)
    for target in unmount:
        if _libc.umount2(target.encode(), _MNT_DETACH) != 0:
            raise _failure(target)


def bind_mount(source: Path, target: str, *, read_only: bool) -> None:
    """Let ``source`` be seen at ``target``, which exists, by this thread and what it starts.

    Raises:
        OSError: one of the two is not there, or the kernel does not allow it.
    """
    _mount(os.fspath(source), target, _MS_BIND | _MS_REC)
    if read_only:
        kept = os.statvfs(target).f_flag & _LOCKED_FLAGS
        _mount(None, target, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | kept)


def enter_user_namespace() -> None:
    """Move this process, which must have a single thread, into a user namespace with the same user and group.

    Raises:
        OSError: the kernel does not allow it, or the process has several threads.
    """
    user, group = os.geteuid(), os.getegid()
    _unshare(_CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")  # else an unprivileged process may not map its group
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def why_not() -> tuple[bool, str]:
    """Try in a child process whether namespaces can be made, so that a refusal leaves no trace in this one.

    Returns:
        Whether a user namespace is needed first, and why namespaces are not possible ("" if they are).
    """
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(write_end, _try_namespaces().encode())
        finally:
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        answer = pipe.read().decode()
    os.waitpid(child, 0)
    return answer == "user", "" if answer in {"plain", "user"} else answer or "the trial process died"


def start_holder(lifeline: int, kept: Sequence[int] = ()) -> subprocess.Popen[bytes]:
    """Start the first process of this thread's new PID namespace.

    It reaps orphans and waits until the other end of the pipe is closed. When it ends, the kernel kills
    every process of the namespace, also those that have made themselves daemons. It is a shell and no fork of
    this process, which would have to copy every page that it then writes. Its session is for it alone.

    Args:
        lifeline: read end of a pipe whose write end only this process has.
        kept: file descriptors that the holder keeps open. Closing a packet socket for good takes the kernel
            10 ms and more, which the caller is spared if it is not the last.

    Raises:
        OSError: no process could be made.
    """
    # Its own session: Ctrl-C on the terminal is for the runner.
    return subprocess.Popen(
        ["/bin/sh", "-c", _HOLD],
        stdin=lifeline,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=kept,
        env={},
        cwd="/",
        start_new_session=True,
    )


def kill_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends: PR_SET_PDEATHSIG, prctl(2)."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _try_namespaces() -> str:
    try:
        enter_new_namespaces()
    except PermissionError:
        pass
    except OSError as error:
        return _sentence(error)
    else:
        return "plain"
    try:
        enter_user_namespace()
        enter_new_namespaces()
    except OSError as error:
        return _sentence(error)
    return "user"


def _sentence(error: OSError) -> str:
    what = error.filename if isinstance(error.filename, str) else "unshare"
    return f"this kernel does not allow namespaces here ({what}: {error.strerror})"


def _unshare(flags: int) -> None:
    if _libc.unshare(flags) != 0:
        raise _failure("unshare")


def _mount(source: str | None, target: str, flags: int) -> None:
    from_where = None if source is None else source.encode()
    if _libc.mount(from_where, target.encode(), None, ctypes.c_ulong(flags), None) != 0:
        raise _failure(target)


def _failure(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), what)


def _bring_loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14s", b"lo", _IFF_UP | _IFF_RUNNING, b"")
        fcntl.ioctl(control, _SIOCSIFFLAGS, request)

"""``gdb``: a backtrace of every thread when a service crashes."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from panther.bench.execution.base import ExecutionEnvironment, Profile, Spot, Tool, started_by
from panther.plugins.services.base.command import Command

__all__ = ["Gdb"]

_CRASHES = "SIGSEGV SIGABRT SIGBUS SIGFPE SIGILL SIGSYS"
_ENDED = re.compile(r"^\[Inferior \d+ \(.*\) exited (?:with code (?P<octal>[0-7]+)|normally)\]", re.MULTILINE)
_KILLED = re.compile(r"^Program terminated with signal (?P<name>SIG\w+)", re.MULTILINE)
_CRASHED = re.compile(
    rf"^(?:Thread .*|Program) received signal (?P<name>{_CRASHES.replace(' ', '|')})", re.MULTILINE
)
_FRAME = re.compile(r"^#0 +(?:0x[0-9a-f]+ in )?(?P<name>.+)", re.MULTILINE)
_SHOWN = 4000


class Gdb(ExecutionEnvironment):
    """gdb stops at signals that mean a crash and hands on all others."""

    name = "gdb"
    about = "a backtrace on a crash, by gdb"
    cost = 2.0
    tools = (Tool("gdb", "gdb"),)
    closeness = 1
    excludes = frozenset({"strace", "py-spy", "memcheck", "helgrind"})
    is_parent = True

    def wrap(self, command: Command, spot: Spot) -> Command:
        """Run the program in gdb, without a shell between, and let the crash happen when it is recorded."""
        log = _log(spot)
        said = (
            f"set logging file {log}", "set logging redirect on", "set logging enabled on",
            "set confirm off", "set startup-with-shell off", "set debuginfod enabled off",
            "handle all nostop noprint pass", f"handle {_CRASHES} stop print",
            "handle SIGINT nostop noprint pass", "run", "thread apply all backtrace 50", "continue",
        )  # fmt: skip
        words = [word for one in said for word in ("-ex", one)]
        return started_by(command, *spot.proc, "gdb", "-nx", "-q", "-batch", *words, "--args")

    def status(self, returncode: int, spot: Spot) -> int | None:
        """Return how the program ended, which gdb's own status does not say."""
        text = _text(_log(spot))
        if killed := list(_KILLED.finditer(text)):
            return -getattr(signal, killed[-1]["name"], signal.SIGKILL)
        if ended := list(_ENDED.finditer(text)):
            return int(ended[-1]["octal"] or "0", 8)
        return None

    def read(self, command: Command, spot: Spot) -> Profile | None:
        """Return the backtrace, or that there was no crash."""
        log = _log(spot)
        text = _text(log)
        if not text:
            return None
        crashed = _CRASHED.search(text)
        if crashed is None:
            return Profile("no crash", products=(log,))
        frame = _FRAME.search(text, crashed.end())
        where = f" in {frame['name']}" if frame else ""
        trace = text[crashed.start() :][:_SHOWN]
        return Profile(f"{crashed['name']}{where}", text=trace, products=(log,), findings=1)


def _log(spot: Spot) -> Path:
    return spot.file("gdb", ".txt")


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""

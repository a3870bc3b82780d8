"""``perf``: where a service and the kernel spend their time, by the kernel's own sampling."""

from __future__ import annotations

import re
import struct
from pathlib import Path

from pydantic import Field

from panther.bench.execution.base import ExecutionEnvironment, Profile, Settings, Spot, Tool, started_by
from panther.bench.execution.phrases import counted, python_note
from panther.plugins.services.base.command import Command

__all__ = ["Perf"]

_ROWS = 15
_REPORT = ("perf", "report", "--stdio", "--no-children", "-g", "none")
_LINE = re.compile(r" *(?P<share>[0-9.]+)% *; *(?P<samples>\d+) *;(?P<object>[^;]*);(?P<name>.*)")


class PerfSettings(Settings):
    """What can be set."""

    frequency: int = Field(default=499, ge=1, le=10_000, description="samples a second")


class Perf(ExecutionEnvironment):
    """perf sees the kernel too; without hardware counters it samples by a timer."""

    name = "perf"
    about = "CPU profile with the kernel's share, by perf"
    cost = 1.5
    tools = (Tool("perf", "linux-perf"),)
    capabilities = ("SYS_ADMIN",)  # engines do not know PERFMON yet
    every_system_call = True
    settings_class = PerfSettings
    is_parent = True

    def wrap(self, command: Command, spot: Spot) -> Command:
        """Record the program and its children with their call graphs."""
        frequency = self.settings.frequency
        words = ("perf", "record", "-q", "-F", frequency, "-g", "-o", _data(spot), "--")
        return started_by(command, *spot.proc, *words)

    def status(self, returncode: int, spot: Spot) -> int | None:
        """Return perf's status, which is the program's; None where perf left nothing."""
        data = _data(spot)
        return returncode if _recorded(data) else None

    def read(self, command: Command, spot: Spot) -> Profile | None:
        """Return the functions with the most samples."""
        data = _data(spot)
        if not _recorded(data):
            return None
        fields = ("--fields", "overhead,sample,dso,symbol", "--field-separator", ";")
        text = spot.home.output_of([*_REPORT, *fields, "-i", spot.home.seen(data)])
        found = [match for line in text.splitlines() if (match := _LINE.fullmatch(line.rstrip()))]
        samples = sum(int(match["samples"]) for match in found)
        rows = tuple(
            (match["samples"], match["share"], match["name"].strip(), match["object"].strip())
            for match in found
        )[:_ROWS]
        headline = counted(samples, "sample") + (f", {rows[0][1]} % of them in {rows[0][2]}" if rows else "")
        note = python_note(command, spot.home)
        return Profile(headline, ("samples", "%", "function", "object"), rows, products=(data,), note=note)


def _recorded(data: Path) -> bool:
    """Tell whether perf wrote to the end: the size of the data, in the file's header, is set last."""
    try:
        with data.open("rb") as file:
            header = file.read(56)
    except OSError:
        return False
    return len(header) == 56 and struct.unpack_from("=Q", header, 48)[0] > 0


def _data(spot: Spot) -> Path:
    return spot.file("perf", ".data")

"""``gperf_cpu``: where a program spends its time, by the sampling profiler of gperftools."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Annotated

from pydantic import Field

from panther.bench.execution.base import ExecutionEnvironment, Profile, Settings, Spot, Tool
from panther.bench.execution.gperftools import PPROF_TOOLS, WITHOUT_PRODUCT, preloading, top_functions
from panther.bench.execution.phrases import counted, python_note
from panther.plugins.services.base.command import Command

__all__ = ["GperfCpu"]

#: A real-time signal: programs have uses of their own for SIGUSR1 and SIGUSR2.
_SWITCH = 50


class GperfCpuSettings(Settings):
    """What can be set."""

    duration: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        default=None, description="seconds that are profiled, from the service's start; nothing: all of them"
    )
    frequency: int = Field(default=250, ge=1, le=4000, description="samples in a second of CPU time")


class GperfCpu(ExecutionEnvironment):
    """The profiler is switched on and off by a signal: a service that is stopped leaves its profile too.

    It is switched on when the service first waits for something, such as a packet.
    """

    name = "gperf_cpu"
    about = "CPU profile, by gperftools"
    tools = (Tool("libprofiler.so.0", "google-perftools", library=True), *PPROF_TOOLS)
    closeness = 2
    without_product = WITHOUT_PRODUCT
    settings_class = GperfCpuSettings
    start_signal = stop_signal = _SWITCH
    from_the_start = True

    def seconds(self) -> float | None:
        """Return the ``duration``."""
        duration: float | None = self.settings.duration
        return duration

    def wrap(self, command: Command, spot: Spot) -> Command:
        """Load the profiler into the program."""
        return preloading(
            command,
            "libprofiler.so.0",
            CPUPROFILE=spot.file("cpu", ".prof"),
            CPUPROFILESIGNAL=_SWITCH,
            CPUPROFILE_FREQUENCY=self.settings.frequency,
        )

    def read(self, command: Command, spot: Spot) -> Profile | None:
        """Return the functions with the most samples."""
        files = sorted(file for file in spot.directory.glob("cpu*.prof*") if file.stat().st_size)
        if not files:
            return None
        note = python_note(command, spot.home)
        count = sum(map(_samples, files))
        if not count:
            headline = (
                f"no sample: the service used less than {1000 / self.settings.frequency:g} ms of CPU time"
            )
            return Profile(headline, products=tuple(files), note=note)
        lines = top_functions(command, spot, files)
        headline = counted(count, "sample")
        if lines:
            headline += f", {lines[0][1]} % of them in {lines[0][3]}"
        columns = ("samples", "%", "with callees", "function")
        return Profile(headline, columns, tuple(lines), products=tuple(files), note=note)


def _samples(file: Path) -> int:
    """Count the samples of a profile: words of the machine's size, a header of five, then the records.

    A record is the number of samples, the depth of the stack, and the stack; the last one is 0, 1, 0.
    """
    data = file.read_bytes()
    size = struct.calcsize("N")
    words = struct.unpack_from(f"{len(data) // size}N", data)
    if len(words) < 2:
        raise ValueError(f"'{file.name}' is cut off")
    position, count = 2 + words[1], 0
    while position + 2 < len(words) and not (words[position] == 0 and words[position + 1] == 1):
        count += words[position]
        position += 2 + words[position + 1]
    return count

"""``py-spy``: where a Python program spends its time, in Python's own functions."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pydantic import Field

from panther.bench.execution.base import Beside, ExecutionEnvironment, Profile, Settings, Spot, Tool
from panther.bench.execution.companion import TOOL_LOG
from panther.bench.execution.phrases import counted
from panther.plugins.services.base.command import Command

__all__ = ["PySpy"]

_ROWS = 15
_TRIES = 4
#: A thread that is in the interpreter alone, as while it starts or ends.
_NO_FUNCTION = "no function of Python"


class PySpySettings(Settings):
    """What can be set."""

    rate: int = Field(default=200, ge=1, le=1000, description="samples a second")


class PySpy(ExecutionEnvironment):
    """It runs beside the service, whose status and signals stay its own: as a parent it would end with 0."""

    name = "py-spy"
    about = "CPU profile of Python programs, by py-spy"
    cost = 1.2
    tools = (Tool("py-spy", "py-spy", from_pypi=True, beside=True),)
    settings_class = PySpySettings
    from_the_start = True

    def beside(self, pid: int, spot: Spot) -> Beside | None:
        """Look at the process from outside, until it ends."""
        words = (
            *spot.proc,
            "py-spy",
            "record",
            "--rate",
            self.settings.rate,
            "--format",
            "raw",
            "--subprocesses",
        )
        command = Command(tuple(map(str, (*words, "--output", _stacks(spot), "--pid", pid))))
        # An interpreter that is being loaded is no Python process to it: it says so in its log, and ends.
        return Beside(command, ready=spot.directory / TOOL_LOG, words=b"Sampling process", tries=_TRIES)

    def read(self, command: Command, spot: Spot) -> Profile | None:
        """Return the functions with the most samples; the product is a list of folded stacks."""
        stacks = _stacks(spot)
        if not stacks.is_file():
            if spot.home.is_python(command):
                return None
            return Profile(
                "nothing: the service is no Python program", note="'gperf_cpu' and 'perf' see others"
            )
        own, whole = _counted(stacks)
        samples = sum(own.values())
        rows = tuple(
            (str(count), f"{100 * count / samples:.1f}", str(whole[name]), name)
            for name, count in own.most_common(_ROWS)
        )
        headline = counted(samples, "sample") + (f", {rows[0][1]} % of them in {rows[0][3]}" if rows else "")
        return Profile(headline, ("samples", "%", "with callees", "function"), rows, products=(stacks,))


def _stacks(spot: Spot) -> Path:
    return spot.file("py-spy", ".folded")


def _functions(frames: str) -> list[str]:
    """Return the frames of a stack without the first, which names the process where there may be several."""
    process, _, functions = frames.partition('";')
    return ((functions if process.startswith("process ") else frames) or _NO_FUNCTION).split(";")


def _counted(stacks: Path) -> tuple[Counter[str], Counter[str]]:
    """Count the samples in each function itself, and in it with all that it calls: ``a;b;c 12``."""
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for line in stacks.read_text(encoding="utf-8", errors="replace").splitlines():
        frames, _, count = line.rpartition(" ")
        names = [frame.rpartition(":")[0] + ")" if ":" in frame else frame for frame in _functions(frames)]
        own[names[-1]] += int(count)
        whole.update(dict.fromkeys(names, int(count)))
    return own, whole

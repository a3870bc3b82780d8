"""``gperf_heap``: what a program allocates, by the heap profiler of gperftools."""

from __future__ import annotations

import re
from pathlib import Path

from panther.bench.execution.base import ExecutionEnvironment, Profile, Spot, Tool
from panther.bench.execution.gperftools import PPROF_TOOLS, WITHOUT_PRODUCT, preloading, top_functions
from panther.bench.execution.phrases import python_note
from panther.plugins.services.base.command import Command

__all__ = ["GperfHeap"]

_DUMP = 51
#: ``heap profile:  27: 81920 [ 120: 99120] @ heapprofile``: blocks and bytes in use, blocks and bytes ever.
_TOTALS = re.compile(r"heap profile:\s*(\d+):\s*(\d+)\s*\[\s*(\d+):\s*(\d+)\]")


class GperfHeap(ExecutionEnvironment):
    """A dump is asked for by a signal before a service is stopped, and is written at a clean exit too."""

    name = "gperf_heap"
    about = "heap profile, by gperftools"
    tools = (Tool("libtcmalloc.so.4", "google-perftools", library=True), *PPROF_TOOLS)
    closeness = 2
    without_product = WITHOUT_PRODUCT
    cost = 3.0
    stop_signal = _DUMP

    def wrap(self, command: Command, spot: Spot) -> Command:
        """Load the allocator, with its profiler, into the program."""
        path = spot.file("heap", "")
        return preloading(command, "libtcmalloc.so.4", HEAPPROFILE=path, HEAPPROFILESIGNAL=_DUMP)

    def read(self, command: Command, spot: Spot) -> Profile | None:
        """Return the functions that allocated the most, by the largest of the last dumps."""
        dumps = sorted(spot.directory.glob("heap*.heap"))
        if not dumps:
            return None
        last = dumps[-1]
        blocks, size, all_blocks, all_size = _totals(last)
        lines = top_functions(command, spot, [last], "--alloc_space", "--show_bytes")
        headline = (
            f"{_amount(all_size)} allocated in {all_blocks} blocks, "
            f"{_amount(size)} in {blocks} blocks of it in use at the end"
        )
        columns = ("bytes", "%", "with callees", "function")
        return Profile(
            headline,
            columns,
            tuple(lines),
            products=tuple(dumps),
            note=python_note(command, spot.home),
        )


def _totals(dump: Path) -> tuple[int, int, int, int]:
    with dump.open("rb") as file:
        found = _TOTALS.match(file.readline(256).decode("ascii", "replace"))
    if found is None:
        raise ValueError(f"'{dump.name}' is no heap profile")
    blocks, size, all_blocks, all_size = map(int, found.groups())
    return blocks, size, all_blocks, all_size


def _amount(size: int) -> str:
    return f"{size / 2**20:.1f} MiB" if size >= 2**20 else f"{size / 2**10:.1f} KiB"

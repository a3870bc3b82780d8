"""``memcheck``: errors with memory, and leaks, by valgrind."""

from __future__ import annotations

import re

from panther.bench.execution.valgrind import Valgrind

__all__ = ["Memcheck"]

_LOST = re.compile(r"definitely lost: ([\d,]+) bytes in ([\d,]+) blocks")


class Memcheck(Valgrind):
    """Invalid reads and writes, values that were never set, and memory that nothing points to any more."""

    name = "memcheck"
    about = "memory errors and leaks, by valgrind"
    cost = 16.0
    options = ("--leak-check=full",)

    def headline(self, errors: int, texts: list[str]) -> str:
        """Return the errors and the memory that is lost."""
        lost = [found for text in texts if (found := _LOST.search(text))]
        bytes_, blocks = (sum(int(found[part].replace(",", "")) for found in lost) for part in (1, 2))
        return f"{super().headline(errors, texts)}, {bytes_} bytes in {blocks} blocks definitely lost"

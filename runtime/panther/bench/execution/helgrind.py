"""``helgrind``: data races and misuse of locks, by valgrind."""

from __future__ import annotations

from panther.bench.execution.valgrind import Valgrind

__all__ = ["Helgrind"]


class Helgrind(Valgrind):
    """Threads that touch the same memory without a lock, and locks that are taken in different orders."""

    name = "helgrind"
    about = "data races, by valgrind"
    cost = 15.0

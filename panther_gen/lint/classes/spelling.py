"""Names that look like a template method's, but are not one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from panther_gen.lint.classes.contract import Slot, template_names

__all__ = ["distance", "misspelt"]

_SHORT = 8
_LONG = 20


def misspelt(name: str, contract: Mapping[str, Slot]) -> str:
    """Return the template method that ``name`` is probably meant for; empty if there is none."""
    if name in contract or (name.startswith("__") and name.endswith("__")):
        return ""
    return _nearest(name, tuple(template_names(contract)))


@lru_cache(maxsize=4096)  # plugins have the same few helpers
def _nearest(name: str, names: tuple[str, ...]) -> str:
    letters = _letters(name)
    candidates = [(distance(name, known), known) for known in names if _close(name, letters, known)]
    return min(candidates)[1] if candidates else ""


def _close(name: str, letters: str, known: str) -> bool:
    if letters == _letters(known):
        return True
    allowed = 0 if len(known) < _SHORT else 2 if len(known) < _LONG else 3
    return abs(len(name) - len(known)) <= allowed and distance(name, known) <= allowed


@lru_cache(maxsize=1024)
def _letters(name: str) -> str:
    return name.replace("_", "").lower()


@lru_cache(maxsize=4096)
def distance(first: str, second: str) -> int:
    """Return how many letters must be inserted, deleted, replaced or swapped with their neighbour."""
    before: list[int] = []
    current = list(range(len(second) + 1))
    for row, letter in enumerate(first, 1):
        before, previous, current = current, before, [row]
        for column, other in enumerate(second, 1):
            costs = [before[column] + 1, current[-1] + 1, before[column - 1] + (letter != other)]
            if row > 1 and column > 1 and letter == second[column - 2] and first[row - 2] == other:
                costs.append(previous[column - 2] + 1)
            current.append(min(costs))
    return current[-1]

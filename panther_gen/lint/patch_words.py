"""Whether a source may patch a class at all: asked of every file, so by its plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

__all__ = ["may_patch", "may_patch_own"]

#: Words of which one stands in every patch that does not name the method as an attribute.
_MEANS = (
    "exec",
    "eval",
    "vars",
    "setattr",
    "delattr",
    "__setattr__",
    "__delattr__",
    "__dict__",
    "__class__",
    "__bases__",
    "__getattribute__",
    "__code__",
    "f_locals",
)
#: An attribute that is assigned, or may be: as one of several targets, of a loop, of an import.
_ASSIGNED = re.compile(r"\.(\w+)\s*(?::|[-+|&^@%*/]*=(?!=)|,|\)|\]|in\b)")
_DEL = re.compile(r"\bdel\b")
_DELETED = re.compile(r"\.(\w+)")


def may_patch(text: str, names: Collection[str]) -> bool:
    """Tell whether a source may patch one of some methods of an imported class; asked of every file."""
    return _has_word(text, _MEANS) or not _attributes(text).isdisjoint(names)


def may_patch_own(text: str, names: Collection[str]) -> bool:
    """Tell whether a source may patch one of some methods of its own class, however it is written."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)  # as Python reads names
    return _has_word(plain, _MEANS) or _has_word(plain, names)


def _has_word(text: str, words: Collection[str]) -> bool:
    """Tell whether one of some words stands in a text; most have none, not even as a part of another."""
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words if word in text)


@lru_cache(maxsize=8)
def _attributes(text: str) -> frozenset[str]:
    """Return the names of attributes that a source may assign or delete."""
    found = set(_ASSIGNED.findall(text))
    if _DEL.search(text):
        lines = (line for line in text.split("\n") if _DEL.search(line))
        found.update(name for line in lines for name in _DELETED.findall(line))
    return frozenset(found)

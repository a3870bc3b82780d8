"""From the plain text alone: whether a source may set some attributes. Asked of every file, so it is cheap.

It never says no where the syntax tree holds such a place, however that is written; it may say yes in vain.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

__all__ = ["may_patch"]

#: Words of which one stands in every place that does not name the attribute behind a dot, by a part of them.
_MEANS = (
    ("attr", ("setattr", "delattr", "__setattr__", "__delattr__", "__getattribute__")),
    ("exec", ("exec",)),
    ("eval", ("eval",)),
    ("vars", ("vars",)),
    ("__dict", ("__dict__",)),
    ("__class_", ("__class__",)),
    ("__bases", ("__bases__",)),
    ("__code", ("__code__",)),
    ("f_locals", ("f_locals",)),
)
#: A name behind a dot, and what can follow it where it is assigned: as one of several targets, in brackets,
#: of a loop, before a comment. Between the dot and the name there may be anything if a comment is there.
_ASSIGNED = re.compile(r"\.[\s\\]*(#|\w++(?![\w(.\[])(?=[\s\\]*(?:[-+|&^@%*/<>]*=(?!=)|[:,)\]#]|in\b)))")
_DEL = re.compile(r"\bdel\b")
_NAMED = re.compile(r"\.[\s\\]*(#|\w+)")
_ANY = "#"


def may_patch(text: str, names: Collection[str]) -> bool:
    """Tell whether a source may set or delete an attribute that has one of some names.

    Args:
        text: of a module.
        names: of the attributes, as Python reads them.
    """
    found = _signs(text)
    return _ANY in found or not found.isdisjoint(names)


@lru_cache(maxsize=8)
def _signs(text: str) -> frozenset[str]:
    """Return the names of the attributes that may be set; ``#`` if they may be any."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)  # as Python reads names
    if any(_stands_in(plain, word) for sign, words in _MEANS if sign in plain for word in words):
        return frozenset((_ANY,))
    deletes = "del" in plain and _DEL.search(plain) is not None
    return frozenset((_NAMED if deletes else _ASSIGNED).findall(plain))


def _stands_in(text: str, word: str) -> bool:
    """Tell whether a word stands in a text, not only as a part of another: ``exec`` in ``executable``."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (_is_in_word(text[start - 1 : start]) or _is_in_word(text[end : end + 1])):
            return True
        start = text.find(word, end)
    return False


def _is_in_word(character: str) -> bool:
    return character.isalnum() or character == "_"

"""Annotations of what methods return, as far as they consist of builtin types."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from panther_gen.lint.classes.contract import Slot
from panther_gen.lint.classes.look import method_node
from panther_gen.lint.plugins.config_fields import annotation_key

__all__ = ["fits", "returns_plainly"]

_PLAIN = {"str", "bytes", "int", "float", "bool", "None", "list", "dict", "tuple", "set", "frozenset"}
#: Each goes where the next is expected.
_NUMBERS = ["bool", "int", "float"]


def returns_plainly(slot: Slot) -> bool:
    """Tell whether a base class says that a method returns a builtin type, so nothing to be awaited."""
    text = slot.binding.returns
    if not text and not slot.owner.module.is_shipped:
        node = method_node(slot.owner, slot.name)
        text = ast.unparse(node.returns) if node is not None and node.returns is not None else ""
    return bool(text) and _is_plain(_key_of(text))


def fits(own: ast.expr, expected: str) -> bool:
    """Tell whether an annotation may stand where a base class has another one.

    What is not made of builtin types alone is left to the type checker.
    """
    given, wanted = annotation_key(own), _key_of(expected)
    if given == wanted or not _is_plain(given) or not _is_plain(wanted):
        return True
    parts = _members(wanted)
    return all(any(_one_fits(one, part) for part in parts) for one in _members(given))


@lru_cache(maxsize=256)  # base classes say the same few things
def _key_of(text: str) -> str:
    return annotation_key(ast.parse(text, mode="eval").body)


def _is_plain(key: str) -> bool:
    return set(re.findall(r"\w+", key)) <= _PLAIN


def _one_fits(given: str, wanted: str) -> bool:
    heads = given.partition("[")[0], wanted.partition("[")[0]
    if heads[0] == heads[1] and (given in heads or wanted in heads or heads[0] == "tuple"):
        return True  # without its parameters a type says less, which is not wrong
    if given in _NUMBERS and wanted in _NUMBERS:
        return _NUMBERS.index(given) <= _NUMBERS.index(wanted)
    return given == wanted


def _members(key: str) -> list[str]:
    """Return the members of a union; what stands in brackets stays together."""
    members, depth = [""], 0
    for part in re.split(r"( \| |[\[\]])", key):
        depth += (part == "[") - (part == "]")
        if part == " | " and not depth:
            members.append("")
        else:
            members[-1] += part
    return members

"""The classes without a contract of their own that a class with one inherits from."""

from __future__ import annotations

import builtins
from collections.abc import Collection, Iterator

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.disk.modules import is_standard_library
from panther_gen.lint.reading.summary import Reference

__all__ = ["EMPTY", "mixins", "unread_before"]

#: Bases that bring no method of their own.
EMPTY = {
    "abc.ABC",
    "builtins.object",
    "typing.Generic",
    "typing.Protocol",
    "typing_extensions.Generic",
    "typing_extensions.Protocol",
}


def mixins(view: ClassView) -> Iterator[tuple[Reference, ClassView, bool]]:
    """Yield the mixins that this class is the first to join with a contract.

    Returns:
        For each, the base's expression that brings it, its view, and whether it stands before a class of
        the contract, so that what it defines goes first.
    """
    order = view.ancestors
    if all(base.has_contract or base.declares_contract or base.module.is_shipped for base in order):
        return
    contracted = [index for index, base in enumerate(order) if base.has_contract or base.declares_contract]
    for index, base in enumerate(order):
        if index in contracted or base.module.is_shipped:
            continue
        holders = [(reference, one) for reference, one in view.bases if base in one.mro]
        if not any(one.has_contract or one.declares_contract for _, one in holders):
            yield holders[0][0], base, index < contracted[-1]


def unread_before(view: ClassView, names: Collection[str]) -> Iterator[tuple[Reference, str]]:
    """Yield the classes of the standard library whose methods go before those of a contract.

    Args:
        view: a class with a contract.
        names: of its methods; builtin classes are asked whether they have one, others are not imported.

    Returns:
        For each, the base's expression that brings it, and its dotted name.
    """
    for reference in view.summary.bases:
        found = [base for written, base in view.bases if written is reference]
        if any(base.has_contract or base.declares_contract for base in found):
            return
        for dotted in view.dotted(reference) if not found else _of_standard_library(found):
            if is_standard_library(dotted) and dotted not in EMPTY and _may_have(dotted, names):
                yield reference, dotted


def _of_standard_library(found: list[ClassView]) -> set[str]:
    """Return the dotted names of what some mixins derive from."""
    holders = (one for mixin in found for one in mixin.mro)
    return {dotted for one in holders for reference in one.summary.bases for dotted in one.dotted(reference)}


def _may_have(dotted: str, names: Collection[str]) -> bool:
    module, _, name = dotted.rpartition(".")
    known = getattr(builtins, name, None) if module == "builtins" else None
    return known is None or any(hasattr(known, one) for one in names)

"""The classes without a contract of their own that a class with one inherits from."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.hierarchy import ClassView
from panther_gen.lint.summary import Reference

__all__ = ["mixins"]


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

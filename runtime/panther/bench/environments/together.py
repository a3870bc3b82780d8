"""Waiting for several things at once, none of which is left running when another fails."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

__all__ = ["all_of"]

ResultT = TypeVar("ResultT")


async def all_of(work: Iterable[Coroutine[Any, Any, ResultT]]) -> list[ResultT]:
    """Run coroutines side by side to their ends and return their results.

    Raises:
        Exception: the first failure in the order of ``work``, once all have ended.
    """
    ends = await asyncio.gather(*work, return_exceptions=True)
    results = []
    for end in ends:
        if isinstance(end, BaseException):
            raise end
        results.append(end)
    return results

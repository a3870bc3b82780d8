"""The order in which things are begun that wait for others: ``depends_on``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

__all__ = ["Order"]

ResultT = TypeVar("ResultT")


class Order:
    """Begins each piece of work when those that it depends on have ended.

    Args:
        names: all pieces. Those that a piece depends on and that are not among them came before.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._ends: dict[str, asyncio.Future[None]] = {
            name: asyncio.get_running_loop().create_future() for name in names
        }

    async def after(
        self, others: Iterable[str], name: str, work: Callable[[], Coroutine[Any, Any, ResultT]]
    ) -> ResultT:
        """Do a piece of work after others; return its result, and let what it raises pass.

        Args:
            others: what comes first.
            name: the piece's own name.
            work: begins the piece. It is not called where one of the others has failed.
        """
        try:
            await asyncio.gather(*(self._ends[other] for other in others if other in self._ends))
            result = await work()
        except BaseException as error:
            self._end(name, error)
            raise
        self._end(name, None)
        return result

    def _end(self, name: str, error: BaseException | None) -> None:
        end = self._ends[name]
        if error is None:
            end.set_result(None)
        elif isinstance(error, Exception):
            end.set_exception(error)
            end.exception()  # retrieved: nobody may depend on it
        else:
            end.cancel()

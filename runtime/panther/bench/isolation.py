"""How the tests of a run are kept apart: what the machine allows, and what is said where it does not."""

from __future__ import annotations

import contextlib
import ctypes
from typing import Literal

from panther.bench import namespaces
from panther.bench.capture import PacketFilter
from panther.bench.cells import Cell, NamespaceCell, SessionCell
from panther.errors import MachineError

__all__ = ["Isolation", "IsolationMode", "choose_isolation"]

IsolationMode = Literal["auto", "namespace", "none"]

_PR_SET_CHILD_SUBREAPER = 36


class Isolation:
    """How the tests of a run are kept apart.

    Args:
        reason: why there are no namespaces; empty: there are.
    """

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        self.private = not reason
        self._begun: list[tuple[PacketFilter | None, NamespaceCell]] = []
        self._closed: list[Cell] = []

    def __str__(self) -> str:
        """Return the line that stands in the results."""
        return "namespace" if self.private else f"none: {self.reason}"

    def begin_cell(self, wanted: PacketFilter | None = None) -> None:
        """Begin to make a cell that is going to be opened: the kernel does so while others do their work."""
        if self.private:
            self._begun.append((wanted, NamespaceCell(wanted)))

    def open_cell(self, wanted: PacketFilter | None = None) -> Cell:
        """Make a cell for one test, or take one that has been begun.

        Args:
            wanted: packets to capture, where the cell can.

        Raises:
            MachineError: the machine has run out of namespaces or processes.
        """
        if not self.private:
            return SessionCell()
        try:
            return self._take(wanted).enter()
        except OSError as error:
            raise MachineError(
                f"no namespace could be made for a test: {error}",
                cure="run with --isolation none, or raise the limits in /proc/sys/user",
            ) from None

    def _take(self, wanted: PacketFilter | None) -> NamespaceCell:
        """Return a cell that is begun: of tests that want the same, any is as good as another."""
        for number, (captured, _) in enumerate(self._begun):
            if captured == wanted:
                return self._begun.pop(number)[1]
        return NamespaceCell(wanted)

    def close_cell(self, cell: Cell) -> None:
        """Kill what is left in a cell without waiting for the kernel, which :meth:`finish` does."""
        cell.close()
        # Those that are gone by now: a long run must not collect them.
        self._closed = [closed for closed in self._closed if not closed.wait(block=False)]
        self._closed.append(cell)

    def finish(self) -> None:
        """Wait until nothing of any cell is left, of those that were never opened neither."""
        while self._begun:
            with contextlib.suppress(OSError):  # the kernel has refused: nothing remains
                self.close_cell(self._begun.pop()[1].enter())
        while self._closed:
            self._closed.pop().wait()


def choose_isolation(mode: IsolationMode = "auto") -> Isolation:
    """Find out what the machine allows and prepare this process for it.

    Args:
        mode: ``auto``: namespaces where possible; ``namespace``: those or nothing; ``none``: none.

    Raises:
        MachineError: ``namespace`` is asked for and not possible.
    """
    reason = "it was asked for" if mode == "none" else _prepare_namespaces()
    if reason and mode == "namespace":
        raise MachineError(f"isolation 'namespace' is not possible: {reason}", cure="use --isolation auto")
    if reason:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    return Isolation(reason)


def _prepare_namespaces() -> str:
    """Return why namespaces are not possible, or "" when they are."""
    needs_user_namespace, reason = namespaces.why_not()
    if needs_user_namespace:
        try:
            namespaces.enter_user_namespace()
        except OSError as error:
            return f"a user namespace could not be entered with several threads ({error.strerror})"
    return reason

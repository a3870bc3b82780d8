"""The signals that end a run early: whom they reach while tests run, while a plugin blocks, at the end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

__all__ = ["Interrupted", "Interruption", "held_back"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """A signal has come where nothing is lost by stopping at once."""


class Interruption:
    """What signals have asked for. Only the main thread hears of them; elsewhere its caller sees to it."""

    def __init__(self) -> None:
        self.number: int | None = None
        """The first signal; None: there was none."""

        self._is_news = False
        self._tell: Callable[[int], None] | None = None

    @contextlib.contextmanager
    def noted(self) -> Iterator[None]:
        """Note a signal and go on; the next one ends the program at once."""

        def note(number: int, frame: FrameType | None) -> None:
            if self._is_news:
                raise SystemExit(128 + number)
            self._note(number)
            self._is_news = True

        with _handled(note):
            yield

    @contextlib.contextmanager
    def told(self, stop: Callable[[bool], None]) -> Iterator[None]:
        """Have the running loop call ``stop`` at each signal; its argument says whether it is another one."""
        loop = asyncio.get_running_loop()

        def tell(number: int) -> None:
            again = self.number is not None
            self._note(number)
            stop(again)

        with _handled(None):
            if threading.current_thread() is threading.main_thread():
                for number in _SIGNALS:
                    loop.add_signal_handler(number, tell, number)
                self._tell = tell
            if self._is_news:  # it came before the loop ran
                self._is_news = False
                stop(False)
            try:
                yield
            finally:
                self._tell = None
                for number in _SIGNALS:
                    loop.remove_signal_handler(number)

    @contextlib.contextmanager
    def breaking_off(self) -> Iterator[None]:
        """Have a signal end what blocks the loop, such as a compiler that a plugin waits for.

        Raises:
            CancelledError: one has come; the loop has been told.
        """
        tell = self._tell
        if tell is None:
            yield
            return

        def break_off(number: int, frame: FrameType | None) -> None:
            tell(number)
            raise asyncio.CancelledError

        with _handled(break_off, instead_of_loop=True):
            yield

    @contextlib.contextmanager
    def heeded(self) -> Iterator[None]:
        """Stop at once at a signal, also at one that has been noted.

        Raises:
            Interrupted: one has come.
        """

        def heed(number: int, frame: FrameType | None) -> None:
            self._note(number)
            raise Interrupted

        with _handled(heed):
            if self._is_news:
                raise Interrupted
            yield

    def _note(self, number: int) -> None:
        self.number = number if self.number is None else self.number


@contextlib.contextmanager
def _handled(
    handler: Callable[[int, FrameType | None], Any] | None, *, instead_of_loop: bool = False
) -> Iterator[None]:
    """Let a handler have the signals, and afterwards who had them before.

    Args:
        handler: None: whoever is put there meanwhile.
        instead_of_loop: keep the running loop from hearing of them too.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    with held_back():
        wakeup = signal.set_wakeup_fd(-1) if instead_of_loop else -1
        for number in _SIGNALS if handler else ():
            signal.signal(number, handler)
    try:
        yield
    finally:
        with held_back():
            for number, earlier in before.items():
                signal.signal(number, earlier)
            if instead_of_loop:
                signal.set_wakeup_fd(wakeup)


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Hold signals back for a moment; those that have come are heeded at its end."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

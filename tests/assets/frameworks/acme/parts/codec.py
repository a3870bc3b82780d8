"""Codecs."""

import sys
from abc import abstractmethod
from typing import Protocol, final


class Codec(Protocol):
    """Turns text into bytes."""

    @abstractmethod
    def encode(self, text: str) -> bytes:
        """Encode a text."""
        ...

    @staticmethod
    @abstractmethod
    def parse(text: str, strict: bool) -> bytes:
        """Parse a text."""
        ...


if sys.platform != "win32":

    class Loop:
        """A loop."""

        @final
        def turn(self) -> None:
            """Turn once."""

else:

    class Loop:
        """A loop."""

        @final
        def turn(self) -> None:
            """Turn once."""

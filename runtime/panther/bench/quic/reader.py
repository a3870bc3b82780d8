"""Reading numbers and vectors from bytes of which any may be missing."""

from __future__ import annotations

__all__ = ["Reader", "TruncatedError"]


class TruncatedError(ValueError):
    """There are fewer bytes than what was to be read."""


class Reader:
    """Reads one value after the other.

    Args:
        data: what is read.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0
        """How many bytes have been read."""

    @property
    def left(self) -> int:
        """How many bytes have not been read."""
        return len(self._data) - self.at

    def take(self, length: int) -> bytes:
        """Read some bytes.

        Raises:
            TruncatedError: fewer are left.
        """
        if length > self.left:
            raise TruncatedError(f"{length} bytes are needed at {self.at}, {self.left} are left")
        start, self.at = self.at, self.at + length
        return self._data[start : self.at]

    def number(self, length: int) -> int:
        """Read an unsigned integer of so many bytes, the most significant first; raises as :meth:`take`."""
        return int.from_bytes(self.take(length), "big")

    def skip(self, byte: bytes) -> None:
        """Read over as many repetitions of a byte as follow."""
        self.at = len(self._data) - len(self._data[self.at :].lstrip(byte))

    def varint(self) -> int:
        """Read an integer of variable length (RFC 9000, section 16); raises as :meth:`take`."""
        first = self.number(1)
        more = (1 << (first >> 6)) - 1
        return (first & 0x3F) << (8 * more) | self.number(more)

    def vector(self, length_bytes: int) -> bytes:
        """Read bytes after a number that says how many they are; raises as :meth:`take`."""
        return self.take(self.number(length_bytes))

"""Quantities with units, as people write them: ``20ms``, ``1.5 s``, ``2 %``, ``10 Mbit/s``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["DELAY", "LOSS", "RATE", "Impairment", "Quantity", "QuantityError"]

_NUMBER = re.compile(
    r"\s*(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))\s*(?P<unit>[^\s0-9].*?)?\s*", re.ASCII
)


class QuantityError(ValueError):
    """A text is no quantity of this kind.

    Attributes:
        cure: how to write one.
    """

    def __init__(self, message: str, cure: str) -> None:
        super().__init__(message)
        self.cure = cure


@dataclass(frozen=True)
class Quantity:
    """A kind of quantity."""

    name: str
    units: Mapping[str, float]
    """Factor of each unit, in small letters."""

    example: str
    least: float
    most: float
    bounds: str
    """Its range, as a phrase."""

    above_least: bool = False
    """The least itself is not in the range."""

    def read(self, text: str) -> float:
        """Return a quantity in its base unit.

        Raises:
            QuantityError: the text is none.
        """
        found = _NUMBER.fullmatch(text)
        if found is None:
            raise QuantityError(f"'{text}' is no {self.name}", f"write a number with a unit: {self.example}")
        unit = (found["unit"] or "").lower()
        if not unit:
            raise QuantityError(
                f"the {self.name} '{text}' has no unit", f"write it with its unit, as in {self.example}"
            )
        if unit not in self.units:
            known = ", ".join(self.units)
            raise QuantityError(f"'{found['unit']}' is no unit of a {self.name}", f"use one of: {known}")
        value = float(found["number"]) * self.units[unit]
        if not self.least <= value <= self.most or (self.above_least and value == self.least):
            raise QuantityError(f"the {self.name} '{text}' is out of range", f"it lies {self.bounds}")
        return value


_BITS = {"bit": 1.0, "kbit": 1e3, "mbit": 1e6, "gbit": 1e9}

#: Seconds.
DELAY = Quantity("delay", {"us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0}, '"20ms"', 0, 60, "from 0 s to 60 s")
#: A share, from 0 to 1.
LOSS = Quantity("loss", {"%": 1e-2}, '"1%"', 0, 1, "from 0 % to 100 %")
#: Bits a second.
RATE = Quantity(
    "rate",
    {**_BITS, **{f"{unit}/s": factor for unit, factor in _BITS.items()}},
    '"10mbit" or "10 Mbit/s"',
    8e3,
    1e11,
    "from 8 kbit/s to 100 Gbit/s",
)


@dataclass(frozen=True)
class Impairment:
    """What happens to each packet, in each direction."""

    delay: float = 0.0
    """Seconds that it is held back: the round-trip time grows by twice as much."""

    loss: float = 0.0
    """Share of the packets that are dropped, from 0 to 1."""

    rate: float | None = None
    """Bits a second, headers of IP included; None: no limit."""

    def __bool__(self) -> bool:
        """Tell whether anything is worse than without it."""
        return bool(self.delay or self.loss or self.rate)

    def __str__(self) -> str:
        """Return it as a phrase: ``20 ms delay, 1 % loss, 10 Mbit/s each way``."""
        parts = [f"{self.delay * 1e3:g} ms delay"] if self.delay else []
        parts += [f"{self.loss * 100:g} % loss"] if self.loss else []
        parts += [f"{self.rate / 1e6:g} Mbit/s"] if self.rate else []
        return f"{', '.join(parts)} each way"

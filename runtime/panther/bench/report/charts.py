"""Charts of metrics: scales, ticks and lines, ready to be put into an SVG element.

A chart is 360 by 200 units, so that on a telephone one unit is one pixel and its words can be read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = [
    "BOTTOM",
    "HEIGHT",
    "LEFT",
    "RIGHT",
    "TOP",
    "WIDTH",
    "Chart",
    "Line",
    "Points",
    "Tick",
    "make_chart",
    "rate",
]

WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 46, 350, 12, 164

Points = Sequence[tuple[float, float]]
"""Values by seconds since the test began."""

#: More than this many points cannot be told apart.
_MOST_POINTS = 240


@dataclass(frozen=True)
class Tick:
    """A number beside an axis."""

    position: float
    label: str


@dataclass(frozen=True)
class Line:
    """What one service has used."""

    name: str
    path: str
    """The ``points`` of a polyline."""

    peak: str


@dataclass(frozen=True)
class Chart:
    """One quantity of a test, over time."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    seconds: tuple[Tick, ...]
    heights: tuple[Tick, ...]


def make_chart(title: str, unit: str, series: Mapping[str, Points]) -> Chart | None:
    """Return a chart; None: there is nothing to show.

    Args:
        title: what is shown.
        unit: of the values.
        series: a line for each name.
    """
    series = {name: _thinned(points) for name, points in series.items() if len(points) > 1}
    if not series:
        return None
    moments = [moment for points in series.values() for moment, _ in points]
    first, last = min(0.0, *moments), max(moments)
    ticks_across = _ticks(first, last, 5)
    ticks_up = _ticks(0.0, max(value for points in series.values() for _, value in points), 4)
    top = ticks_up[-1]
    span = max(last - first, 1e-9)

    def across(moment: float) -> float:
        return round(LEFT + (moment - first) / span * (RIGHT - LEFT), 1)

    def up(value: float) -> float:
        return round(BOTTOM - value / top * (BOTTOM - TOP), 1)

    lines = tuple(
        Line(
            name,
            " ".join(f"{across(moment)},{up(value)}" for moment, value in points),
            f"{_number(max(value for _, value in points))} {unit}",
        )
        for name, points in series.items()
    )
    seconds = tuple(Tick(across(moment), _number(moment)) for moment in ticks_across if moment <= last)
    return Chart(title, unit, lines, seconds, tuple(Tick(up(value), _number(value)) for value in ticks_up))


def rate(points: Points, shortest: float = 0.1) -> list[tuple[float, float]]:
    """Return how fast a counter grew, per second.

    Args:
        points: the counter.
        shortest: seconds over which growth is averaged at least: the kernel counts CPU time in hundredths.
    """
    if len(points) < 2:
        return []
    window = max(shortest, (points[-1][0] - points[0][0]) / _MOST_POINTS)
    found = [(points[0][0], 0.0)]
    moment, value = points[0]
    for later, more in points[1:]:
        if later - moment >= window:
            found.append((later, max(0.0, more - value) / (later - moment)))
            moment, value = later, more
    return found


def _thinned(points: Points) -> Points:
    """Return at most ``_MOST_POINTS`` points, the highest of each stretch, so that no peak is lost."""
    if len(points) <= _MOST_POINTS:
        return points
    width = math.ceil(len(points) / _MOST_POINTS)
    stretches = (points[start : start + width] for start in range(0, len(points), width))
    return [max(stretch, key=lambda point: point[1]) for stretch in stretches]


def _ticks(low: float, high: float, about: int) -> list[float]:
    """Return round numbers from ``low`` on, the last one at or above ``high``."""
    step = _nice((high - low) / about if high > low else 1 / about)
    count = max(1, math.ceil(round((high - low) / step, 6)))
    return [low + index * step for index in range(count + 1)]


def _nice(step: float) -> float:
    power = 10 ** math.floor(math.log10(step)) if step > 0 else 1.0
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= step * 0.999)


def _number(value: float) -> str:
    if value >= 10_000:
        return f"{value / 1000:,.0f}k" if value < 1e7 else f"{value / 1e6:,.0f}M"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"

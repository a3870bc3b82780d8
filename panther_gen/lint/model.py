"""What a rule reports: a finding, where it is, and the second place that explains it.

Nothing here, or below it, imports more than the standard library's ``dataclasses``: the linter runs on
every save, and its start-up is most of what a single file costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["UNKNOWN_SPAN", "Finding", "Place", "Severity", "Span"]

#: An error is proved. A note says that something could not be proved either way.
Severity = Literal["error", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of source.

    Attributes:
        line: first line, counted from 1.
        column: first column in code points, counted from 1; 0: the line alone is known.
        end_line: last line.
        end_column: the column after the last one.
    """

    line: int
    column: int = 0
    end_line: int = 0
    end_column: int = 0


UNKNOWN_SPAN = Span(1)


@dataclass(frozen=True, slots=True)
class Place:
    """A second place that a finding points to, such as the base class's line that forbids an override.

    Attributes:
        path: the file, as it is printed.
        line: line of the thing meant, counted from 1.
        lines: the source to show, as (line number, text).
        label: what the place has to do with the finding.
    """

    path: str
    line: int
    lines: tuple[tuple[int, str], ...]
    label: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found in one place.

    Attributes:
        code: the rule's code, such as ``PG101``.
        name: the rule's name, such as ``workflow-overridden``.
        severity: ``error``, or ``note`` for what could not be verified.
        message: what is wrong, on one line.
        path: the file, as it is printed.
        span: where in the file.
        help: the cure; empty if there is none.
        places: what else to look at.
    """

    code: str
    name: str
    severity: Severity
    message: str
    path: str
    span: Span
    help: str = ""
    places: tuple[Place, ...] = ()

    @property
    def order(self) -> tuple[str, Span, str, str]:
        """Key that sorts findings as a reader meets them."""
        return (self.path, self.span, self.code, self.message)

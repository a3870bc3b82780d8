"""What a rule reports: a finding, where it is, and the second place that explains it.

Nothing here, or below it, imports more than the standard library's ``dataclasses``: the linter runs on
every save, and its start-up is most of what a single file costs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["UNKNOWN_SPAN", "Applicability", "Edit", "Finding", "Fix", "Place", "Severity", "Span"]

#: An error is proved. A note says that something could not be proved either way.
Severity = Literal["error", "note"]

#: A safe fix keeps what the code means, or mends what cannot work otherwise. Any other is unsafe.
Applicability = Literal["safe", "unsafe"]


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
class Edit:
    """A stretch of one file, and what to write in its place.

    Attributes:
        path: the file, as it is printed.
        span: what is replaced, its columns known; where it is empty, something is put in.
        text: what is written instead; its lines end in line feeds, whatever those of the file end in.
    """

    path: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that mends a finding.

    Attributes:
        title: what it does, as an order to a person: ``rename it to '_get_binary_name'``.
        applicability: whether it may be applied without being looked at.
        edits: the changes; they do not overlap.
    """

    title: str
    applicability: Applicability
    edits: tuple[Edit, ...]


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
        facts: what the rule knows of it, by name: what its message is made of, and what its fix needs.
        fix: what mends it; None if nothing does, or nobody has asked yet (``lint.fixing.available``).
    """

    code: str
    name: str
    severity: Severity
    message: str
    path: str
    span: Span
    help: str = ""
    places: tuple[Place, ...] = ()
    facts: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)
    fix: Fix | None = field(default=None, compare=False, repr=False)

    def fact(self, name: str) -> str:
        """Return one of the facts; empty if the rule does not say it."""
        return next((value for key, value in self.facts if key == name), "")

    @property
    def order(self) -> tuple[str, Span, str, str]:
        """Key that sorts findings as a reader meets them."""
        return (self.path, self.span, self.code, self.message)

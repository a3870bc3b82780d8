"""PG206: a rule would have looked at a file's expressions, but the running Python refuses the file."""

from __future__ import annotations

import platform

from panther_gen.lint.model import Finding, Span
from panther_gen.lint.rule import Invalid, Rule, Valid

__all__ = ["NewerSyntax"]

_UNKNOWN = "\\N{LATIN SMALL LETTER THAT COMES WITH A LATER PYTHON}"
_CONFIG = "from panther.config.core.models import IUTConfig\nclass C(IUTConfig):\n"
_OTHER = "from panther.plugins.services.base import BaseServiceManager\nclass Plugin(BaseServiceManager):\n"


class NewerSyntax(Rule):
    """The running Python cannot parse the file, and a rule would have looked at expressions in it."""

    code = "PG206"
    name = "newer-syntax"
    severity = "note"
    message = "could not verify the file: Python {version} refuses this line ({reason})"
    explanation = """
Classes, methods and imports are read from newer syntax than that of the Python that runs the linter; the
rules on contracts hold there. Rules that look at expressions, such as a field's default or the
arguments of a call, need that Python's own parser. Silence must mean that a file was proved clean, so this
note says once a file that at least one such rule passed it over. With `--strict` it is an error.
(Best practice 1: leverage inheritance; a plugin that the bench's Python cannot import inherits nothing.)

Run the linter with the Python that the plugin is written for.
"""
    valid = (
        Valid(f"{_CONFIG}    words: str = 'é'\n"),
        Valid(f"{_OTHER}    x = '{_UNKNOWN}'\n"),
    )
    invalid = (
        Invalid(f"{_CONFIG}    words: str = '{_UNKNOWN}'\n", ("3:5-3:73",), "refuses this line"),
        Invalid(f"x = '{_UNKNOWN}'\n{_CONFIG}    words: list = []\n", ("1:1-1:60",)),
    )

    def report(self, path: str, line: int, reason: str) -> Finding:
        """Return the note on a file.

        Args:
            path: the file, as it is printed.
            line: the line that is refused.
            reason: what Python says of it.
        """
        version = ".".join(platform.python_version_tuple()[:2])
        cure = "run panther-gen with the Python that the file is written for; --strict makes this an error"
        return self.finding(path, Span(line), {"version": version, "reason": reason}, cure=cure)

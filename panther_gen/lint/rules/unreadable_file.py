"""PG001: a file that cannot be checked is reported, never passed over."""

from __future__ import annotations

from panther_gen.lint.model import Finding, Span
from panther_gen.lint.reading.source import UnreadableError
from panther_gen.lint.rule import Invalid, Rule, Valid

__all__ = ["UnreadableFile"]


class UnreadableFile(Rule):
    """The file is no Python source that can be parsed."""

    code = "PG001"
    name = "unreadable-file"
    message = "{reason}"
    explanation = """
A file that cannot be opened, decoded or parsed cannot be proved clean, so it is one error. The other
files are checked all the same; classes that derive from a class in the broken file are reported as
`PG201`. (Best practices 1 to 7: none of them can be checked in it.)
"""
    valid = (Valid(""), Valid("# -*- coding: utf-8 -*-\nname = 'Zoë'\n"), Valid("class Plugin:\n    pass\n"))
    invalid = (
        Invalid("def f(:\n    pass\n", ("1:7-1:8",), "invalid syntax"),
        Invalid("print 'Python 2'\n", ("1:1-1:2",), "Missing parentheses"),
        Invalid("class Plugin:\n", ("1:14-1:15",), "expected an indented block"),
    )

    def report(self, path: str, error: UnreadableError) -> Finding:
        """Return the finding for a file that cannot be read."""
        column = error.column
        span = Span(error.line, column, error.line, column + 1) if column else Span(error.line)
        return self.finding(path, span, {"reason": error.message}, cure=error.cure)

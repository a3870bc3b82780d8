"""PG002: the markers of a conflict stand in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from panther_gen.lint.model import Finding, Span
from panther_gen.lint.plugins.plugin_view import PluginView, TextFile
from panther_gen.lint.rule import Invalid, PluginRule, Valid

__all__ = ["ConflictMarkers"]

_README = "panther/plugins/services/iut/quic/sample/README.md"
_MARKERS = (re.compile(r"<{7}( |$)"), re.compile(r"={7}$"), re.compile(r">{7}( |$)"))


class ConflictMarkers(PluginRule):
    """A conflict of a merge is not resolved in a README, a Dockerfile, a template or the requirements."""

    code = "PG002"
    name = "conflict-markers"
    message = "a conflict is not resolved: '{marker}'"
    explanation = """
`panther-gen update`, like git, leaves both versions of lines that two sides have changed, between lines that
begin with `<<<<<<<`, `=======` and `>>>>>>>`. In a Python file they are a syntax error (`PG001`); a
Dockerfile, a command template or a README with them is as broken, and nothing says so before it is used.
(Best practices 1 to 7: none of them can be checked in it.)

A heading that is underlined with `=======` is no marker: all three have to be there, in this order.
"""
    valid = (
        Valid("Sample\n=======\n\n>>>>>>> quoted\n", path=_README),
        Valid("<<<<<<< an arrow\n", path=_README),
    )
    invalid = (
        Invalid(
            "# Sample\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> blueprint iut 2\n",
            ("2:1-2:14",),
            "'<<<<<<< yours'",
            path=_README,
        ),
        Invalid(
            "a {{ port }}\n<<<<<<<\n=======\nb\n>>>>>>>\n",
            ("2:1-2:8",),
            path="panther/plugins/services/iut/quic/sample/templates/server_command.jinja",
        ),
    )

    def check(self, plugin: PluginView) -> Iterator[Finding]:
        """Yield a finding for each conflict."""
        files = [plugin.text("README.md"), plugin.text("Dockerfile")]
        files += [*plugin.below("templates", ".jinja"), *plugin.below("endpoint", ".txt")]
        for file in files:
            if file is not None and "<<<<<<<" in file.source.text:
                yield from self._conflicts(file)

    def _conflicts(self, file: TextFile) -> Iterator[Finding]:
        begin, seen = 0, 0
        for number, line in enumerate(file.source.text.splitlines(), 1):
            if _MARKERS[0].match(line):
                begin, seen = number, 1
            elif seen and _MARKERS[seen].match(line):
                seen += 1
            if seen == len(_MARKERS):
                marker = file.source.line(begin)
                span = Span(begin, 1, begin, len(marker) + 1)
                cure = "keep what is right of both, and remove the lines with the markers"
                yield self.finding(file.shown, span, {"marker": marker}, cure=cure)
                seen = 0

"""A program's command line, given by example: which of its values are parameters.

:func:`read_command_lines` splits an example as a shell would (:mod:`.words`), looks at every value in it
(:mod:`.recognise`) and returns a :class:`CommandLine`: what stays as it is, and what a parameter takes the
place of. Nothing is started, and no program is known by name.
"""

from __future__ import annotations

from panther_gen.generate.command_line.command_lines import CommandLine, read_command_lines
from panther_gen.generate.command_line.document import answers_of, as_document
from panther_gen.generate.command_line.table import described

__all__ = ["CommandLine", "answers_of", "as_document", "described", "read_command_lines"]

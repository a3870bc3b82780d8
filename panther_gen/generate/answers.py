"""From the options of ``new-iut`` to a request: what was said, and what examples of commands say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from panther_gen.errors import UsageError
from panther_gen.generate.request import NewIut

if TYPE_CHECKING:
    from panther_gen.generate.command_line import CommandLine

__all__ = ["request_for", "said"]


def said(**answers: str | None) -> dict[str, str]:
    """Return the answers that were given, by question."""
    return {question: answer for question, answer in answers.items() if answer is not None}


def request_for(
    root: Path, protocol: str, name: str, answers: Mapping[str, str], **examples: str | None
) -> NewIut:
    """Return the request for a plugin.

    Args:
        root: the directory that holds, or will hold, ``panther/``.
        protocol: what the implementation speaks.
        name: the plugin's name.
        answers: what was said, by question.
        examples: how the ``server`` and the ``client`` are started by hand; None: not said.

    Raises:
        UsageError: a value cannot be used, or two of them say the same thing.
    """
    given = said(**examples)
    if given and "binary_name" in answers:
        options = " and ".join(f"--{role}" for role in given)
        raise UsageError(
            f"--binary and {options} both name the program", cure="leave --binary out: the example names it"
        )
    return NewIut(root, protocol, name, answers, command_lines=_command_lines(protocol, given))


def _command_lines(protocol: str, examples: Mapping[str, str]) -> dict[str, CommandLine]:
    if not examples:
        return {}
    from panther_gen.generate.command_line import read_command_lines

    return read_command_lines(protocol, examples)

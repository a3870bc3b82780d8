"""The questions that come before the blueprint's own: protocol, name, and whether examples are understood.

The first two say where the plugin goes, so that a place that cannot be used is refused before anything
else is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import questionary

from panther_gen.errors import PantherGenError, UsageError
from panther_gen.generate.command_line import CommandLine, described
from panther_gen.generate.target import check_target
from panther_gen.layout import plugin_path
from panther_gen.names import KNOWN_PROTOCOLS, check_name, check_protocol

__all__ = ["ask_name", "ask_protocol", "ask_to_remove", "confirm_command_lines"]

_OTHER = "another one"


def ask_protocol() -> str:
    """Ask which protocol the implementation speaks.

    Raises:
        KeyboardInterrupt: Ctrl-C.
        UsageError: the terminal ended.
    """
    choice = _answer(questionary.select("Which protocol does it speak?", choices=[*KNOWN_PROTOCOLS, _OTHER]))
    if choice != _OTHER:
        return choice
    return _answer(questionary.text("What is the protocol called?", validate=_validator(check_protocol)))


def ask_name(root: Path, protocol: str) -> str:
    """Ask for the plugin's name, until it is one that can be made below ``root``.

    Raises:
        KeyboardInterrupt: Ctrl-C.
        UsageError: the terminal ended.
    """

    def check(value: str) -> None:
        check_target(root, plugin_path("iut", protocol, check_name(value)))

    return _answer(questionary.text("What shall the plugin be called?", validate=_validator(check)))


def confirm_command_lines(command_lines: Mapping[str, CommandLine]) -> None:
    """Show what examples were taken for, and go on only if that is right.

    Raises:
        KeyboardInterrupt: Ctrl-C.
        UsageError: it is not right, or the terminal ended.
    """
    questionary.print("\n".join(described(command_lines)))
    if _answer(questionary.confirm("Is that right?")) != str(True):
        raise UsageError(
            "the examples are not understood, and nothing was written",
            cure="spell an option out, as --port 4443; or go on, and change the methods that are written",
        )


def ask_to_remove() -> bool:
    """Ask whether files that have been listed shall be removed.

    Raises:
        KeyboardInterrupt: Ctrl-C.
        UsageError: the terminal ended.
    """
    question = questionary.confirm("Remove these files?", default=False)
    return _answer(question, cure="--yes confirms it") == str(True)


def _answer(question: questionary.Question, cure: str = "give PROTOCOL and NAME on the command line") -> str:
    try:
        return str(question.unsafe_ask())
    except EOFError as error:
        raise UsageError("the terminal ended before every question was answered", cure=cure) from error


def _validator(check: Callable[[str], object]) -> Callable[[str], bool | str]:
    """Turn a check that raises into what questionary wants: True, or the sentence to show."""

    def validate(value: str) -> bool | str:
        try:
            check(value)
        except PantherGenError as error:
            reason = error.message.splitlines()[0].removesuffix(":")
            return f"{reason} ({error.cure})" if error.cure else reason
        return True

    return validate

"""The places of a command line that a value can stand in, and the name that stands beside each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from panther_gen.generate.command_line.flag_words import is_switch
from panther_gen.generate.command_line.words import Word

__all__ = ["Slot", "slots_of"]

_NEGATIVE_NUMBER = re.compile(r"-\d+(?:\.\d+)?")
_WITH_VALUE = re.compile(r"(?P<before>(?P<name>--?[A-Za-z][\w.-]*)=)(?P<value>.*)", re.DOTALL)
#: A name, so that ``-p4443:4443`` is none.
_BEHIND_COLON = re.compile(r"(?P<before>(?P<name>--?[A-Za-z][A-Za-z_-]{2,}):)(?P<value>.+)", re.DOTALL)
#: As programs that come from Windows have it; behind ``/data:`` another path is one to mount.
_BEHIND_SLASH = re.compile(r"(?P<before>/(?P<name>[A-Za-z][A-Za-z-]*):)(?P<value>[^/\\].*)", re.DOTALL)
_SHORT_WITH_VALUE = re.compile(r"(?P<before>(?P<name>-[A-Za-z]))(?P<value>(?:\d|[./:\[]).*)", re.DOTALL)
_SETTING = re.compile(r"(?P<before>(?P<name>[A-Za-z][\w.-]*)=)(?P<value>.*)", re.DOTALL)


@dataclass(frozen=True)
class Slot:
    """A value in an example."""

    index: int
    """Which argument it is part of; of a variable, which variable."""

    value: str
    before: str = ""
    """What stands before the value in the same argument, as ``--port=``."""

    name: str = ""
    """The option or variable that it belongs to, as it was written; empty: none."""

    flag_index: int | None = None
    """Which argument that option is, where it is one of its own."""

    column: int = 0
    is_variable: bool = False

    @property
    def is_positional(self) -> bool:
        """Whether it stands by itself."""
        return not self.name


def slots_of(arguments: Sequence[Word], variables: Sequence[Word]) -> list[Slot]:
    """Return the values of a command line, in their order.

    Args:
        arguments: those of the program.
        variables: the assignments in front of it.
    """
    return [*_variables(variables), *_arguments(arguments)]


def _variables(variables: Sequence[Word]) -> Iterator[Slot]:
    for index, word in enumerate(variables):
        name = word.text[: word.assigned - 1]
        value = word.text[word.assigned :]
        yield Slot(index, value, f"{name}=", name, column=word.column, is_variable=True)


def _arguments(arguments: Sequence[Word]) -> Iterator[Slot]:
    for index, word in enumerate(arguments):
        match = _attached(word.text)
        if match is None and not _is_option(word.text):
            match = _SETTING.fullmatch(word.text)
        if match is not None:
            yield Slot(index, match["value"], match["before"], match["name"], column=word.column)
        elif not _is_option(word.text):
            flag = _option_before(arguments, index)
            name = arguments[flag].text if flag is not None else ""
            yield Slot(index, word.text, "", name, flag, word.column)


def _option_before(arguments: Sequence[Word], index: int) -> int | None:
    """Return the place of the option that a word may be the value of, or None."""
    if not index:
        return None
    text = arguments[index - 1].text
    takes_one = _is_option(text) and text != "--" and not _attached(text) and not is_switch(text)
    return index - 1 if takes_one else None


def _attached(text: str) -> re.Match[str] | None:
    """Return the parts of an option with its value in the same word, as ``--port=1`` and ``-p1``."""
    patterns = (_WITH_VALUE, _BEHIND_COLON, _BEHIND_SLASH, _SHORT_WITH_VALUE)
    return next((match for pattern in patterns if (match := pattern.fullmatch(text))), None)


def _is_option(text: str) -> bool:
    return len(text) > 1 and text.startswith("-") and not _NEGATIVE_NUMBER.fullmatch(text)

"""One example: the program, the variables in front of it and its arguments, not yet looked into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from panther_gen.errors import UsageError, shown
from panther_gen.generate.command_line.words import Word, split_words

__all__ = ["Example", "read_example"]

#: What an image's start command can name, as the blueprint and the runtime's Docker builder have it.
_PATH = re.compile(r"/?[A-Za-z0-9][A-Za-z0-9._+-]*(?:/[A-Za-z0-9._+-]+)*")
_LAST_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
#: Far more than a person types, and little enough to compare each word with each.
_LONGEST, _MOST_WORDS = 32_768, 512
_SHELLS = {"ash", "bash", "dash", "fish", "ksh", "sh", "zsh"}
_WORDS_OF_SHELLS = {
    ".",
    "alias",
    "cd",
    "command",
    "eval",
    "exec",
    "export",
    "set",
    "source",
    "ulimit",
    "umask",
}
_VARIABLE = re.compile(r"[A-Za-z_]\w*=", re.ASCII)


@dataclass(frozen=True)
class Example:
    """How a person starts a program by hand."""

    program: str
    """As it was written: a name, or a path."""

    arguments: tuple[Word, ...]
    variables: tuple[Word, ...]

    @property
    def binary_name(self) -> str:
        """The program as the plugin's configuration and its image name it."""
        return self.program if _PATH.fullmatch(self.program) else self.program.rpartition("/")[2]


def read_example(text: str, option: str) -> Example:
    """Return the parts of a command line.

    Args:
        text: the command line, as it would be typed into a shell.
        option: the option that it was given for, for errors.

    Raises:
        UsageError: it cannot be split, or there is no program in it that can be started.
    """
    if len(text) > _LONGEST:
        raise UsageError(
            f"{option} has {len(text)} characters; at most {_LONGEST} are allowed",
            cure="leave out what a plugin need not pass on, and add it to the methods that are written",
        )
    words = split_words(text, option)
    if len(words) > _MOST_WORDS:
        raise UsageError(
            f"{option} has {len(words)} words; at most {_MOST_WORDS} are allowed",
            cure="leave out what a plugin need not pass on, and add it to the methods that are written",
        )
    variables, rest = _variables(words, option)
    if not rest:
        fault = "holds variables, but no program" if variables else "holds no program"
        raise UsageError(
            f"{option} {shown(text)} {fault}", cure=f'write it as you start it: {option} "program …"'
        )
    program = rest[0]
    _refuse_shell(rest, option)
    if not _LAST_PART.fullmatch(program.text.rpartition("/")[2]):
        backslash = "; a backslash takes the next character as it is: write / instead" if "\\" in text else ""
        raise UsageError(
            f"{shown(program.text)} is no program's name",
            cure="begin with the program, by a name of letters, digits and the signs . _ + -, or by its path"
            + backslash,
            where=f"{option}, column {program.column}",
        )
    return Example(program.text, tuple(rest[1:]), tuple(variables))


def _refuse_shell(words: Sequence[Word], option: str) -> None:
    """Refuse what only a shell could carry out: its own words, and a command that it is handed as a text."""
    program, arguments = words[0], words[1:]
    if program.text in _WORDS_OF_SHELLS:
        raise UsageError(
            f"{shown(program.text)} is a word of the shell, and no program",
            cure="give one command, as it is started in the foreground",
            where=f"{option}, column {program.column}",
        )
    if program.text.rpartition("/")[2] not in _SHELLS:
        return
    options = list(takewhile(lambda word: word.text.startswith("-"), arguments))
    if any("c" in word.text for word in options if not word.text.startswith("--")):
        inner = arguments[len(options)].text if len(options) < len(arguments) else ""
        raise UsageError(
            f"{shown(program.text)} starts a shell on a text, in which no parameter has a place",
            cure=f'give the command itself: {option} "{inner}"' if inner else "give the command itself",
            where=f"{option}, column {program.column}",
        )


def _variables(words: Sequence[Word], option: str) -> tuple[list[Word], list[Word]]:
    """Divide words into the assignments in front and the rest; ``env`` in front of them says the same."""
    found: dict[str, Word] = {}
    through_env = False
    for number, word in enumerate(words):
        if word.text == "env" and not through_env:
            through_env = True
        elif through_env and word.text.startswith("-"):
            raise UsageError(
                f"'env {word.text}' changes the environment in a way that a plugin cannot",
                cure="give the variables that the program needs, as NAME=value in front of it",
                where=f"{option}, column {word.column}",
            )
        elif word.assigned or (through_env and _VARIABLE.match(word.text)):
            name = word.text.partition("=")[0]
            found[name] = Word(word.text, word.column, len(name) + 1)
        else:
            return list(found.values()), list(words[number:])
    return list(found.values()), []

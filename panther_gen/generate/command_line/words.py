"""A command line as a person types it, split into words as a POSIX shell would split it.

No shell is started, here or later, so whatever only a shell could carry out (a pipe, a redirection, a
substitution) is refused with what to write instead. Each word keeps its column.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass

from panther_gen.errors import UsageError, shown

__all__ = ["Word", "split_words"]

#: What ends a word and begins something that a shell would do (POSIX.1-2017, Shell Command Language, 2.2).
_OPERATORS = {
    "|": "a pipe",
    ";": "a second command",
    "&": "a second command, or one in the background",
    ">": "a redirection",
    "<": "a redirection",
    "(": "a subshell",
    ")": "a subshell",
    "\n": "a second command on a new line",
}
_BLANKS = " \t\r"
_QUOTE_IT = "put it in single quotes if the program is to get it as it is"

#: Inside double quotes, a backslash keeps its meaning before these only.
_ESCAPED_IN_QUOTES = '$`"\\'
_NAME_CHARACTERS = frozenset(f"{string.ascii_letters}{string.digits}_")
_ADDRESS_IN_BRACKETS = re.compile(r"\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%\w+)?\]")
_URL_BEFORE = re.compile(r"(?:.*=)?[A-Za-z][A-Za-z0-9+.-]*://")
_BRACES = re.compile(r"\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}")


@dataclass(frozen=True)
class Word:
    """One word of a command line."""

    text: str
    """What a program would get."""

    column: int
    """Where it begins, counted from 1."""

    assigned: int = 0
    """Length of ``NAME=`` at its beginning, where a shell would take it for an assignment; else 0."""


def split_words(text: str, option: str) -> list[Word]:
    """Return the words of a command line.

    Args:
        text: the command line.
        option: the option that it was given for, for errors.

    Raises:
        UsageError: a quotation mark is not closed, or something in it needs a shell.
    """
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise UsageError(f"{option} has a byte that no text has: {shown(text)}", cure="leave it out")
    return _Scanner(text, option).words()


class _Scanner:
    """Reads a command line once, from left to right."""

    def __init__(self, text: str, option: str) -> None:
        self._text = text
        self._option = option
        self._at = 0
        self._url_at = -1

    def words(self) -> list[Word]:
        words: list[Word] = []
        end = len(self._text.rstrip(f"{_BLANKS}\n"))
        while True:
            self._skip_blanks()
            if self._at >= end:
                return words
            words.append(self._word())

    def _skip_blanks(self) -> None:
        while self._at < len(self._text):
            if self._text.startswith("\\\n", self._at):
                self._at += 2
            elif self._text[self._at] in _BLANKS or (
                self._text[self._at] == "\n" and not self._text[: self._at].strip()
            ):
                self._at += 1
            else:
                return

    def _word(self) -> Word:
        start = self._at
        parts: list[str] = []
        assigned = 0
        plain = True  # nothing was quoted so far, and this is the first "="
        while self._at < len(self._text) and (char := self._text[self._at]) not in _BLANKS:
            if char in _OPERATORS and (char != "\n" or self._text[self._at :].strip()):
                self._refuse_operator(char, start)
            if char == "\n":
                break
            if char == "=" and plain and _is_name("".join(parts)):
                assigned = len("".join(parts)) + 1
            if char in "='\"\\":
                plain = False
            parts.append(self._piece(char, start, assigned))
        return Word("".join(parts), start + 1, assigned)

    def _piece(self, char: str, start: int, assigned: int) -> str:
        if char == "'":
            return self._single_quoted()
        if char == '"':
            return self._double_quoted()
        if char == "\\":
            return self._escaped()
        self._refuse_expansion(char, start, assigned)
        if char == "[":
            address = _ADDRESS_IN_BRACKETS.match(self._text, self._at)
            assert address is not None  # _refuse_expansion has refused any other bracket
            self._at = address.end()
            return address[0]
        self._at += 1
        return char

    def _single_quoted(self) -> str:
        end = self._text.find("'", self._at + 1)
        if end < 0:
            raise self._error(f"the quotation mark ' is not closed: {self._rest()}", "close it with '")
        quoted = self._text[self._at + 1 : end]
        self._at = end + 1
        return quoted

    def _double_quoted(self) -> str:
        opened = self._at
        parts: list[str] = []
        self._at += 1
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == '"':
                self._at += 1
                return "".join(parts)
            if char == "\\" and self._text[self._at + 1 : self._at + 2] in [*_ESCAPED_IN_QUOTES, "\n"]:
                following = self._text[self._at + 1]
                parts.append("" if following == "\n" else following)
                self._at += 2
                continue
            if char in "$`":
                self._refuse_substitution(char)
            parts.append(char)
            self._at += 1
        self._at = opened
        raise self._error(f'the quotation mark " is not closed: {self._rest()}', 'close it with "')

    def _escaped(self) -> str:
        following = self._text[self._at + 1 : self._at + 2]
        if not following:
            raise self._error("a backslash ends the text", "leave it out, or write \\\\ for a backslash")
        self._at += 2
        return "" if following == "\n" else following

    def _refuse_operator(self, char: str, start: int) -> None:
        what = _OPERATORS[char]
        number = self._text[start : self._at]
        if char in "<>" and number.isdigit():
            char = f"{number}{char}"
            self._at = start
        cures = {
            "a redirection": "leave it out: each service has a log of its own",
            "a pipe": "give the one command that starts the program",
        }
        cure = cures.get(what, "give one command, as it is started in the foreground")
        raise self._error(f"{shown(char)} is {what}, which needs a shell", f"{cure}; {_QUOTE_IT}")

    def _refuse_expansion(self, char: str, start: int, assigned: int) -> None:
        """Refuse what a shell would put something else in place of."""
        if char in "$`":
            self._refuse_substitution(char)
        pattern = char == "*" or (char == "?" and not self._is_in_url(start))
        if pattern or (char == "[" and not _ADDRESS_IN_BRACKETS.match(self._text, self._at)):
            what = f"{shown(char)} makes a pattern of file names, which a shell puts files in place of"
            raise self._error(what, f"write the names out; {_QUOTE_IT}")
        if char == "{" and (braces := _BRACES.match(self._text, self._at)):
            raise self._error(
                f"{shown(braces[0])} stands for several words in a shell", f"write them out; {_QUOTE_IT}"
            )
        if char == "~" and self._at - start in (0, assigned):
            raise self._error("'~' stands for a home directory", f"write the path out; {_QUOTE_IT}")
        if char == "#" and self._at == start:
            raise self._error("'#' begins a comment", f"leave the comment out; {_QUOTE_IT}")

    def _is_in_url(self, start: int) -> bool:
        """Tell whether the word that begins at ``start`` is a URL so far; looked at once a word."""
        if self._url_at != start and _URL_BEFORE.match(self._text[start : self._at]):
            self._url_at = start
        return self._url_at == start

    def _refuse_substitution(self, char: str) -> None:
        following = self._text[self._at + 1 : self._at + 2]
        if char == "`" or following == "(":
            raise self._error(
                f"{shown('$(…)' if char == '$' else char)} runs another command, which needs a shell",
                f"write what it prints; {_QUOTE_IT}",
            )
        if following in _NAME_CHARACTERS or following in [*"{'\"?#@*!$-"]:
            name = re.match(r"\$(?:\{[^}]*\}?|\w+|.)", self._text[self._at :])
            raise self._error(
                f"{shown(name[0] if name else char)} stands for something else in a shell",
                f"write its value; {_QUOTE_IT}",
            )

    def _rest(self) -> str:
        return shown(self._text[self._at :])

    def _error(self, message: str, cure: str) -> UsageError:
        return UsageError(message, cure=cure, where=f"{self._option}, column {self._at + 1}")


def _is_name(text: str) -> bool:
    return bool(text) and not text[0].isdigit() and _NAME_CHARACTERS.issuperset(text)

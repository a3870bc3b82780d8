"""What a template method returned, checked: a plugin's mistake is named before it reaches a process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Dict, List

from panther.errors import ParameterError

__all__ = ["checked_environment", "checked_text_map", "checked_words"]


def checked_words(owner: object, method: str, words: Any) -> List[str]:
    """Return ``words`` as a list of text.

    Args:
        owner: the service manager.
        method: the template method that returned ``words``.
        words: what it returned.

    Raises:
        ParameterError: it is no list, or something in it is no text or contains a NUL character.
    """
    if isinstance(words, (str, bytes)) or not isinstance(words, Sequence):
        example = words.split() if isinstance(words, str) and words else ["--flag", "value"]
        raise ParameterError(
            f"{_name(owner, method)} returned {words!r}, not a list",
            cure=f"return a list of words, such as {example!r}",
        )
    for position, word in enumerate(words):
        if not isinstance(word, str):
            raise ParameterError(
                f"{_name(owner, method)} returned {word!r} at position {position}, not text",
                cure="leave it out" if word is None else f"return str({word!r})",
            )
        if "\0" in word:
            raise ParameterError(
                f"{_name(owner, method)} returned {word!r} at position {position}",
                cure="an argument of a program cannot contain a NUL character",
            )
    return list(words)


def checked_text_map(owner: object, method: str, values: Any) -> Dict[str, str]:
    """Return ``values`` as a dictionary of text; arguments and errors as :func:`checked_words`."""
    if not isinstance(values, Mapping):
        raise ParameterError(
            f"{_name(owner, method)} returned {values!r}, not a dictionary",
            cure="return names and values, such as {'NAME': 'value'}",
        )
    for name, value in values.items():
        if not (isinstance(name, str) and isinstance(value, str)):
            raise ParameterError(
                f"{_name(owner, method)} returned {name!r}: {value!r}, not text", cure="use str(…)"
            )
    return dict(values)


def checked_environment(owner: object, method: str, values: Any) -> Dict[str, str]:
    """Return ``values`` as environment variables; arguments and errors as :func:`checked_words`."""
    environment = checked_text_map(owner, method, values)
    for name, value in environment.items():
        if not name or "=" in name or "\0" in name + value:
            raise ParameterError(
                f"{_name(owner, method)} returned {name!r}: {value!r}",
                cure="a variable's name is not empty and has no '=', and neither part contains NUL",
            )
    return environment


def _name(owner: object, method: str) -> str:
    return f"'{type(owner).__name__}.{method}'"

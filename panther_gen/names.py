"""Names that a person chooses, checked before anything is made of them.

A plugin's name becomes a directory, a Python module and the name that experiment files use; a
protocol's name becomes a directory and a Python package. Both are therefore held to what is valid,
and looks the same, in all of these places. What is refused comes back with a name that would do.
"""

from __future__ import annotations

import keyword
import re
import unicodedata

from panther_gen.errors import UsageError, shown

__all__ = [
    "KNOWN_PROTOCOLS",
    "LANGUAGES",
    "NAME_LENGTH",
    "check_line",
    "check_name",
    "check_protocol",
    "close_protocol",
]

#: Protocols that the runtime has a base class for. Every other valid word is a custom protocol.
KNOWN_PROTOCOLS = ("quic", "http", "minip", "tcp")

#: Languages that an implementation may be written in.
LANGUAGES = ("python", "rust", "c", "go")

#: Most characters of a plugin's or protocol's name.
NAME_LENGTH = 64

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORDS = re.compile(r"[\w .\-]+", re.ASCII)

#: Control characters, direction marks and their kind, halves of surrogate pairs, line and paragraph ends.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

#: Of these, the zero-width joiners belong to the spelling of several scripts.
_JOINERS = "\u200c\u200d"

#: What a plugin's own files are called: ``<name>.py`` beside them would clash.
_TAKEN_IN_PLUGINS = frozenset({"config_schema", "conftest", "endpoint", "templates", "tests"})


def check_name(value: str) -> str:
    """Return ``value`` if it can be a plugin's name.

    Raises:
        UsageError: it cannot; the cure suggests one where there is one.
    """
    if value in _TAKEN_IN_PLUGINS:
        raise _refusal("plugin name", value, "is what a file of every plugin is called", f"{value}_impl")
    _check_identifier(value, "plugin name", "impl")
    if value.startswith("test_") or value.endswith("_test"):
        fault = f"would make pytest take {value}.py for a file of tests"
        raise _refusal("plugin name", value, fault, value.removeprefix("test_").removesuffix("_test"))
    return value


def check_protocol(value: str) -> str:
    """Return ``value`` if it can be a protocol's name: a known one, or any other valid word.

    Raises:
        UsageError: it cannot; the cure suggests one where there is one.
    """
    return _check_identifier(value, "protocol", "protocol")


def close_protocol(value: str) -> str:
    """Return the known protocol that ``value`` may be a misspelling of, or the empty string."""
    if value in KNOWN_PROTOCOLS:
        return ""
    from difflib import get_close_matches

    return "".join(get_close_matches(value, KNOWN_PROTOCOLS, n=1, cutoff=0.7))


def check_line(value: str, option: str) -> str:
    """Return ``value`` if it can stand in one line of a generated file.

    Args:
        value: what was given for ``option``.
        option: as it is spelt on the command line.

    Raises:
        UsageError: it has a newline or another control character.
    """
    for char in value:
        if unicodedata.category(char) in _UNPRINTABLE and char not in _JOINERS:
            raise UsageError(
                f"{option} {shown(value)} has a character that no line of text has: {_described(char)}",
                cure="leave it out",
            )
    return value


def _check_identifier(value: str, what: str, kind: str) -> str:
    if not value:
        raise UsageError(f"the {what} is empty", cure="begin with a letter, such as my_impl")
    if len(value) > NAME_LENGTH:
        raise UsageError(
            f"the {what} {shown(value)} has {len(value)} characters; at most {NAME_LENGTH} are allowed",
            cure="choose a shorter one",
        )
    if not _NAME.fullmatch(value):
        raise _refusal(what, value, _fault(value), _suggestion(value, kind))
    if keyword.iskeyword(value) or keyword.issoftkeyword(value):
        raise _refusal(what, value, "is a keyword of Python", _suggestion(value, kind))
    return value


def _fault(value: str) -> str:
    """Say what is wrong with a value that is no lower-case identifier."""
    for char in value:
        if not char.isascii():
            return f"has a character that is not an ASCII letter, digit or underscore: {_described(char)}"
        if not (char.isalnum() or char in "_-"):
            return f"has a character that a name cannot have: {_described(char)}"
    if "-" in value:
        return "has a hyphen, which a Python module cannot have"
    if not value[0].isalpha():
        return f"begins with {'an underscore' if value[0] == '_' else 'a digit'}, not with a letter"
    return "has capital letters"


def _described(char: str) -> str:
    return f"{shown(char)} (U+{ord(char):04X} {unicodedata.name(char, 'a character without a name')})"


def _suggestion(value: str, kind: str) -> str:
    """Return a valid name that ``value`` may have meant, or the empty string.

    Only spelling is mended (capitals, spaces, hyphens, accents, a digit in front): a value with path
    separators or shell characters meant something else.
    """
    plain = unicodedata.normalize("NFKD", value)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    if not _WORDS.fullmatch(plain) or ".." in plain:
        return ""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain)
    name = re.sub(r"_+", "_", re.sub(r"[ .\-]+", "_", words)).strip("_").lower()
    if not name:
        return ""
    if name[0].isdigit():
        name = f"{kind}_{name}"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        name = f"{name}_{kind}"
    return name if len(name) <= NAME_LENGTH else ""


def _refusal(what: str, value: str, fault: str, suggestion: str) -> UsageError:
    rule = "use lower-case ASCII letters, digits and underscores, and begin with a letter"
    cure = f"did you mean '{suggestion}'?" if suggestion else rule
    return UsageError(f"the {what} {shown(value)} {fault}", cure=cure)

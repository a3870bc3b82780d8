"""The forms of what is put into a Dockerfile: nothing that a plugin says becomes an instruction of its own.

The Dockerfile's grammar (https://docs.docker.com/reference/dockerfile/) has no quoting that would hold
everywhere: in ``FROM``, in ``LABEL`` and in what ``RUN`` hands to a shell. So what could end a word or a
line, or mean something to a shell, is refused instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from panther.errors import InputError

__all__ = ["check_value", "check_values"]

_PLAIN = r"[A-Za-z0-9][A-Za-z0-9._+-]*"
_IMAGE = r"[A-Za-z0-9][A-Za-z0-9._/-]*(:[0-9]+/[A-Za-z0-9._/-]+)?"
_SIGNS = "letters, digits and the signs . _ + - / : @ =, without spaces"
_RELATIVE = r"[A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*)*"
_AN_IMAGE = "an image's name with a tag other than 'latest', or a digest, such as debian:bookworm-slim"
_TAGGED = rf"{_IMAGE}(:(?!latest$)[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[0-9a-f]{{64}})?"
_FORMS = {
    "implementation_name": (r"[A-Za-z0-9][A-Za-z0-9._-]*", "letters, digits, '.', '_' and '-'"),
    "binary_name": (rf"/?{_PLAIN}(/[A-Za-z0-9._+-]+)*", "a file's name or path without spaces"),
    # The characters of RFC 3986 without those that mean something to a shell.
    "repo_url": (
        r"((https?|git|ssh)://|git@)[A-Za-z0-9][A-Za-z0-9._~:/@+,=%-]*",
        "a URL such as https://host/project.git",
    ),
    "revision": (r"[A-Za-z0-9][A-Za-z0-9._/-]*", "a tag, branch or commit"),
    "version": (_PLAIN, "a version number"),
    "base_image": (rf"(?=.*[:@]){_TAGGED}", _AN_IMAGE),
    "build_image": (rf"(?=.*[:@]){_TAGGED}", _AN_IMAGE),
    "source_dir": (_RELATIVE, "a directory below the build context, such as src"),
    "script": (
        rf"{_RELATIVE}/{_PLAIN}\.py",
        "a script in a directory of its own, such as endpoint/server.py",
    ),
    "python_module": (r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", "a module's dotted name"),
    "build feature": (r"[A-Za-z0-9][A-Za-z0-9._+/:@=-]*", _SIGNS),
    "Debian package": (r"[a-z0-9][a-z0-9.+-]*(=[A-Za-z0-9.+~:-]+)?", "a Debian package's name"),
}


def check_value(name: str, value: object) -> None:
    """Refuse a value that has not the form that it must have.

    Args:
        name: what it is for: a key of the forms.
        value: the value.

    Raises:
        InputError: it has another form.
    """
    form, wanted = _FORMS[name]
    if not isinstance(value, str) or not re.fullmatch(form, value, re.ASCII):
        raise InputError(
            f"the {name.replace('_', ' ')} {value!r} cannot be put into a Dockerfile", cure=f"use {wanted}"
        )


def check_values(name: str, values: Sequence[object]) -> None:
    """Refuse a list with a value that has not the form that it must have, and what is no list.

    Args:
        name: what each of them is for: a key of the forms.
        values: the values.

    Raises:
        InputError: one has another form, or it is a text where a list is needed.
    """
    if isinstance(values, str):
        plural = f"{name}s"
        field = "build_features=" if name == "build feature" else ""
        raise InputError(f"the {plural} are {values!r}, not a list", cure=f"write {field}{values.split()!r}")
    for value in values:
        check_value(name, value)

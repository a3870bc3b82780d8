"""Dockerfiles for implementations: one builder a language, each a template beside this module.

Nothing that a plugin says can become an instruction of its own: every value is checked against the
form that it must have before it is put into the template.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from panther.errors import InputError
from panther.plugins.registry import REGISTRY

__all__ = ["LANGUAGES", "DockerBuilder", "DockerBuilderFactory"]

#: The languages that there is a builder for.
LANGUAGES = ("python", "rust", "c", "go")

_TEMPLATES = Path(__file__).with_name("dockerfiles")
# Forms of the values: https://docs.docker.com/reference/dockerfile/ gives words no quoting that
# would hold everywhere, so what could end a word or a line is refused instead.
_WORD = r"[A-Za-z0-9][A-Za-z0-9._+/:@-]*"
_FORMS = {
    "implementation_name": (r"[A-Za-z0-9][A-Za-z0-9._-]*", "letters, digits, '.', '_' and '-'"),
    "binary_name": (
        r"/?[A-Za-z0-9][A-Za-z0-9._+-]*(/[A-Za-z0-9._+-]+)*",
        "a file's name or path without spaces",
    ),
    # The characters of RFC 3986 without those that mean something to a shell.
    "repo_url": (
        r"((https?|git|ssh)://|git@)[A-Za-z0-9][A-Za-z0-9._~:/@+,=%-]*",
        "a URL such as https://host/project.git",
    ),
    "revision": (r"[A-Za-z0-9][A-Za-z0-9._/-]*", "a tag, branch or commit"),
    "version": (r"[A-Za-z0-9][A-Za-z0-9._+-]*", "a version number"),
    "base_image": (_WORD, "an image's name with a tag, such as debian:bookworm-slim"),
    "build feature": (_WORD, "letters, digits and the signs . _ + / : @ -, without spaces"),
}


@dataclass(frozen=True)
class DockerBuilder:
    """Writes the Dockerfile of one implementation; the same input gives the same bytes.

    Raises:
        InputError: the language is unknown, or a value has not the form that it must have.
    """

    implementation_name: str
    """The plugin's name; it labels the image."""

    language: str
    """``python``, ``rust``, ``c`` or ``go``."""

    repo_url: str = ""
    """Where the sources are cloned from; empty: the plugin's directory holds them."""

    build_features: Sequence[str] = ()
    """Cargo features, Go build tags, options of a C build, or extras of a Python package."""

    binary_name: str = ""
    """The program that the image starts; empty: the implementation's name."""

    revision: str = ""
    """Tag, branch or commit to check out; empty: the default branch."""

    version: str = "0.1.0"
    """The plugin's version; it labels the image."""

    base_image: str = ""
    """Image that the last stage starts from; empty: the language's own."""

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            close = get_close_matches(str(self.language), LANGUAGES, n=1)
            hint = f"did you mean '{close[0]}'? " if close else ""
            raise InputError(
                f"there is no Docker builder for {self.language!r}",
                cure=f"{hint}known: {', '.join(LANGUAGES)}",
            )
        _check_form("implementation_name", self.implementation_name)
        for name in ("binary_name", "repo_url", "revision", "version", "base_image"):
            if value := getattr(self, name):
                _check_form(name, value)
        if isinstance(self.build_features, str):
            raise InputError(
                f"the build features are {self.build_features!r}, not a list",
                cure=f"write build_features={self.build_features.split()!r}",
            )
        for feature in self.build_features:
            _check_form("build feature", feature)

    def generate_complete_dockerfile(self) -> str:
        """Return the Dockerfile's text."""
        template = _environment().get_template(f"{self.language}.Dockerfile.jinja")
        return template.render(
            implementation_name=self.implementation_name,
            binary_name=self.binary_name or self.implementation_name,
            repo_url=self.repo_url,
            revision=self.revision,
            build_features=list(self.build_features),
            version=self.version,
            base_image=self.base_image,
        )


class DockerBuilderFactory:
    """Makes the builder for a language."""

    @staticmethod
    def create_builder(
        implementation_name: str,
        language: str,
        repo_url: str = "",
        build_features: Sequence[str] = (),
        *,
        binary_name: str = "",
        revision: str = "",
        version: str = "0.1.0",
        base_image: str = "",
    ) -> DockerBuilder:
        """Return the builder; arguments and errors are those of :class:`DockerBuilder`.

        Without ``binary_name`` the image starts the program of the plugin that is registered under
        ``implementation_name``, if there is one.
        """
        return DockerBuilder(
            implementation_name=implementation_name,
            language=language,
            repo_url=repo_url,
            build_features=build_features,
            binary_name=binary_name or _binary_of(implementation_name),
            revision=revision,
            version=version,
            base_image=base_image,
        )


def _binary_of(implementation_name: str) -> str:
    """Return the program of the plugin of that name; empty if there is none, or there are several."""
    programs = {manager_class()._get_binary_name() for manager_class in REGISTRY.classes(implementation_name)}
    return programs.pop() if len(programs) == 1 else ""


def _check_form(name: str, value: str) -> None:
    form, wanted = _FORMS[name]
    if not isinstance(value, str) or not re.fullmatch(form, value):
        raise InputError(
            f"the {name.replace('_', ' ')} {value!r} cannot be put into a Dockerfile", cure=f"use {wanted}"
        )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 — a Dockerfile, not HTML
    )

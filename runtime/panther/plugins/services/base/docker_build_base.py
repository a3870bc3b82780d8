"""Dockerfiles for implementations: one builder a language, each a template beside this module.

Nothing that a plugin says can become an instruction of its own: every value is checked against the
form that it must have before it is put into the template.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TypedDict, Unpack

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from panther.errors import InputError
from panther.plugins.registry import REGISTRY
from panther.plugins.services.base.dockerfile_values import check_value, check_values

__all__ = ["BUILD_SYSTEMS", "LANGUAGES", "DockerBuilder", "DockerBuilderFactory", "UnpinnedSourcesWarning"]

#: The languages that there is a builder for.
LANGUAGES = ("python", "rust", "c", "go")
#: What a C project can be built by.
BUILD_SYSTEMS = ("cmake", "meson", "autotools", "make")

#: The directory above ``dockerfiles/``: the templates include each other by that name, as the blueprint's do.
_TEMPLATES = Path(__file__).parent


_LOCAL_SOURCES = ContextVar("_LOCAL_SOURCES", default=False)


@contextmanager
def local_sources() -> Iterator[None]:
    """Let builders, within the body, take the sources from the build context: nothing is cloned."""
    token = _LOCAL_SOURCES.set(True)
    try:
        yield
    finally:
        _LOCAL_SOURCES.reset(token)


class UnpinnedSourcesWarning(UserWarning):
    """An image is built from whatever a repository's default branch is on the day."""


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
    """Where the sources are cloned from; empty: they are in the build context."""

    build_features: Sequence[str] = ()
    """Cargo features, Go build tags, extras of a Python package, or options of a C build: ``NAME`` to switch
    it on, ``NAME=VALUE``; for autotools also ``with-NAME``, ``without-NAME``, ``disable-NAME``."""

    binary_name: str = ""
    """The program that the image starts; empty: the implementation's name."""

    revision: str = ""
    """Tag, branch or commit to check out; empty: the default branch, with a warning."""

    version: str = "0.1.0"
    """The plugin's version; it labels the image."""

    base_image: str = ""
    """Image that the last stage starts from; empty: the language's own."""

    build_image: str = ""
    """Image that the earlier stages start from; empty: the language's own, for Python ``base_image``."""

    source_dir: str = ""
    """Directory of the sources in the build context; empty: the whole of it."""

    build_system: str = ""
    """C: ``cmake``, ``meson``, ``autotools`` or ``make``; empty: the first that the sources have files of."""

    build_packages: Sequence[str] | None = None
    """Debian packages that the build needs; None: C programs get ``libssl-dev``, others nothing."""

    runtime_packages: Sequence[str] | None = None
    """Debian packages that the program needs to run; None: C programs get OpenSSL and the certificates of
    the public authorities, others nothing."""

    script: str = ""
    """Python: the script in the build context that the image starts, such as ``endpoint/server.py``. What it
    needs is in ``requirements.lock``, or else ``requirements.txt``, beside it. Empty: a project is installed,
    with what its ``requirements.lock`` says, if it has one."""

    python_module: str = ""
    """Python: the module of an installed project that the image starts instead of a program."""

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            close = get_close_matches(str(self.language), LANGUAGES, n=1)
            hint = f"did you mean '{close[0]}'? " if close else ""
            raise InputError(
                f"there is no Docker builder for {self.language!r}",
                cure=f"{hint}known: {', '.join(LANGUAGES)}",
            )
        if self.build_system not in ("", *BUILD_SYSTEMS):
            raise InputError(
                f"there is no build system {self.build_system!r}", cure=f"known: {', '.join(BUILD_SYSTEMS)}"
            )
        check_value("implementation_name", self.implementation_name)
        for name in _TEXTS:
            if value := getattr(self, name):
                check_value(name, value)
        check_values("build feature", self.build_features)
        check_values("Debian package", self.build_packages or ())
        check_values("Debian package", self.runtime_packages or ())
        if self.script and self.build_features:
            raise InputError(
                f"the build features {list(self.build_features)!r} are extras of a Python package, "
                f"and the image starts the script '{self.script}'",
                cure="list what the script needs in the requirements beside it",
            )

    def generate_complete_dockerfile(self) -> str:
        """Return the Dockerfile's text.

        Without a revision the image is another one on another day: that is an ``UnpinnedSourcesWarning``.
        """
        values = asdict(self)
        values["binary_name"] = self.binary_name or self.implementation_name
        if _LOCAL_SOURCES.get():
            values["repo_url"] = ""
        elif self.repo_url and not self.revision:
            message = (
                f"'{self.repo_url}' is built from its default branch: name a revision, and it stays the same"
            )
            warnings.warn(message, UnpinnedSourcesWarning, stacklevel=_callers_level())
        return _environment().get_template(f"dockerfiles/{self.language}.Dockerfile.jinja").render(values)


#: The fields that are a word, or nothing.
_TEXTS = (
    "binary_name",
    "repo_url",
    "revision",
    "version",
    "base_image",
    "build_image",
    "source_dir",
    "script",
    "python_module",
)


class BuilderSettings(TypedDict, total=False):
    """The further fields of :class:`DockerBuilder`, by name."""

    binary_name: str
    revision: str
    version: str
    base_image: str
    build_image: str
    source_dir: str
    build_system: str
    build_packages: Sequence[str] | None
    runtime_packages: Sequence[str] | None
    script: str
    python_module: str


class DockerBuilderFactory:
    """Makes the builder for a language."""

    @staticmethod
    def create_builder(
        implementation_name: str,
        language: str,
        repo_url: str = "",
        build_features: Sequence[str] = (),
        **settings: Unpack[BuilderSettings],
    ) -> DockerBuilder:
        """Return the builder; arguments and errors are those of :class:`DockerBuilder`.

        Without ``binary_name`` the image starts the program of the plugin that is registered under
        ``implementation_name``, if there is one.
        """
        settings["binary_name"] = settings.get("binary_name") or _binary_of(implementation_name)
        return DockerBuilder(implementation_name, language, repo_url, build_features, **settings)


def _binary_of(implementation_name: str) -> str:
    """Return the program of the plugin of that name; empty if there is none, or there are several."""
    programs = {manager_class()._get_binary_name() for manager_class in REGISTRY.classes(implementation_name)}
    return programs.pop() if len(programs) == 1 else ""


def _callers_level() -> int:
    """Return how far up the first frame outside this package is: a warning names the plugin's line."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and Path(frame.f_code.co_filename).parent == _TEMPLATES:
        level, frame = level + 1, frame.f_back
    return level


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 — a Dockerfile, not HTML
    )

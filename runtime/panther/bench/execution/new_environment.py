"""Writing a new execution environment: one file, which works for a tool that takes ``-o FILE -- COMMAND``.

The author replaces what differs. Nothing is to be registered: the file is found by its name.
"""

from __future__ import annotations

import re
from keyword import iskeyword
from pathlib import Path

from panther.bench.execution import environment_names, stem_of
from panther.errors import InputError, MachineError

__all__ = ["new_environment"]

_TEMPLATE = Path(__file__).with_name("new_environment.py.jinja")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
_TOOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]*")


def new_environment(name: str, tool: str, package: str, directory: Path) -> Path:
    """Write the file of a new environment and return its path.

    Args:
        name: what experiments call it.
        tool: the program that it needs.
        package: the Debian package that brings the program.
        directory: gets the file; it is made.

    Raises:
        InputError: a word cannot be used, or is taken.
        MachineError: the file cannot be written.
    """
    from jinja2 import Environment, StrictUndefined

    if not _NAME.fullmatch(name):
        raise InputError(
            f"'{name}' cannot be the name of an environment", cure="use small letters, digits, _ and -"
        )
    for word in (tool, package):
        if not _TOOL.fullmatch(word):
            raise InputError(
                f"'{word}' is no name of a program or package", cure="use its name without a path"
            )
    path = directory / f"{stem_of(name)}.py"
    if stem_of(name) in map(stem_of, environment_names()) or path.exists():
        raise InputError(f"'{name}' is there already", cure="choose another name")
    template = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    text = template.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        name=name, tool=tool, package=package, class_name=_class_name(name)
    )
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        cure = "name a directory that you may write in with --directory"
        raise MachineError(
            f"'{error.filename or path}' cannot be written: {error.strerror}", cure=cure
        ) from None
    return path


def _class_name(name: str) -> str:
    """Return the name of the class: one that neither is a keyword nor hides what the file imports."""
    joined = "".join(word.capitalize() for word in re.split("[_-]", name))
    taken = {"Command", "ExecutionEnvironment", "Profile", "Settings", "Spot", "Tool"}
    return f"{joined}Environment" if joined in taken or iskeyword(joined) else joined

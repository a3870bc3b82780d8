"""Start an execution environment: ``python -m panther.bench.execution.new_environment NAME --tool PROGRAM``.

It writes one file, which works for a tool that takes ``-o FILE -- COMMAND``; the author replaces what
differs. Nothing is to be registered: a class in this directory is found by being there.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from panther.bench.execution import environment_classes
from panther.errors import InputError, PantherError

__all__ = ["main", "new_environment"]

_TEMPLATE = Path(__file__).with_name("new_environment.py.jinja")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
_TOOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]*")


def new_environment(name: str, tool: str, package: str, directory: Path) -> Path:
    """Write the file of a new environment and return its path.

    Args:
        name: what experiments call it.
        tool: the program that it needs.
        package: the Debian package that brings the program.
        directory: gets the file.

    Raises:
        InputError: a word cannot be used, or is taken.
        OSError: the file cannot be written.
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
    path = directory / f"{name.replace('-', '_')}.py"
    if name in environment_classes() or path.exists():
        raise InputError(f"'{name}' is there already", cure="choose another name")
    words = re.split("[_-]", name)
    template = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    text = template.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        name=name, tool=tool, package=package, class_name="".join(word.capitalize() for word in words)
    )
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path


def main(arguments: Sequence[str] | None = None) -> int:
    """Write an execution environment and say what to do next; return an exit status.

    Args:
        arguments: the words of the command line; None: those of this process.
    """
    parser = argparse.ArgumentParser(prog="python -m panther.bench.execution.new_environment")
    parser.add_argument("name", metavar="NAME", help="what experiments call it, such as ltrace")
    parser.add_argument("--tool", required=True, help="the program that it needs")
    parser.add_argument("--package", help="the Debian package of it; else its name")
    parser.add_argument("--directory", type=Path, default=_TEMPLATE.parent, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        path = new_environment(options.name, options.tool, options.package or options.tool, options.directory)
    except PantherError as error:
        sys.stderr.write(f"new-execution: {error}\n")
        return error.exit_code
    except OSError as error:
        sys.stderr.write(f"new-execution: cannot write {error.filename}: {error.strerror}\n")
        return 4
    print(
        f"{path}\nnext: replace its words, its cost, and how its product is read; then test it with a service"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Where the program of a wrapped service is, and the programs that read what its profilers left.

On localhost both are on this machine. In a container they are in its image, under paths of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import Protocol

from panther.bench.namespaces import kill_with_parent
from panther.bench.python_programs import is_python
from panther.bench.threads import send_to_group, stoppable
from panther.plugins.services.base.command import Command

__all__ = ["SECONDS_TO_READ", "Home", "LocalHome", "names_python", "output_or_error"]

#: How long a program that reads a product may take.
SECONDS_TO_READ = 120


class Home(Protocol):
    """Where a service's program is."""

    def output_of(self, argv: Sequence[object]) -> str:
        """Run a program there and return what it prints.

        Raises:
            ValueError: it cannot be started, fails, or takes more than two minutes; the text is a phrase.
        """

    def program_of(self, command: Command) -> PurePath | None:
        """Return the file, links followed, that a command starts; None: it is not found."""

    def is_python(self, command: Command) -> bool:
        """Tell whether a command starts a Python program: the interpreter, or a script that names it."""

    def seen(self, product: Path) -> PurePath:
        """Return the path there of a file of this machine, which is one of the service's products."""


class LocalHome:
    """This machine."""

    def output_of(self, argv: Sequence[object]) -> str:
        """Run a program; see :class:`Home`."""
        words = [str(word) for word in argv]
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                start_new_session=True,
                preexec_fn=kill_with_parent,  # noqa: PLW1509 — one prctl, which takes no lock
            )
        except OSError as error:
            raise ValueError(f"'{words[0]}' cannot be started: {error.strerror}") from None
        with process, stoppable(partial(send_to_group, process.pid)):
            try:
                output, errors = process.communicate(timeout=SECONDS_TO_READ)
            except subprocess.TimeoutExpired:
                process.kill()
                raise ValueError(f"'{words[0]}' took more than {SECONDS_TO_READ} s") from None
        return output_or_error(words[0], process.returncode, output, errors)

    def program_of(self, command: Command) -> Path | None:
        """Return the file that a command starts."""
        found = self._found(command)
        return found.resolve() if found else None

    def is_python(self, command: Command) -> bool:
        """Tell whether a command starts a Python program."""
        program = self._found(command)
        if program is None:
            return False
        try:
            with program.open("rb") as file:
                return names_python(program.resolve(), file.readline(256))
        except OSError:
            return False

    def seen(self, product: Path) -> Path:
        """Return the same path."""
        return product

    def _found(self, command: Command) -> Path | None:
        name = command.argv[0]
        if os.sep in name and command.working_directory is not None:
            name = str(command.working_directory / name)
        found = shutil.which(name)
        return Path(found) if found else None


def names_python(program: PurePath, first_line: bytes) -> bool:
    """Tell whether a program is Python's interpreter, or a script that names it.

    Args:
        program: its file, links followed.
        first_line: what it begins with.
    """
    if is_python(program.name):
        return True
    words = first_line[2:].decode("utf-8", "replace").split() if first_line.startswith(b"#!") else []
    return any(map(is_python, words))


def output_or_error(program: str, status: int, output: bytes, errors: bytes) -> str:
    """Return what a program has printed.

    Raises:
        ValueError: its exit status is not 0; the text is a phrase with the last line of its errors.
    """
    if status != 0:
        last = errors.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ValueError(f"'{program}' failed: {''.join(last) or f'status {status}'}")
    return output.decode("utf-8", "replace")

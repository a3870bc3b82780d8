"""Running the programs that read a profiler's product, and what is asked of the service's program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from panther.bench.namespaces import kill_with_parent
from panther.bench.threads import stoppable
from panther.plugins.services.base.command import Command

__all__ = ["counted", "is_python", "output_of", "program_of", "python_note"]

_SECONDS = 120
_PYTHON_NOTE = "the service is a Python program: this sees the interpreter; 'py-spy' sees Python's functions"
_INTERPRETER = re.compile(r"(python|pypy)[0-9.]*")


def counted(number: int, noun: str) -> str:
    """Return a number with a noun in the right form."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def output_of(argv: Sequence[object], *, environment: Mapping[str, str] | None = None) -> str:
    """Run a program and return what it prints.

    Raises:
        ValueError: it cannot be started, fails, or takes more than two minutes; the text is a phrase.
    """
    words = [str(word) for word in argv]
    try:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
            start_new_session=True,
            preexec_fn=kill_with_parent,  # noqa: PLW1509 — one prctl, which takes no lock
        )
    except OSError as error:
        raise ValueError(f"'{words[0]}' cannot be started: {error.strerror}") from None
    with process, stoppable(process):
        try:
            out, err = process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise ValueError(f"'{words[0]}' took more than {_SECONDS} s") from None
    if process.returncode != 0:
        last = err.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ValueError(f"'{words[0]}' failed: {''.join(last) or f'status {process.returncode}'}")
    return out.decode("utf-8", "replace")


def program_of(command: Command, search_path: str | None) -> Path | None:
    """Return the file that a command starts; None: it is not found."""
    found = shutil.which(_in(command, command.argv[0]), path=search_path)
    return Path(found) if found else None


def is_python(command: Command, search_path: str | None) -> bool:
    """Tell whether a command starts a Python program: the interpreter, or a script that names it."""
    program = program_of(command, search_path)
    if program is None:
        return False
    if _INTERPRETER.fullmatch(program.resolve().name):
        return True
    try:
        with program.open("rb") as file:
            first = file.readline(256)
    except OSError:
        return False
    words = first[2:].decode("utf-8", "replace").split() if first.startswith(b"#!") else []
    return any(_INTERPRETER.fullmatch(Path(word).name) for word in words)


def python_note(command: Command, search_path: str | None) -> str:
    """Return what a reader of the profile of a Python program has to know; nothing for another program."""
    return _PYTHON_NOTE if is_python(command, search_path) else ""


def _in(command: Command, name: str) -> str:
    if os.sep in name and command.working_directory is not None:
        return str(command.working_directory / name)
    return name

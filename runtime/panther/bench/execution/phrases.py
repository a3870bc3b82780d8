"""Phrases that several environments say."""

from __future__ import annotations

import traceback
from pathlib import Path

from panther.bench.execution.home import Home
from panther.plugins.services.base.command import Command

__all__ = ["counted", "fault_of", "python_note"]

_PYTHON_NOTE = "the service is a Python program: this sees the interpreter; 'py-spy' sees Python's functions"


def counted(number: int, noun: str) -> str:
    """Return a number with a noun in the right form."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def fault_of(error: Exception) -> str:
    """Return what code has raised, and where."""
    said = f"{type(error).__name__}: {error}"
    frames = traceback.extract_tb(error.__traceback__)
    return f"{said} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else said


def python_note(command: Command, home: Home) -> str:
    """Return what a reader of the profile of a Python program has to know; nothing for another program."""
    return _PYTHON_NOTE if home.is_python(command) else ""

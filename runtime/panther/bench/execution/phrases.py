"""Phrases that several environments say."""

from __future__ import annotations

from panther.bench.execution.home import Home
from panther.plugins.services.base.command import Command

__all__ = ["counted", "python_note"]

_PYTHON_NOTE = "the service is a Python program: this sees the interpreter; 'py-spy' sees Python's functions"


def counted(number: int, noun: str) -> str:
    """Return a number with a noun in the right form."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def python_note(command: Command, home: Home) -> str:
    """Return what a reader of the profile of a Python program has to know; nothing for another program."""
    return _PYTHON_NOTE if home.is_python(command) else ""

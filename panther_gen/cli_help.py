"""Help without Python's names for types: ``PATHS``, not ``PATHS <list[Path]>``."""

from __future__ import annotations

from typing import Any, TypeVar

__all__ = ["plain"]

_Command = TypeVar("_Command")


def plain(command: _Command) -> _Command:
    """Return a command, the types of its arguments and of its subcommands' arguments left out of the help."""
    commands: list[Any] = [command]
    while commands:
        found = commands.pop()
        commands.extend(getattr(found, "commands", {}).values())
        for parameter in found.params:
            if parameter.param_type_name == "argument":
                parameter.display_type_rich = _nothing
    return command


def _nothing(ctx: object) -> None:
    """Return no type, whatever is being shown."""

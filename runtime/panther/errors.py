"""The errors of the runtime: one root, one class per kind of failure, the exit code on the class.

They are caught once, in :mod:`panther.bench.cli`, and printed as they read. Their text says what is
wrong with the value in quotes, where, and the cure.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "BuildError",
    "CommandTemplateError",
    "ConfigurationError",
    "ContractError",
    "InputError",
    "MachineError",
    "PantherError",
    "ParameterError",
    "RegistrationError",
]


class PantherError(Exception):
    """Something that the runtime can explain.

    Args:
        message: what is wrong, with the offending value in quotes.
        cure: how to mend it; empty if there is nothing to advise.
        where: the place, as ``file:line`` or ``file:line:column``; empty if there is none.
    """

    #: Exit status of ``python -m panther`` when this error ends it.
    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, cure: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure
        self.where = where

    def __str__(self) -> str:
        located = f"{self.where}: {self.message}" if self.where else self.message
        return f"{located}\n  cure: {self.cure}" if self.cure else located


class InputError(PantherError):
    """The user's input cannot be used: a command line, an experiment file, a plugin."""

    exit_code = 2


class ConfigurationError(InputError):
    """An experiment file, or the values for a plugin's configuration, are not valid."""


class RegistrationError(InputError):
    """A plugin registers itself with values that cannot be used, or under a name that is taken."""


class ContractError(InputError, TypeError):
    """A plugin's class breaks the contract of its base class."""


class ParameterError(InputError):
    """A parameter of a service's command line is missing or out of range."""


class CommandTemplateError(InputError):
    """A command template does not parse, or uses a name that is not defined."""


class MachineError(PantherError):
    """This machine lacks something that the run needs: a program, a permission, space on a disk."""

    exit_code = 4


class BuildError(MachineError):
    """What a program is built from is not there, or a command that builds it fails."""

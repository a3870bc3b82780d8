"""The commands of a test, built as a trial: what cannot be built is refused before anything is started."""

from __future__ import annotations

import os
import shutil
import traceback
from collections.abc import Callable, Mapping

from panther.bench.environments.service import Service
from panther.bench.plan import TestPlan
from panther.errors import InputError, MachineError, PantherError

__all__ = ["build_services", "check_services"]


def check_services(plan: TestPlan, services: Mapping[str, Service]) -> None:
    """Look for the programs of a test.

    Args:
        plan: the test.
        services: those that it would have, with their commands.

    Raises:
        MachineError: a program is not there.
    """
    for service in services.values():
        if not service.prepares_itself:  # else it is looked for when it has been made
            service.check()
    for command in (*plan.pre_commands, *plan.post_commands):
        if shutil.which(command[0]) is None:
            raise MachineError(
                f"the program '{command[0]}', which test '{plan.name}' runs before or after its services, "
                f"{'is no executable file' if os.sep in command[0] else 'is not on PATH'}",
                cure="install it, or mend 'pre_commands' and 'post_commands' under 'steps:'",
            )


def build_services(plan: TestPlan, make: Callable[[], Mapping[str, Service]]) -> Mapping[str, Service]:
    """Make the services of a test and build their commands.

    Args:
        plan: the test.
        make: makes its services as a trial.

    Raises:
        PantherError: a command cannot be built.
    """
    try:
        services = make()
        for service in services.values():
            service.build()
    except PantherError:
        raise
    except Exception as error:
        raise InputError(
            f"a plugin of test '{plan.name}' failed at its command: {type(error).__name__}: {error}",
            where=_place_of(error),
        ) from error
    return services


def _place_of(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"

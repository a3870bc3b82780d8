"""What a run would do, as text: the commands of every service, and the compose file of containers.

Commands are built as they are for a run; directories, ports and certificates are named as they would be.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from panther.bench.environments.registry import make_environments
from panther.bench.isolation import IsolationMode
from panther.bench.plan import TestPlan, plan_tests

if TYPE_CHECKING:
    from panther.bench.environments.base import Environment
    from panther.bench.environments.service import Service
    from panther.bench.experiment import Experiment

__all__ = ["describe_run"]


def describe_run(experiment: Experiment, base: Path, isolation: IsolationMode) -> str:
    """Return what a run of an experiment would start; nothing is started or written.

    Args:
        experiment: the experiment.
        base: what the sources of volumes are relative to.
        isolation: how tests on this machine would be kept apart.

    Raises:
        PantherError: it cannot be run.
    """
    plans = plan_tests(experiment, base)
    environments = make_environments([plan.network for plan in plans], isolation)
    return "\n".join(line for plan in plans for line in _test(plan, environments[plan.network]))


def _test(plan: TestPlan, environment: Environment) -> Iterator[str]:
    environment.check(plan)
    yield f"# {plan.name}: {plan.network}, {environment.describe()}"
    for command in plan.pre_commands:
        yield f"before: {shlex.join(command)}"
    for service in environment.imagine(plan).values():
        yield f"{service.name} ({service.plan.role}): {_line(service)}"
    for command in plan.post_commands:
        yield f"after: {shlex.join(command)}"
    yield from environment.further_lines(plan)
    yield ""


def _line(service: Service) -> str:
    """Return a command with the variables that are its own, as a shell would take them."""
    variables = [f"{name}={shlex.quote(value)}" for name, value in service.own_environment().items()]
    return " ".join([*variables, str(service.command)])

"""The plan of a new plugin for an implementation, with an experiment for the first one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from panther_gen.generate.blueprint_plan import plan_of_blueprint
from panther_gen.generate.experiment import EXPERIMENT_FILE, experiment_text
from panther_gen.generate.plan import ChangePlan, PlannedFile
from panther_gen.generate.request import NewIut
from panther_gen.layout import plugins_below

__all__ = ["plan_new_iut"]


def plan_new_iut(request: NewIut, *, ask: bool = False, may_exist: bool = False) -> ChangePlan:
    """Render a new plugin into a plan; errors as those of ``plan_of_blueprint``.

    Args:
        request: what is to be made.
        ask: ask the blueprint's questions that the request leaves open, on the terminal.
        may_exist: plan for a directory that exists as well.
    """
    plan = plan_of_blueprint(
        "iut",
        request.root,
        request.directory,
        request.answers(),
        said=request.said,
        ask=ask,
        may_exist=may_exist,
    )
    return replace(plan, beside=_experiment(request))


def _experiment(request: NewIut) -> tuple[PlannedFile, ...]:
    """Plan an experiment for the first plugin below a root, if it can be run against itself."""
    if not request.has_both_roles or plugins_below(request.root) or (request.root / EXPERIMENT_FILE).exists():
        return ()
    text = experiment_text(request.protocol, request.name)
    return (PlannedFile(PurePosixPath(EXPERIMENT_FILE), text.encode()),)

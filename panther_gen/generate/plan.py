"""The change plan: everything that will be written, in memory, before anything is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from panther_gen.blueprints import find_blueprint
from panther_gen.generate.experiment import EXPERIMENT_FILE, experiment_text
from panther_gen.generate.request import NewIut
from panther_gen.generate.target import check_target
from panther_gen.layout import plugins_below

__all__ = ["ChangePlan", "PlannedFile", "plan_new_iut"]

_BLUEPRINT = "iut"


@dataclass(frozen=True)
class PlannedFile:
    """A file that will be written."""

    path: PurePosixPath
    """Where, relative to the plan's root."""

    content: bytes
    """What will be in it."""

    executable: bool = False
    """Whether it may be run as a program; its other permissions follow the umask."""


@dataclass(frozen=True)
class ChangePlan:
    """A new directory, and files beside it, that land together or not at all."""

    root: Path
    """The directory that every path is relative to; it need not exist."""

    directory: PurePosixPath
    """The new directory."""

    files: tuple[PlannedFile, ...]
    """The files in it, sorted by path."""

    beside: tuple[PlannedFile, ...] = ()
    """Files outside of it, each left out when it has come to exist meanwhile."""


def plan_new_iut(request: NewIut, *, ask: bool = False) -> ChangePlan:
    """Render a new plugin into a plan; nothing is written below the request's root.

    Args:
        request: what is to be made.
        ask: ask the blueprint's questions that the request leaves open, on the terminal.

    Raises:
        UsageError: it cannot be made there, or an answer is refused.
        MachineError: there is no room for temporary files.
        BlueprintError: the blueprint is missing or broken.
    """
    check_target(request.root, request.directory)
    # Here, because copier costs a third of a second to import, and the request is good by now.
    from panther_gen.generate.render import render

    rendered = render(find_blueprint(_BLUEPRINT), request.answers(), request.name, ask=ask)
    files = (
        PlannedFile(request.directory / path, content, executable)
        for path, (content, executable) in rendered.items()
    )
    return ChangePlan(
        root=request.root,
        directory=request.directory,
        files=tuple(sorted(files, key=lambda file: file.path)),
        beside=_experiment(request),
    )


def _experiment(request: NewIut) -> tuple[PlannedFile, ...]:
    """Plan an experiment for the first plugin below a root, if it can be run against itself."""
    if not request.has_both_roles or plugins_below(request.root) or (request.root / EXPERIMENT_FILE).exists():
        return ()
    text = experiment_text(request.protocol, request.name)
    return (PlannedFile(PurePosixPath(EXPERIMENT_FILE), text.encode()),)

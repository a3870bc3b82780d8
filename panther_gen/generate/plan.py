"""The change plan: everything that will be written, in memory, before anything is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from panther_gen.blueprints import Blueprint, find_blueprint
from panther_gen.generate.changes import Change, Changes
from panther_gen.generate.experiment import EXPERIMENT_FILE, experiment_text
from panther_gen.generate.request import NewIut
from panther_gen.generate.state import (
    BASE_FILE,
    OWN_FILES,
    STATE_FILE,
    PluginState,
    RecordedFile,
    hash_of,
    pack_base,
    state_text,
)
from panther_gen.generate.target import check_place, check_target
from panther_gen.layout import plugins_below

if TYPE_CHECKING:
    from panther_gen.generate.render import Rendered

__all__ = ["ChangePlan", "PlannedFile", "plan_new_iut", "state_of"]

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

    def changes(self, *, force: bool) -> Changes:
        """Compare the plan with what is on the disk.

        Args:
            force: files that are there and differ are replaced, else they are conflicts.
        """
        files = [_change(self.root, file, force=force) for file in self.files]
        beside = [
            Change(file.path, "skip", reason="it exists")
            if (self.root / file.path).exists()
            else Change(file.path, "create", after=file.content)
            for file in self.beside
        ]
        return Changes(self.root, tuple(sorted([*files, *beside], key=lambda change: change.path)))


def _change(root: Path, file: PlannedFile, *, force: bool) -> Change:
    recorded = file.path.name in OWN_FILES
    target = root / file.path
    if not target.is_file():
        return Change(file.path, "create", None, file.content, file.executable or None, recorded=recorded)
    before = target.read_bytes()
    if before == file.content:
        return Change(file.path, "identical", before, before, recorded=recorded)
    return Change(
        file.path,
        "update" if force else "conflict",
        before,
        file.content,
        reason="" if force else "it exists, and differs",
        recorded=recorded,
    )


def plan_new_iut(request: NewIut, *, ask: bool = False, may_exist: bool = False) -> ChangePlan:
    """Render a new plugin into a plan; nothing is written below the request's root.

    Args:
        request: what is to be made.
        ask: ask the blueprint's questions that the request leaves open, on the terminal.
        may_exist: plan for a directory that exists as well.

    Raises:
        UsageError: it cannot be made there, or an answer is refused.
        MachineError: there is no room for temporary files.
        BlueprintError: the blueprint is missing or broken.
    """
    check = check_place if may_exist else check_target
    check(request.root, request.directory)
    # Here, because copier costs a third of a second to import, and the request is good by now.
    from panther_gen.generate.render import render

    blueprint = find_blueprint(_BLUEPRINT)
    rendered = render(blueprint, request.answers(), request.name, ask=ask)
    rendered.refuse_unasked(request.said)
    files = [
        PlannedFile(request.directory / path, content, executable)
        for path, (content, executable) in rendered.files.items()
    ]
    state, base = state_of(blueprint, rendered)
    files += [
        PlannedFile(request.directory / STATE_FILE, state),
        PlannedFile(request.directory / BASE_FILE, base),
    ]
    return ChangePlan(
        root=request.root,
        directory=request.directory,
        files=tuple(sorted(files, key=lambda file: file.path)),
        beside=_experiment(request),
    )


def state_of(blueprint: Blueprint, rendered: Rendered) -> tuple[bytes, bytes]:
    """Return the contents of the two files that remember a fresh rendering."""
    files = {
        str(path): RecordedFile(hash_of(content), executable)
        for path, (content, executable) in rendered.files.items()
    }
    state = PluginState(blueprint.id, blueprint.version, rendered.answers, files, blueprint.content)
    return state_text(state), pack_base({str(path): text for path, (text, _) in rendered.files.items()})


def _experiment(request: NewIut) -> tuple[PlannedFile, ...]:
    """Plan an experiment for the first plugin below a root, if it can be run against itself."""
    if not request.has_both_roles or plugins_below(request.root) or (request.root / EXPERIMENT_FILE).exists():
        return ()
    text = experiment_text(request.protocol, request.name)
    return (PlannedFile(PurePosixPath(EXPERIMENT_FILE), text.encode()),)

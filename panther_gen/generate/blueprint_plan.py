"""A directory as a blueprint makes it, as a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from panther_gen.blueprints import Blueprint, find_blueprint
from panther_gen.generate.plan import ChangePlan, PlannedFile
from panther_gen.generate.state import (
    BASE_FILE,
    STATE_FILE,
    PluginState,
    RecordedFile,
    hash_of,
    pack_base,
    state_text,
)
from panther_gen.generate.target import check_place, check_target

if TYPE_CHECKING:
    from panther_gen.generate.render import Rendered

__all__ = ["plan_of_blueprint", "state_of"]


def plan_of_blueprint(
    blueprint_id: str,
    root: Path,
    directory: PurePosixPath,
    answers: Mapping[str, str],
    *,
    said: Iterable[str] = (),
    ask: bool = False,
    may_exist: bool = False,
) -> ChangePlan:
    """Render a blueprint into a plan; nothing is written below ``root``.

    Args:
        blueprint_id: which of panther-gen's own blueprints.
        root: the directory that holds, or will hold, ``panther/``.
        directory: the new directory, relative to ``root``.
        answers: by question; the rest is asked for or a default.
        said: questions that a person has answered; one that the blueprint does not ask is refused.
        ask: ask the questions that are open, on the terminal.
        may_exist: plan for a directory that exists as well.

    Raises:
        UsageError: it cannot be made there, or an answer is refused.
        MachineError: there is no room for temporary files.
        BlueprintError: the blueprint is missing or broken.
    """
    check = check_place if may_exist else check_target
    check(root, directory)
    # Here, because copier costs a third of a second to import, and the request is good by now.
    from panther_gen.generate.render import render

    blueprint = find_blueprint(blueprint_id)
    rendered = render(blueprint, answers, directory.name, ask=ask)
    rendered.refuse_unasked(said)
    files = [
        PlannedFile(directory / path, content, executable)
        for path, (content, executable) in rendered.files.items()
    ]
    state, base = state_of(blueprint, rendered)
    files += [PlannedFile(directory / STATE_FILE, state), PlannedFile(directory / BASE_FILE, base)]
    return ChangePlan(root, directory, tuple(sorted(files, key=lambda file: file.path)))


def state_of(blueprint: Blueprint, rendered: Rendered) -> tuple[bytes, bytes]:
    """Return the contents of the two files that remember a fresh rendering."""
    files = {
        str(path): RecordedFile(hash_of(content), executable)
        for path, (content, executable) in rendered.files.items()
    }
    state = PluginState(blueprint.id, blueprint.version, rendered.answers, files, blueprint.content)
    return state_text(state), pack_base({str(path): text for path, (text, _) in rendered.files.items()})

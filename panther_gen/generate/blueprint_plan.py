"""A directory as a blueprint makes it, as a plan; nothing is asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from panther_gen.blueprints import find_blueprint
from panther_gen.generate.plan import ChangePlan, PlannedFile, state_of
from panther_gen.generate.state import BASE_FILE, STATE_FILE
from panther_gen.generate.target import check_place, check_target

__all__ = ["plan_of_blueprint"]


def plan_of_blueprint(
    blueprint_id: str, root: Path, directory: PurePosixPath, answers: Mapping[str, str], *, may_exist: bool
) -> ChangePlan:
    """Render a blueprint into a plan; nothing is written below ``root``.

    Args:
        blueprint_id: which of panther-gen's own blueprints.
        root: the directory that holds, or will hold, ``panther/``.
        directory: the new directory, relative to ``root``.
        answers: by question; the rest are defaults.
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
    rendered = render(blueprint, answers, directory.name, ask=False)
    files = [
        PlannedFile(directory / path, content, executable)
        for path, (content, executable) in rendered.files.items()
    ]
    state, base = state_of(blueprint, rendered)
    files += [PlannedFile(directory / STATE_FILE, state), PlannedFile(directory / BASE_FILE, base)]
    return ChangePlan(root, directory, tuple(sorted(files, key=lambda file: file.path)))

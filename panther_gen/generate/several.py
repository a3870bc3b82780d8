"""One plan for several plugins: all of them are updated, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from panther_gen.blueprints import Blueprint
from panther_gen.errors import UsageError, shown
from panther_gen.generate.changes import Changes
from panther_gen.generate.state import NoStateError, read_state
from panther_gen.generate.update import plan_update
from panther_gen.plugin.tree import PluginDirectory

__all__ = ["plan_several"]

#: What a directory without a record is taken to be made from, by its kind.
_BLUEPRINT_OF = {"iut": "iut", "testers": "tester", "protocols": "protocol"}


def plan_several(
    plugins: Sequence[PluginDirectory],
    blueprints: Mapping[str, Blueprint],
    *,
    adopt: bool = False,
    changed: Mapping[str, str],
    skip_untracked: bool = False,
) -> list[Changes]:
    """Return one plan for each root that the plugins have.

    Args:
        plugins: which ones.
        blueprints: those that are there, by id.
        adopt: plan to give a record to plugins that have none, and nothing else.
        changed: answers that replace recorded ones.
        skip_untracked: leave plugins out that have no record, or with ``adopt`` those that have one.

    Raises:
        UsageError: a plugin cannot be updated, or an answer is refused.
        MachineError: a file cannot be read.
        BlueprintError: a blueprint is broken.
    """
    by_root: dict[Path, list[Changes]] = {}
    for plugin in plugins:
        plan = _plan(plugin, blueprints, adopt, changed, skip_untracked)
        by_root.setdefault(plugin.root, []).append(plan)
    return [Changes.joined(root, parts) for root, parts in sorted(by_root.items())]


def _plan(
    plugin: PluginDirectory,
    blueprints: Mapping[str, Blueprint],
    adopt: bool,
    changed: Mapping[str, str],
    skip_untracked: bool,
) -> Changes:
    try:
        state = read_state(plugin.path)
    except NoStateError:
        if adopt or not skip_untracked:
            return _untracked(plugin, blueprints, adopt, changed)
        note = f"{plugin.protocol}/{plugin.name} has no record, and is left out"
        return Changes(plugin.root, (), (note,))
    except UsageError:
        if adopt:
            return _untracked(plugin, blueprints, adopt, changed)
        raise
    if adopt and skip_untracked:
        return Changes(plugin.root, ())
    if adopt:
        return _untracked(plugin, blueprints, adopt, changed)
    if state.blueprint not in blueprints:
        raise UsageError(
            f"the plugin {shown(plugin.path)} was generated from the blueprint {shown(state.blueprint)}, "
            "which is not here",
            cure=f"--blueprint DIR says where it is; there are: {', '.join(sorted(blueprints))}",
        )
    return plan_update(plugin, blueprints[state.blueprint], changed=changed)


def _untracked(
    plugin: PluginDirectory, blueprints: Mapping[str, Blueprint], adopt: bool, changed: Mapping[str, str]
) -> Changes:
    """Plan a record for a plugin that has none, or say what is missing."""
    if not adopt:
        read_state(plugin.path)
    from panther_gen.generate.adopt import plan_adopt

    return plan_adopt(plugin, blueprints[_BLUEPRINT_OF[plugin.kind]], changed)

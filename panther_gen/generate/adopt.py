"""Giving a plugin a record that has none: what it was generated from is found out from its files."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from panther_gen.blueprints import Blueprint
from panther_gen.errors import UsageError, shown
from panther_gen.generate.blueprint_plan import state_of
from panther_gen.generate.changes import Change, Changes
from panther_gen.generate.state import BASE_FILE, STATE_FILE, NewerStateError, read_state
from panther_gen.generate.update import files_of
from panther_gen.names import LANGUAGES
from panther_gen.plugin.description import describe_plugin
from panther_gen.plugin.protocols import read_own_protocol
from panther_gen.plugin.tree import PluginDirectory

__all__ = ["plan_adopt"]

_REPOSITORY = re.compile(r"^\s+repo_url=(\"[^\"\n]*\"),$", re.MULTILINE)


def plan_adopt(plugin: PluginDirectory, blueprint: Blueprint, said: Mapping[str, str]) -> Changes:
    """Plan the record of a plugin; no other file is changed.

    The answers are read from the plugin's source. Of the languages, the one is taken whose rendering has
    the most files in common with the plugin, byte by byte. What differs from it counts as edited.

    Args:
        plugin: where it is.
        blueprint: what it was generated from.
        said: answers that are known better.

    Raises:
        UsageError: it has a record, or its source cannot be parsed.
    """
    directory = plugin.path
    try:
        read_state(directory)
    except NewerStateError:
        raise
    except UsageError:
        pass
    else:
        raise UsageError(
            f"{shown(directory)} has a record already", cure=f"panther-gen status shows it: {plugin.name}"
        )
    from panther_gen.generate.render import Rendered, render

    known = {**_answers(plugin), **said}
    undecided = [] if plugin.kind == "protocols" or "language" in known else LANGUAGES
    there = {path: file.content for path, file in files_of(directory, {}).items()}

    def alike(rendered: Rendered) -> int:
        return sum(there.get(str(path)) == content for path, (content, _) in rendered.files.items())

    possible = [{**known, "language": language} for language in undecided] or [known]
    candidates = [render(blueprint, answers, plugin.name, ask=False) for answers in possible]
    best = max(candidates, key=alike)
    best.refuse_unasked(said)
    where = PurePosixPath(directory.relative_to(plugin.root))
    changes = [
        _written(directory, where, name, content)
        for name, content in zip((STATE_FILE, BASE_FILE), state_of(blueprint, best), strict=True)
    ]
    note = (
        f"{where}: taken for {best.answers.get('language', 'a protocol')}; {alike(best)} of {len(best.files)}"
        f" files are as version {blueprint.version} of the blueprint '{blueprint.id}' renders them; "
        "the others are edited"
    )
    return Changes(plugin.root, tuple(changes), (note,))


def _written(directory: Path, where: PurePosixPath, name: str, content: bytes) -> Change:
    path = directory / name
    before = path.read_bytes() if path.exists() else None
    return Change(where / name, "create" if before is None else "update", before, content)


def _answers(plugin: PluginDirectory) -> dict[str, str]:
    """Return what the source says about the answers that it was generated with."""
    if plugin.kind == "protocols":
        return {"name": plugin.name}
    description = describe_plugin(plugin)
    answers = {"protocol": plugin.protocol, "name": plugin.name}
    own = read_own_protocol(plugin.root, plugin.protocol)
    if own and any(own.base_class in registration.bases for registration in description.registrations):
        answers.update(own.answers)
    for registration in description.registrations[:1]:
        told = {
            "class_name": registration.class_name,
            "version": registration.version,
            "description": registration.description,
        }
        answers.update({question: answer for question, answer in told.items() if answer})
        found = _REPOSITORY.search(registration.file.read_text(encoding="utf-8"))
        if found:
            answers["repo_url"] = ast.literal_eval(found.group(1))
    for config in description.configs:
        for field in config.fields:
            if field.name == "binary_name" and field.default:
                answers["binary_name"] = str(ast.literal_eval(field.default))
    return answers

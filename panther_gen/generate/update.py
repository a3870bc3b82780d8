"""Planning the update of a plugin: the blueprint as it is now, and nothing that its author did is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from panther_gen.blueprints import Blueprint
from panther_gen.errors import PantherGenError, UsageError, shown, unreadable
from panther_gen.generate.changes import Change, Changes, Status
from panther_gen.generate.merge import has_markers
from panther_gen.generate.reconcile import Decision, Found, reconcile
from panther_gen.generate.state import (
    BASE_FILE,
    OWN_FILES,
    STATE_FILE,
    PluginState,
    RecordedFile,
    pack_base,
    read_base,
    read_state,
    state_text,
)
from panther_gen.plugin.protocols import read_own_protocol
from panther_gen.plugin.tree import PluginDirectory, is_skipped

__all__ = ["BrokenMergeError", "Check", "check_merged", "files_of", "plan_update"]

#: Files that nobody compares with anything: data of an author.
_LARGEST = 1 << 20

#: Told which files to check and what is in them, says what is wrong, as ``(code, path, sentence)``.
Check = Callable[[Sequence[Path], Mapping[Path, bytes]], list[tuple[str, str, str]]]


class BrokenMergeError(PantherGenError):
    """What a merge without conflicts made does not parse, or breaks the contract of a base class."""

    exit_code = 1


def plan_update(
    plugin: PluginDirectory, blueprint: Blueprint, *, changed: Mapping[str, str] | None = None
) -> Changes:
    """Render the blueprint anew with the recorded answers, and reconcile that with the plugin.

    Args:
        plugin: where it is.
        blueprint: what it is generated from; its id is the recorded one.
        changed: answers that replace the recorded ones.

    Raises:
        UsageError: the state file cannot be used, conflicts of an earlier update are not resolved yet, or an
            answer is refused.
        MachineError: a file cannot be read.
        BlueprintError: the blueprint is broken.
    """
    _refuse_other_place(plugin, changed or {})
    directory = plugin.path
    state = read_state(directory)
    _refuse_older(directory, state, blueprint)
    found = files_of(directory, state.files)
    _refuse_unresolved(directory, found)
    from panther_gen.generate.render import render

    answers = {**state.answers, **answers_of_protocol(plugin, state.answers), **(changed or {})}
    folder = str(answers.get("name", plugin.name))
    rendered = render(blueprint, answers, folder, ask=False)
    rendered.refuse_unasked(changed or {})
    new = {str(path): file for path, file in rendered.files.items()}
    label = f"blueprint {blueprint.id} {blueprint.version}"
    outcome = reconcile(state.files, read_base(directory), found, new, label)
    after = PluginState(blueprint.id, blueprint.version, rendered.answers, outcome.files, blueprint.content)
    where = PurePosixPath(directory.relative_to(plugin.root))
    changes = [_change(where, found, decision) for decision in outcome.decisions]
    changes += _recorded(where, directory, state, after, {path: text for path, (text, _) in new.items()})
    forgotten = [question for question in rendered.unasked if question in state.answers]
    notes = tuple(
        f"{where}: the blueprint asks no question '{question}' any longer; its answer is forgotten"
        for question in forgotten
    )
    return Changes(plugin.root, tuple(sorted(changes, key=lambda change: change.path)), notes)


def answers_of_protocol(plugin: PluginDirectory, recorded: Mapping[str, Any]) -> dict[str, str]:
    """Return what a plugin on a protocol of one's own would be told of it today; nothing for any other.

    Raises:
        UsageError: the protocol is there, and cannot be used.
    """
    if not recorded.get("own_base"):
        return {}
    own = read_own_protocol(plugin.root, plugin.protocol)
    return own.answers if own else {}


def files_of(directory: Path, recorded: Mapping[str, RecordedFile]) -> dict[str, Found]:
    """Read the files of a plugin: those that are recorded, and others of a moderate size.

    Raises:
        MachineError: one cannot be read.
    """
    found: dict[str, Found] = {}
    try:
        for place, names, files in os.walk(directory):
            names[:] = sorted(name for name in names if not is_skipped(Path(place, name)))
            for name in files:
                path = Path(place, name)
                relative = path.relative_to(directory).as_posix()
                if relative in OWN_FILES or not (path.is_symlink() or path.is_file()):
                    continue
                if relative in recorded or path.is_symlink() or path.stat().st_size <= _LARGEST:
                    found[relative] = _read(directory, relative)
        for relative in recorded.keys() - found.keys():
            if directory.joinpath(relative).is_file():  # by way of a link to a directory
                found[relative] = replace(_read(directory, relative), is_link=True)
    except OSError as error:
        raise unreadable(error, Path(error.filename or directory)) from error
    return found


def _read(directory: Path, relative: str) -> Found:
    path = directory / relative
    if path.is_symlink():
        return Found(os.fsencode(path.readlink()), is_link=True)
    return Found(path.read_bytes(), bool(path.stat().st_mode & 0o100))


def check_merged(changes: Changes, check: Check) -> None:
    """Refuse changes that a checker finds something new in, though no conflict is marked there.

    Raises:
        BrokenMergeError: a merged file no longer parses, or the plugin breaks the contract.
    """
    written = [change for change in changes.visible if change.after is not None and change.changes_the_file]
    fine = [change for change in written if change.status != "conflict" and change.path.suffix == ".py"]
    paths = [changes.root / change.path for change in fine]
    if not any(change.before is not None for change in fine):
        return
    contents = {
        changes.root / change.path: change.after
        for change in written
        if change.after is not None and change.status != "conflict"
    }
    existing = [path for path, change in zip(paths, fine, strict=True) if change.before is not None]
    known = {_kind(finding) for finding in check(existing, {})}
    new = [finding for finding in check(paths, contents) if _kind(finding) not in known]
    if new:
        listed = "".join(f"\n  {place}: {code} {sentence}" for code, place, sentence in new)
        raise BrokenMergeError(
            f"the update is not made, because the merged plugin would not be sound:{listed}",
            cure="panther-gen diff shows what would change; make room for it in your edits, and run it again",
        )


def _kind(finding: tuple[str, str, str]) -> tuple[str, str, str]:
    code, place, sentence = finding
    path = place.partition(":")[0]
    return (code, path, "") if code == "PG001" else (code, path, sentence)


def _refuse_other_place(plugin: PluginDirectory, changed: Mapping[str, str]) -> None:
    """Refuse answers that say where the plugin is: no update moves it."""
    places = {"name": plugin.name, **({} if plugin.kind == "protocols" else {"protocol": plugin.protocol})}
    for question, place in places.items():
        if changed.get(question, place) != place:
            raise UsageError(
                f"{question} {shown(changed[question])} would make another plugin of {shown(plugin.words)}",
                cure="make it with panther-gen new-iut, new-tester or new-protocol, and move your edits",
            )


def _refuse_older(directory: Path, state: PluginState, blueprint: Blueprint) -> None:
    if state.version > blueprint.version:
        raise UsageError(
            f"{shown(directory)} was generated from version {state.version} of the blueprint "
            f"'{blueprint.id}', and this panther-gen has version {blueprint.version}",
            cure="python -m pip install --upgrade panther-gen",
        )


def _refuse_unresolved(directory: Path, found: Mapping[str, Found]) -> None:
    marked = sorted(path for path, file in found.items() if has_markers(file.content))
    if marked:
        files = "".join(f"\n  {path}" for path in marked)
        raise UsageError(
            f"{shown(directory)} has conflicts that are not resolved:{files}",
            cure="edit what stands between <<<<<<< and >>>>>>>, and remove these lines",
        )


def _change(where: PurePosixPath, found: Mapping[str, Found], decision: Decision) -> Change:
    before = found[decision.path].content if decision.path in found else None
    after = None if decision.status == "remove" else before if decision.content is None else decision.content
    return Change(where / decision.path, decision.status, before, after, decision.executable, decision.reason)


def _recorded(
    where: PurePosixPath,
    directory: Path,
    state: PluginState,
    after: PluginState,
    texts: Mapping[str, bytes],
) -> list[Change]:
    """Return the changes of the two files that remember, if there is anything new to remember."""
    own: dict[str, bytes] = {}
    if replace(after, made_by=state.made_by) != state:
        own[STATE_FILE] = state_text(after)
    if read_base(directory) != texts:
        own[BASE_FILE] = pack_base(texts)
    return [_own_change(where, directory, name, content) for name, content in own.items()]


def _own_change(where: PurePosixPath, directory: Path, name: str, content: bytes) -> Change:
    path = directory / name
    before = path.read_bytes() if path.exists() else None
    status: Status = "create" if before is None else "update"
    return Change(where / name, status, before, content, recorded=True)

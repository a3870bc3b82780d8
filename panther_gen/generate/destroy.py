"""Removing a plugin, but for what its author has made of it."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from panther_gen.errors import UsageError, shown
from panther_gen.generate.changes import Change, Changes
from panther_gen.generate.experiment import EXPERIMENT_FILE, experiment_text
from panther_gen.generate.state import BASE_FILE, STATE_FILE, hash_of, read_state
from panther_gen.generate.update import files_of
from panther_gen.layout import PROTOCOLS, plugin_places
from panther_gen.plugin.tree import PluginDirectory

__all__ = ["plan_destroy"]

_CACHE = "__pycache__"


def plan_destroy(plugin: PluginDirectory) -> Changes:
    """Plan to remove every file that is as it was rendered; others stay.

    Its experiment file goes too if nobody has edited it, and so do Python's caches.

    Raises:
        UsageError: what it was generated from is not known, or plugins stand on it.
        MachineError: a file cannot be read.
    """
    _refuse_base_of_others(plugin)
    directory = plugin.path
    where = PurePosixPath(directory.relative_to(plugin.root))
    state = read_state(directory)
    changes = []
    for path, file in sorted(files_of(directory, state.files).items()):
        record = state.files.get(path)
        if record is None:
            changes.append(Change(where / path, "skip", file.content, file.content, reason="made by you"))
        elif file.is_link or hash_of(file.content) != record.sha256:
            changes.append(Change(where / path, "skip", file.content, file.content, reason="edited by you"))
        else:
            changes.append(Change(where / path, "remove", file.content))
    changes += [
        Change(where / name, "remove", (directory / name).read_bytes(), recorded=True)
        for name in (STATE_FILE, BASE_FILE)
        if (directory / name).is_file()
    ]
    changes += [
        Change(where / path.relative_to(directory), "remove", path.read_bytes(), recorded=True)
        for path in _caches(directory)
    ]
    experiment = plugin.root / EXPERIMENT_FILE
    text = experiment_text(plugin.protocol, plugin.name).encode()
    if experiment.is_file() and experiment.read_bytes() == text:
        changes.append(Change(PurePosixPath(EXPERIMENT_FILE), "remove", text))
    return Changes(plugin.root, tuple(sorted(changes, key=lambda change: change.path)))


def _refuse_base_of_others(protocol: PluginDirectory) -> None:
    """Refuse to remove a protocol of one's own that plugins derive from."""
    places = plugin_places(protocol.root) if protocol.kind == PROTOCOLS.name else []
    using = [f"{kind}/{spoken}/{name}" for kind, spoken, name in places if spoken == protocol.name]
    if using:
        raise UsageError(
            f"plugins stand on the protocol {shown(protocol.name)}: {', '.join(using)}",
            cure=f"destroy them first: panther-gen destroy {using[0]}",
        )


def _caches(directory: Path) -> list[Path]:
    """Return what Python has compiled."""
    found = []
    for place, _, files in os.walk(directory):
        if Path(place).name == _CACHE:
            found += [Path(place, name) for name in files if name.endswith(".pyc")]
    return found

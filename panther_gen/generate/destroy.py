"""Removing a plugin, but for what its author has made of it."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from panther_gen.generate.changes import Change, Changes
from panther_gen.generate.experiment import EXPERIMENT_FILE, experiment_text
from panther_gen.generate.state import BASE_FILE, STATE_FILE, hash_of, read_state
from panther_gen.generate.update import files_of
from panther_gen.plugin.tree import PluginDirectory

__all__ = ["plan_destroy"]

_CACHE = "__pycache__"


def plan_destroy(plugin: PluginDirectory) -> Changes:
    """Plan to remove every file that is as it was rendered; others stay.

    Its experiment file goes too if nobody has edited it, and so do Python's caches.

    Raises:
        UsageError: what it was generated from is not known.
        MachineError: a file cannot be read.
    """
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


def _caches(directory: Path) -> list[Path]:
    """Return what Python has compiled."""
    found = []
    for place, _, files in os.walk(directory):
        if Path(place).name == _CACHE:
            found += [Path(place, name) for name in files if name.endswith(".pyc")]
    return found

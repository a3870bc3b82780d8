"""Which plugins a person means: by name, by protocol and name, or by directory."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from panther_gen.errors import UsageError, shown
from panther_gen.layout import JOURNAL, SERVICES, plugin_places
from panther_gen.plugin.tree import PluginDirectory, directory_of, find_plugins

__all__ = ["select"]


def select(words: Sequence[str], *, everything: bool) -> list[PluginDirectory]:
    """Return the plugins that are meant, each once, sorted.

    What a command that was killed has left half-done where they are is undone, and that is said.

    Args:
        words: names, ``protocol/name`` or directories; none: the plugin whose directory this is.
        everything: without words, every plugin here.

    Raises:
        UsageError: a word means none, or several; or there is nothing that it could mean.
        MachineError: what is half-done cannot be undone.
    """
    selected = _selected(words, everything)
    for root in {plugin.root for plugin in selected}:
        if os.path.lexists(root / JOURNAL):
            from panther_gen.generate.journal import recover

            print(f"panther-gen: {recover(root)}", file=sys.stderr)
    return selected


def _selected(words: Sequence[str], everything: bool) -> list[PluginDirectory]:
    if not words:
        here = directory_of(Path() / "any")
        if here is not None and here.path.is_dir():
            return [here]
        if not everything:
            names = ", ".join(f"{one.protocol}/{one.name}" for one in _here()) or "none"
            raise UsageError("no plugin is named", cure=f"name some, or say --all; there are here: {names}")
        return _here()
    return sorted({_meant(word) for word in words})


def _here() -> list[PluginDirectory]:
    """Return the plugins here; where a tree begins here, no other is looked for."""
    root = Path.cwd()
    if not root.joinpath(SERVICES).is_dir():
        return find_plugins(Path())
    return [PluginDirectory(root, *place) for place in plugin_places(root)]


def _meant(word: str) -> PluginDirectory:
    path = Path(word)
    if path.is_dir():
        found = directory_of(path / "any")
        if found is not None and found.path == path.absolute():
            return found
    plugins = _here()
    meant = [one for one in plugins if word in {one.name, f"{one.protocol}/{one.name}"}]
    if len(meant) == 1:
        return meant[0]
    if meant:
        choices = ", ".join(f"{one.protocol}/{one.name}" for one in meant)
        raise UsageError(f"{shown(word)} means several plugins", cure=f"say which: {choices}")
    from difflib import get_close_matches

    close = get_close_matches(word, {one.name for one in plugins}, n=1)
    names = ", ".join(f"{one.protocol}/{one.name}" for one in plugins)
    cure = f"did you mean '{close[0]}'?" if close else f"there are here: {names or 'none'}"
    raise UsageError(f"there is no plugin {shown(word)} here", cure=cure)

"""Which plugins a person means: by name, by protocol and name, or by directory."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from panther_gen.errors import UsageError, shown
from panther_gen.layout import JOURNAL, PROTOCOLS, SERVICES, enclosing_root, plugin_places, protocols_below
from panther_gen.plugin.tree import PluginDirectory, directory_of, find_plugins

__all__ = ["names_of", "select"]


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

            if told := recover(root):
                print(f"panther-gen: {told}", file=sys.stderr)
    return selected


def _selected(words: Sequence[str], everything: bool) -> list[PluginDirectory]:
    if not words:
        here = _around(Path())
        if here is not None and here.path.is_dir():
            return [here]
        if not everything:
            names = _listed(_here()) or "none"
            raise UsageError("no plugin is named", cure=f"name some, or say --all; there are here: {names}")
        return _here()
    return sorted({_meant(word) for word in words})


def _around(directory: Path) -> PluginDirectory | None:
    """Return the plugin, or the protocol of one's own, that a directory is or lies in."""
    place = directory.absolute()
    for root in place.parents:
        below = place.relative_to(root)
        if below.is_relative_to(PROTOCOLS) and len(below.parts) > len(PROTOCOLS.parts):
            return PluginDirectory(root, PROTOCOLS.name, PROTOCOLS.name, below.parts[len(PROTOCOLS.parts)])
    return directory_of(directory / "any")


def _here() -> list[PluginDirectory]:
    """Return the plugins and protocols here; where a tree begins here, no other is looked for."""
    root = Path.cwd()
    if root.joinpath(SERVICES).is_dir() or root.joinpath(PROTOCOLS).is_dir():
        return sorted([*(PluginDirectory(root, *place) for place in plugin_places(root)), *_protocols(root)])
    found = find_plugins(Path())
    around = enclosing_root(Path())
    roots = {plugin.root for plugin in found} | ({around} if around else set())
    return sorted([*found, *(protocol for root in roots for protocol in _protocols(root))])


def _protocols(root: Path) -> list[PluginDirectory]:
    words = (PROTOCOLS.name, PROTOCOLS.name)
    return [PluginDirectory(root, *words, directory.name) for directory in protocols_below(root)]


def _meant(word: str) -> PluginDirectory:
    path = Path(word)
    if path.is_dir():
        found = _around(path)
        if found is not None and found.path == path.absolute():
            return found
    plugins = _here()
    meant = [one for one in plugins if word in {one.name, one.words, f"{one.kind}/{one.words}"}]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise UsageError(f"{shown(word)} means several plugins", cure=f"say which: {_listed(meant)}")
    from difflib import get_close_matches

    close = get_close_matches(word, {one.name for one in plugins}, n=1)
    cure = f"did you mean '{close[0]}'?" if close else f"there are here: {_listed(plugins) or 'none'}"
    raise UsageError(f"there is no plugin {shown(word)} here", cure=cure)


def names_of(plugins: Sequence[PluginDirectory]) -> list[str]:
    """Return what each can be named by where all of these are.

    That is protocol and name; with its kind where these would mean another one too; its directory where a
    plugin of that kind lies below another root as well.
    """
    words = Counter(one.words for one in plugins)
    places = Counter((one.kind, one.words) for one in plugins)
    return [
        one.words
        if words[one.words] == 1
        else f"{one.kind}/{one.words}"
        if places[one.kind, one.words] == 1
        else os.path.relpath(one.path)
        for one in plugins
    ]


def _listed(plugins: Sequence[PluginDirectory]) -> str:
    return ", ".join(names_of(plugins))

"""What ``status`` and ``list`` say: to a person, to a script, and as an exit status."""

from __future__ import annotations

import gc
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from panther_gen.blueprints import Blueprint, known_blueprints
from panther_gen.errors import CONFLICTS, UsageError
from panther_gen.generate.selecting import names_of, select
from panther_gen.generate.status import PluginStatus, statuses
from panther_gen.names import KNOWN_PROTOCOLS, LANGUAGES

__all__ = ["inventory", "run_status"]

#: Version of the JSON documents; it changes when a key changes its meaning or goes.
_SCHEMA_VERSION = 1


def run_status(words: Sequence[str], *, blueprint: Path | None = None, in_json: bool = False) -> int:
    """Print how plugins stand, and return the exit status.

    Args:
        words: which plugins; none: all that are here.
        blueprint: the directory of a blueprint to compare with instead.
        in_json: print it as JSON.

    Returns:
        2 if a record cannot be used, else 5 if there are conflicts, else 1 if a plugin is behind, else 0.

    Raises:
        UsageError: a word means no plugin, or the directory holds no blueprint.
        MachineError: a file cannot be read.
    """
    gc.disable()
    found = statuses(select(words, everything=True), known_blueprints(blueprint))
    print(_as_json(found) if in_json else _as_text(found))
    return _exit_status(found)


def _exit_status(found: Sequence[PluginStatus]) -> int:
    if any(one.problem and one.is_tracked for one in found):
        return UsageError.exit_code
    if any(one.standing.conflicted for one in found):
        return CONFLICTS
    return int(any(one.is_behind for one in found))


def _as_text(found: Sequence[PluginStatus]) -> str:
    """Return a line for each plugin."""
    words = names_of([one.plugin for one in found])
    width = max(map(len, words), default=0)
    lines = [f"{word:{width}}  {one.summary()}" for word, one in zip(words, found, strict=True)]
    return "\n".join(lines) or "there are no plugins here"


def _as_json(found: Sequence[PluginStatus]) -> str:
    """Return the same as a JSON document."""
    return json.dumps({"version": _SCHEMA_VERSION, "plugins": [one.as_json() for one in found]}, indent=2)


def inventory(blueprints: Mapping[str, Blueprint], found: Sequence[PluginStatus], *, in_json: bool) -> str:
    """Return what there is: blueprints, protocols, languages, and the plugins with their status."""
    own = sorted({one.plugin.name for one in found if one.plugin.kind == "protocols"})
    if in_json:
        document = {
            "version": _SCHEMA_VERSION,
            "blueprints": [{"id": one.id, "version": one.version} for one in blueprints.values()],
            "protocols": [*KNOWN_PROTOCOLS, *own],
            "languages": list(LANGUAGES),
            "plugins": [one.as_json() for one in found],
        }
        return json.dumps(document, indent=2)
    described = ", ".join(f"{one.id} (version {one.version})" for one in blueprints.values())
    yours = f"; yours: {', '.join(own)}" if own else ", or a word of your own"
    heads = [
        f"blueprints: {described}",
        f"protocols:  {', '.join(KNOWN_PROTOCOLS)}{yours}",
        f"languages:  {', '.join(LANGUAGES)}",
        "plugins:" if found else "plugins:    none here",
    ]
    return "\n".join([*heads, *(f"  {line}" for line in _as_text(found).splitlines() if found)])

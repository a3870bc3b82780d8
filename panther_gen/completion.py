"""What a shell is offered while a word is being typed: protocols, languages, plugins."""

from __future__ import annotations

from pathlib import Path

from panther_gen.layout import enclosing_root, plugins_below, protocols_below
from panther_gen.names import KNOWN_PROTOCOLS, LANGUAGES

__all__ = ["complete_iut", "complete_language", "complete_plugin", "complete_protocol"]


def complete_protocol(incomplete: str) -> list[str]:
    """Return the runtime's protocols, then those of one's own and those that plugins are kept for."""
    root = _root()
    own = {directory.name for directory in protocols_below(root)}
    own |= {directory.parent.name for directory in plugins_below(root)}
    words = [*KNOWN_PROTOCOLS, *sorted(own - set(KNOWN_PROTOCOLS))]
    return [word for word in words if word.startswith(incomplete)]


def complete_language(incomplete: str) -> list[str]:
    """Return the languages that an implementation may be written in."""
    return [language for language in LANGUAGES if language.startswith(incomplete)]


def complete_plugin(incomplete: str) -> list[str]:
    """Return the names of the plugins of every kind."""
    return _names(incomplete, "*")


def complete_iut(incomplete: str) -> list[str]:
    """Return the names of the implementations under test."""
    return _names(incomplete, "iut")


def _names(incomplete: str, kind: str) -> list[str]:
    directories = plugins_below(_root())
    names = {one.name for one in directories if kind in ("*", one.parents[1].name)}
    return sorted(name for name in names if name.startswith(incomplete))


def _root() -> Path:
    return enclosing_root(Path()) or Path()

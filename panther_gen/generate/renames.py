"""Which file an author has given another name: the same text, or one much like it."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher

from panther_gen.generate.merge import is_text, lines_of

__all__ = ["match_renames"]

#: Half of the lines have to be the same, as for ``git diff --find-renames``.
_SIMILAR = 0.5

#: A larger file is no plugin's, and comparing it takes long.
_LARGEST = 1 << 20


def match_renames(gone: Mapping[str, bytes], found: Mapping[str, bytes]) -> dict[str, str]:
    """Return the new path of each gone file that has one, by its old path.

    Args:
        gone: what the files that are no longer there held, by path.
        found: the files that may be one of them, by path.
    """
    pairs = sorted(
        (
            (_likeness(before, after), old, new)
            for old, before in gone.items()
            for new, after in found.items()
        ),
        key=lambda pair: (-pair[0], pair[1] != pair[2], pair[1:]),
    )
    matched: dict[str, str] = {}
    for likeness, old, new in pairs:
        if likeness >= _SIMILAR and old not in matched and new not in matched.values():
            matched[old] = new
    return matched


def _likeness(before: bytes, after: bytes) -> float:
    """Return from 0 to 1 how much of two texts is the same; blank lines do not count."""
    if not before.strip() or len(after) > _LARGEST or not (is_text(before) and is_text(after)):
        return 0.0
    if before == after:
        return 1.0
    one, other = ([line.rstrip() for line in lines_of(text) if line.strip()] for text in (before, after))
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The quick ones are upper bounds.
    return matcher.ratio() if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= _SIMILAR else 0.0

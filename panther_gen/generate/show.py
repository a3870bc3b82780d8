"""Changes, as a person reads them and as a script does."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from panther_gen.errors import shown
from panther_gen.generate.changes import Change, Changes
from panther_gen.generate.merge import is_text, lines_of

__all__ = ["as_diff", "as_list", "several_as_json"]

#: Version of the JSON documents; it changes when a key changes its meaning or goes.
SCHEMA_VERSION = 1

_WIDTH = len("identical")


def as_list(changes: Changes, *, identical: bool = True) -> str:
    """Return a line for every file: what becomes of it, its path, and why.

    Args:
        changes: the changes.
        identical: list files too that stay as they are because nothing is new.
    """
    lines = []
    for change in changes.visible:
        if change.status != "identical" or identical:
            reason = f"  ({change.reason})" if change.reason else ""
            lines.append(f"{change.status:>{_WIDTH}}  {_printed(change)}{reason}")
    return "\n".join([*lines, *(f"note: {note}" for note in changes.notes)])


def as_diff(changes: Changes) -> str:
    """Return a unified diff of every file that changes, as ``patch -p1`` takes it."""
    return "".join(line for change in changes.visible for line in _diff(change)).rstrip("\n")


def several_as_json(plans: Sequence[Changes], *, landed: bool) -> str:
    """Return the changes of several roots as one JSON document.

    Args:
        plans: one for each root.
        landed: whether they have been carried out.
    """
    roots = [
        {
            "root": str(plan.root.resolve()),
            "changes": _described(plan.visible),
            "notes": list(plan.notes),
        }
        for plan in plans
    ]
    return json.dumps({"version": SCHEMA_VERSION, "landed": landed, "roots": roots}, indent=2)


def _described(changes: Iterable[Change]) -> list[dict[str, str]]:
    """Return changes as JSON objects: path, status and reason."""
    return [
        {"path": str(change.path), "status": change.status, "reason": change.reason} for change in changes
    ]


def _diff(change: Change) -> Iterator[str]:
    before, after = change.before or b"", change.after or b""
    if before == after:
        if change.executable is not None:
            yield f"mode of {change.path}: {'executable' if change.executable else 'not executable'}\n"
        return
    if not (is_text(before) and is_text(after)):
        yield f"Binary files a/{change.path} and b/{change.path} differ\n"
        return
    source = "/dev/null" if change.before is None else f"a/{change.path}"
    target = "/dev/null" if change.after is None else f"b/{change.path}"
    one, other = ([line.decode() for line in lines_of(text)] for text in (before, after))
    for line in difflib.unified_diff(one, other, source, target):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _printed(change: Change) -> str:
    return shown(Path(change.path))[1:-1]

"""What an update makes of each file: a function of what was rendered then, what is there, and what is
rendered now.

==================  =============================================================================
the author          the file becomes
==================  =============================================================================
left it alone       the new one; it is removed if the blueprint has it no longer
edited it           what a three-way merge makes of it; where both changed the same lines, both stand
                    between conflict markers; it stays if the blueprint has it no longer
renamed it          the same, under its new name
deleted it          nothing: it stays deleted
made one himself    both versions between markers, where the blueprint begins to have a file of that name
==================  =============================================================================

What cannot be merged by lines (no text, a symbolic link, no record of the old text) stays as it is, and the
new version is put beside it as ``<file>.new``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from panther_gen.generate.changes import Status
from panther_gen.generate.merge import is_text, merge
from panther_gen.generate.renames import match_renames
from panther_gen.generate.state import RecordedFile, hash_of

__all__ = ["Decision", "Found", "reconcile"]

NEW_SUFFIX = ".new"


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a plugin as it is on the disk.

    Attributes:
        content: its content; of a symbolic link, what it leads to.
        executable: whether it may be run as a program.
        is_link: it, or a directory on the way to it, is a symbolic link: it is never written through.
    """

    content: bytes
    executable: bool = False
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one file. ``content`` is None when nothing is written; paths are the plugin's own."""

    path: str
    status: Status
    content: bytes | None = None
    executable: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decisions, and what is to be recorded of each file of the new version."""

    decisions: tuple[Decision, ...]
    files: Mapping[str, RecordedFile]


def reconcile(
    recorded: Mapping[str, RecordedFile],
    base: Mapping[str, bytes],
    found: Mapping[str, Found],
    new: Mapping[str, tuple[bytes, bool]],
    label: str,
) -> Outcome:
    """Decide on every file.

    Args:
        recorded: what is known of the files as they were rendered.
        base: their texts, as far as they are known; those whose hash is not the recorded one are not used.
        found: the files that are there.
        new: the files as they are rendered now, and whether they are executable.
        label: the name of the new version, for conflict markers.
    """
    return _Reconciliation(recorded, base, found, new, label).outcome()


class _Reconciliation:
    def __init__(
        self,
        recorded: Mapping[str, RecordedFile],
        base: Mapping[str, bytes],
        found: Mapping[str, Found],
        new: Mapping[str, tuple[bytes, bool]],
        label: str,
    ) -> None:
        self._recorded, self._found, self._new, self._label = recorded, found, new, label
        self._base = {
            path: text
            for path, text in base.items()
            if path in recorded and hash_of(text) == recorded[path].sha256
        }
        for path, (content, _) in new.items():  # as good a record, where the blueprint has not changed it
            if path in recorded and hash_of(content) == recorded[path].sha256:
                self._base[path] = content
        self._places = self._where_they_are()
        self._successors = self._renamed_by_the_blueprint()

    def outcome(self) -> Outcome:
        decisions: list[Decision] = []
        files: dict[str, RecordedFile] = {}
        for path, (content, executable) in sorted(self._new.items()):
            old = next((one for one, successor in self._successors.items() if successor == path), path)
            decisions += self._decide(old, path)
            place = self._places.get(old, "")
            moved = place if place not in {"", old} else ""
            files[path] = RecordedFile(hash_of(content), executable, moved)
        for path in sorted(self._recorded.keys() - self._new.keys() - self._successors.keys()):
            decisions += self._drop(path)
        return Outcome(tuple(sorted(decisions, key=lambda one: one.path)), files)

    def _where_they_are(self) -> dict[str, str]:
        """Return where each recorded file is now; one that is nowhere is left out."""
        places = {}
        for path, record in self._recorded.items():
            place = record.at if record.at in self._found else path
            if place in self._found:
                places[path] = place
        gone = {path: self._base[path] for path in self._base.keys() - places.keys()}
        taken = {*places.values(), *self._recorded, *self._new}
        strangers = {
            path: file.content for path, file in self._found.items() if path not in taken and not file.is_link
        }
        return {**places, **match_renames(gone, strangers)}

    def _renamed_by_the_blueprint(self) -> dict[str, str]:
        """Return the new name of what the blueprint has renamed and the author has edited or deleted."""
        dropped = {
            path: self._base[path]
            for path in self._base.keys() - self._new.keys()
            if path not in self._places or not self._is_untouched(path)
        }
        added = {
            path: content
            for path, (content, _) in self._new.items()
            if path not in self._recorded and path not in self._found
        }
        return match_renames(dropped, added)

    def _is_untouched(self, path: str) -> bool:
        content, sha256 = self._found[self._places[path]].content, self._recorded[path].sha256
        return hash_of(content) == sha256 or hash_of(content.replace(b"\r\n", b"\n")) == sha256

    def _decide(self, old: str, path: str) -> list[Decision]:
        """Decide on a file of the new version, which was called ``old`` in the recorded one."""
        content, executable = self._new[path]
        if old not in self._recorded:
            if path in self._found:
                return self._meet(path)
            return [Decision(path, "create", content, executable or None)]
        if old not in self._places:
            return [Decision(path, "skip", reason="deleted by you")]
        place = self._places[old]
        moved = [Decision(old, "remove", reason=f"now {path}")] if old != path and place == old else []
        target = path if moved else place
        mine = self._found[place]
        mode = self._mode(old, mine, executable)
        if content == mine.content:
            return [*moved, Decision(target, "update" if mode is not None else "identical", None, mode)]
        if self._is_untouched(old) and not mine.is_link:
            ends = b"\r\n" in mine.content and b"\r\n" not in content
            written = content.replace(b"\n", b"\r\n") if ends else content
            if written == mine.content:
                return [*moved, Decision(target, "update" if mode is not None else "identical", None, mode)]
            return [*moved, Decision(target, "update", written, mode)]
        if hash_of(content) == self._recorded[old].sha256 and not moved:
            reason = "edited by you" if place == old else f"{old}, renamed by you"
            return [Decision(target, "update" if mode is not None else "skip", None, mode, reason)]
        return (
            [*moved, *self._merge(old, target, mine, content, mode)]
            if self._mergeable(old, mine)
            else [self._put_beside(place, content)]
        )

    def _mergeable(self, old: str, mine: Found) -> bool:
        return old in self._base and not mine.is_link and is_text(mine.content) and is_text(self._base[old])

    def _merge(self, old: str, target: str, mine: Found, content: bytes, mode: bool | None) -> list[Decision]:
        merged = merge(self._base[old], mine.content, content, mine_label="yours", theirs_label=self._label)
        if merged.conflicts:
            return [Decision(target, "conflict", merged.content, mode, _counted(merged.conflicts))]
        if merged.content == mine.content:
            return [Decision(target, "update" if mode is not None else "skip", None, mode, "edited by you")]
        return [Decision(target, "update", merged.content, mode, "merged with your edits")]

    def _meet(self, path: str) -> list[Decision]:
        """Decide on a file that the blueprint begins to have, and that the author has made before."""
        mine, (content, _) = self._found[path], self._new[path]
        if mine.content.replace(b"\r\n", b"\n") == content:
            return [Decision(path, "identical")]
        if mine.is_link or not is_text(mine.content) or not is_text(content):
            return [self._put_beside(path, content)]
        merged = merge(b"", mine.content, content, mine_label="yours", theirs_label=self._label)
        if not merged.conflicts:
            return [Decision(path, "update", merged.content, None, "merged with your file")]
        return [Decision(path, "conflict", merged.content, None, "you made a file of that name")]

    def _put_beside(self, place: str, content: bytes) -> Decision:
        beside = f"{place}{NEW_SUFFIX}"
        while beside in self._found and self._found[beside].content != content:
            beside += NEW_SUFFIX
        status: Status = "conflict"
        return Decision(beside, status, content, None, f"{place} cannot be merged; this is the new version")

    def _drop(self, path: str) -> list[Decision]:
        """Decide on a file that the blueprint has no longer."""
        if path not in self._places:
            return []
        place = self._places[path]
        if self._is_untouched(path) and place == path and not self._found[place].is_link:
            return [Decision(place, "remove", reason="the blueprint has it no longer")]
        return [Decision(place, "skip", reason="edited by you; the blueprint has it no longer")]

    def _mode(self, old: str, mine: Found, executable: bool) -> bool | None:
        """Return the new mode of a file whose mode the author has left alone; None: as it is."""
        if mine.executable != self._recorded[old].executable or mine.is_link:
            return None
        return None if mine.executable == executable else executable


def _counted(conflicts: int) -> str:
    return "1 conflict" if conflicts == 1 else f"{conflicts} conflicts"

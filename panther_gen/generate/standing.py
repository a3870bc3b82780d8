"""How a plugin stands to its record: which files its author has edited, deleted, or left with conflicts."""

from __future__ import annotations

from pathlib import Path

from panther_gen.errors import unreadable
from panther_gen.generate.merge import has_markers
from panther_gen.generate.state import STATE_FILE, PluginState, RecordedFile, hash_of
from panther_gen.generate.status_cache import Standing
from panther_gen.plugin.protocols import OF_PROTOCOL

__all__ = ["compared", "looked_at"]


def looked_at(state: PluginState) -> tuple[str, ...]:
    """Return the files that the comparison with a record looks at."""
    moved = (record.at for record in state.files.values() if record.at)
    return (STATE_FILE, *state.files, *moved)


def compared(directory: Path, state: PluginState) -> Standing:
    """Compare the files of a plugin with its record.

    Raises:
        MachineError: a file cannot be read.
    """
    edited, deleted, conflicted = [], [], []
    prefix = f"{directory}/"
    for path, record in state.files.items():
        place, content = _content(prefix, path, record)
        if content is None:
            deleted.append(path)
        elif place != path or hash_of(content) != record.sha256:
            if place != path or hash_of(content.replace(b"\r\n", b"\n")) != record.sha256:
                edited.append(place)
            if has_markers(content):
                conflicted.append(place)
    files = (tuple(edited), tuple(deleted), tuple(conflicted))
    asked = OF_PROTOCOL if state.answers.get("own_base") else ()
    told = {question: str(state.answers[question]) for question in asked if question in state.answers}
    return Standing(state.blueprint, state.version, state.content, *files, told)


def _content(prefix: str, path: str, record: RecordedFile) -> tuple[str, bytes | None]:
    """Return where a recorded file is, and what is in it; None if it is gone."""
    for place in (record.at, path) if record.at else (path,):
        try:
            with open(prefix + place, "rb", buffering=0) as stream:  # noqa: PTH123 - five thousand of them
                return place, stream.read()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            continue
        except OSError as error:
            raise unreadable(error, Path(prefix + place)) from error
    return path, None

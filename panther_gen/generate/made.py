"""What ``new-protocol`` and ``new-tester`` say when they are done: to a person, and to a script."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from panther_gen.generate.plan import ChangePlan, PlannedFile
from panther_gen.generate.state import OWN_FILES

__all__ = ["Made"]

#: Version of the JSON document; it changes when a key changes its meaning or goes.
_SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Made:
    """A directory that has been made."""

    kind: str
    """``protocol`` or ``testers``."""

    protocol: str
    """The protocol that it is, or is for."""

    name: str
    """What it is called."""

    plan: ChangePlan
    """What was planned."""

    written: Sequence[PlannedFile]
    """The files that landed."""

    commands: Sequence[tuple[str, str]]
    """What may come next: a command, and its purpose."""

    notes: Sequence[str] = ()
    """Sentences that a person should read."""

    def as_text(self) -> str:
        """Return what was made, and the next commands."""
        notes = [line for note in self.notes for line in ("", f"note: {note}")]
        return "\n".join((*self._created(), *notes, "", *self._next()))

    def as_json(self) -> str:
        """Return the same as a JSON document."""
        document = {
            "version": _SCHEMA_VERSION,
            "root": str(self.plan.root.resolve()),
            "kind": self.kind,
            "protocol": self.protocol,
            "name": self.name,
            "directory": str(self.plan.directory),
            "created": [{"path": str(file.path), "bytes": len(file.content)} for file in self.written],
            "next": [command for command, _ in self._commands()],
        }
        return json.dumps(document, indent=2)

    def _created(self) -> Iterator[str]:
        directory = self.plan.directory
        yield f"created {directory if self._is_here() else self.plan.root / directory}/"
        for file in self.written:
            if file.path.name in OWN_FILES:
                continue
            yield f"          {file.path.relative_to(directory)}"

    def _next(self) -> Iterator[str]:
        commands = self._commands()
        width = max(len(command) for command, _ in commands)
        yield "next:"
        for command, purpose in commands:
            yield f"  {command:{width}}  {purpose}".rstrip()

    def _commands(self) -> list[tuple[str, str]]:
        there = [] if self._is_here() else [(f"cd {shlex.quote(str(self.plan.root))}", "")]
        return [*there, *self.commands]

    def _is_here(self) -> bool:
        return self.plan.root.resolve() == Path.cwd()

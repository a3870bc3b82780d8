"""What ``new-iut`` is asked for, checked before anything is rendered or asked further."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from panther_gen.layout import plugin_path
from panther_gen.names import KNOWN_PROTOCOLS, check_line, check_name, check_protocol
from panther_gen.plugin.protocols import OwnProtocol, read_own_protocol

if TYPE_CHECKING:
    from panther_gen.generate.command_line import CommandLine

__all__ = ["OPTIONS", "OTHER_OPTIONS", "NewIut"]


#: The blueprint's questions that an option of ``new-iut`` answers.
OPTIONS = {
    "language": "--language",
    "description": "--description",
    "binary_name": "--binary",
    "repo_url": "--repo-url",
    "version": "--plugin-version",
    "class_name": "--class-name",
}

#: Those of the other blueprints, where they are not the same.
OTHER_OPTIONS = {
    "transport": "--transport",
    "port": "--port",
    "protocol_version": "--protocol-version",
    "against": "--against",
    "judges": "--judges",
}


@dataclass(frozen=True)
class NewIut:
    """A plugin to be made."""

    root: Path
    """The directory that holds, or will hold, ``panther/``."""

    protocol: str
    """A known protocol, or any other valid word."""

    name: str
    """The plugin's name."""

    said: Mapping[str, str] = field(default_factory=dict)
    """Answers to further questions of the blueprint, by question; the rest is asked for or a default."""

    command_lines: Mapping[str, CommandLine] = field(default_factory=dict)
    """How a person starts the server, the client or both, by role; they say the program's name too."""

    def __post_init__(self) -> None:
        check_protocol(self.protocol)
        check_name(self.name)
        for question, answer in self.said.items():
            check_line(answer, OPTIONS[question])

    @property
    def directory(self) -> PurePosixPath:
        """The plugin's directory, relative to the root."""
        return plugin_path("iut", self.protocol, self.name)

    @cached_property
    def own_protocol(self) -> OwnProtocol | None:
        """The protocol of one's own whose base class the plugin derives from; None if it has none.

        Raises:
            UsageError: it is there, and cannot be used.
        """
        return None if self.protocol in KNOWN_PROTOCOLS else read_own_protocol(self.root, self.protocol)

    def answers(self) -> dict[str, str]:
        """Return every answer that is known, by question."""
        own = self.own_protocol
        base = own.answers if own else {}
        return {"protocol": self.protocol, "name": self.name, **base, **self.said, **self._examples()}

    def _examples(self) -> dict[str, str]:
        if not self.command_lines:
            return {}
        from panther_gen.generate.command_line import answers_of

        return answers_of(self.command_lines)

    @property
    def has_both_roles(self) -> bool:
        """Whether the plugin will have a server and a client."""
        return len(self.command_lines) != 1

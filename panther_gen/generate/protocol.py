"""A protocol of one's own: a base class for plugins, and its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from panther_gen.errors import UsageError
from panther_gen.generate.blueprint_plan import plan_of_blueprint
from panther_gen.generate.plan import ChangePlan
from panther_gen.generate.request import OPTIONS, OTHER_OPTIONS
from panther_gen.layout import protocol_path
from panther_gen.names import KNOWN_PROTOCOLS, check_line, check_protocol

__all__ = ["NewProtocol", "plan_new_protocol"]


@dataclass(frozen=True)
class NewProtocol:
    """A protocol to be made."""

    root: Path
    """The directory that holds, or will hold, ``panther/``."""

    name: str
    """What it is called; none that the runtime has a base class for."""

    said: Mapping[str, str] = field(default_factory=dict)
    """Answers to further questions of the blueprint, by question."""

    def __post_init__(self) -> None:
        check_protocol(self.name)
        if self.name in KNOWN_PROTOCOLS:
            raise UsageError(
                f"the runtime has a base class for the protocol '{self.name}' already",
                cure=f"panther-gen new-iut {self.name} NAME makes a plugin on it; or choose another name",
            )
        for question, answer in self.said.items():
            check_line(answer, {**OPTIONS, **OTHER_OPTIONS}.get(question, question))

    @property
    def directory(self) -> PurePosixPath:
        """The protocol's directory, relative to the root."""
        return protocol_path(self.name)


def plan_new_protocol(request: NewProtocol, *, may_exist: bool = False) -> ChangePlan:
    """Render a new protocol into a plan; errors as those of ``plan_of_blueprint``."""
    answers = {"name": request.name, **request.said}
    return plan_of_blueprint("protocol", request.root, request.directory, answers, may_exist=may_exist)

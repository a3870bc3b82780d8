"""A tester: a plugin that judges implementations of a protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from panther_gen.generate.blueprint_plan import plan_of_blueprint
from panther_gen.generate.plan import ChangePlan
from panther_gen.generate.request import OPTIONS, OTHER_OPTIONS
from panther_gen.layout import plugin_path, plugins_below
from panther_gen.names import KNOWN_PROTOCOLS, check_line, check_name, check_protocol, close_protocol
from panther_gen.plugin.protocols import OwnProtocol, read_own_protocol

__all__ = ["NewTester", "plan_new_tester"]

#: What the experiment names where there is no implementation yet.
_NOBODY = "my_impl"


@dataclass(frozen=True)
class NewTester:
    """A tester to be made."""

    root: Path
    """The directory that holds, or will hold, ``panther/``."""

    protocol: str
    """A known protocol, or any other valid word."""

    name: str
    """The plugin's name."""

    said: Mapping[str, str] = field(default_factory=dict)
    """Answers to further questions of the blueprint, by question."""

    def __post_init__(self) -> None:
        check_protocol(self.protocol)
        check_name(self.name)
        for question, answer in self.said.items():
            check_line(answer, {**OPTIONS, **OTHER_OPTIONS}[question])

    @property
    def directory(self) -> PurePosixPath:
        """The plugin's directory, relative to the root."""
        return plugin_path("testers", self.protocol, self.name)

    @cached_property
    def against(self) -> str:
        """The implementation that its experiment judges: the one that was said, else the first there is."""
        implementations = [
            plugin.name
            for plugin in plugins_below(self.root)
            if (plugin.parents[1].name, plugin.parent.name) == ("iut", self.protocol)
        ]
        return self.said.get("against") or next(iter(implementations), _NOBODY)

    @cached_property
    def own_protocol(self) -> OwnProtocol | None:
        """The protocol of one's own whose base class the plugin derives from; None if it has none."""
        return None if self.protocol in KNOWN_PROTOCOLS else read_own_protocol(self.root, self.protocol)

    @property
    def notes(self) -> list[str]:
        """What a person should read when the tester has been made."""
        notes = []
        close = close_protocol(self.protocol)
        if close and self.own_protocol is None:
            notes.append(f"'{self.protocol}' is taken for a protocol of your own; did you mean '{close}'?")
        if self.own_protocol is not None and self.own_protocol.left_to_define:
            more = ", ".join(self.own_protocol.left_to_define)
            notes.append(f"{self.own_protocol.base_class} also asks for: {more}")
        if self.said.get("language", "python") != "python":
            program = self.said.get("binary_name", self.name)
            notes.append(f"its program '{program}' is yours to write: README.md shows the verdict it writes")
        if not (self.root / plugin_path("iut", self.protocol, self.against)).is_dir():
            notes.append(
                f"experiment.yaml names '{self.against}', which is not there yet: "
                f"panther-gen new-iut {self.protocol} {self.against}"
            )
        return notes


def plan_new_tester(request: NewTester, *, may_exist: bool = False) -> ChangePlan:
    """Render a new tester into a plan; errors as those of ``plan_of_blueprint``."""
    own = request.own_protocol
    base = own.answers if own else {}
    answers = {"protocol": request.protocol, "name": request.name, **base, **request.said}
    answers["against"] = request.against
    return plan_of_blueprint("tester", request.root, request.directory, answers, may_exist=may_exist)

"""What the tests of experiment files share: a catalogue without a disk, and a file to write and load."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from panther.bench.experiment import (
    Experiment,
    ExperimentError,
    KnownPlugin,
    Problem,
    SettingsForm,
    load_experiment,
)
from panther.config.core.models import IUTConfig
from panther.errors import MachineError, RegistrationError
from panther.plugins.services.base.parameters import EchoParameters, QUICParameters

#: Stands in a text before the place that a problem is expected at.
MARK = "§"

PAIR = """\
tests:
  - name: "Pair"
    network_environment:
      type: "localhost"
    services:
      server:
        implementation:
          name: "fast"
          type: "iut"
        protocol:
          name: "quic"
          version: "rfc9000"
          role: "server"
        timeout: 20
        ports: ["4443:4443"]
      client:
        implementation:
          name: "fast"
          type: "iut"
        protocol:
          name: "quic"
          role: "client"
          target: "server"
    steps:
      wait: 15
"""


@dataclass
class FastConfig(IUTConfig):
    """What the plugin ``fast`` can be told."""

    implementation_name: str = "fast"
    performance_mode: str = "balanced"
    window: int = 10

    def __post_init__(self) -> None:
        if self.performance_mode not in ("balanced", "throughput"):
            raise ValueError(f"there is no performance mode '{self.performance_mode}'")
        if self.performance_mode == "throughput" and self.window == 99:
            raise ValueError("a window of 99 is too small for throughput")
        if self.window == 13:
            raise KeyError("no window of 13")


@dataclass
class BrokenConfig(IUTConfig):
    """A class whose default does not fit."""

    window: int = "many"


@dataclass
class PickyConfig(IUTConfig):
    """A class whose default certificate cannot be made."""

    certificate_config: dict[str, str] = field(default_factory=lambda: {"key_type": "dsa"})


_CLASSES = {"broken": BrokenConfig, "picky": PickyConfig}


@dataclass
class Shelf:
    """A catalogue of plugins that are not on any disk."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def names(self, kind: str) -> Sequence[str]:
        return ["broken", "echo", "fast", "needy", "picky", "rotten"] if kind == "iut" else ["judge"]

    def plugin(self, kind: str, name: str, protocol: str) -> KnownPlugin:
        self.asked.append((kind, name, protocol))
        if name == "needy":
            raise MachineError(
                "the plugin 'needy' needs the Python package 'aquic'",
                cure="pip install aquic",
                where="n.py:3",
            )
        if name == "rotten":
            raise RegistrationError("the plugin 'rotten' registers no class", where="rotten/__init__.py:1")
        if name == "echo":
            return KnownPlugin(("tcp", "your_protocol"), SettingsForm(IUTConfig, EchoParameters))
        return KnownPlugin(("quic",), SettingsForm(_CLASSES.get(name, FastConfig), QUICParameters))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    """A relative path, so that messages are the same everywhere."""
    monkeypatch.chdir(tmp_path)
    return Path("experiment.yaml")


@pytest.fixture
def pair() -> str:
    """A valid file: the plugin ``fast`` against itself."""
    return PAIR


@pytest.fixture
def changed(pair) -> Callable[[str, str], str]:
    """The valid file with one piece of it, which must be there, replaced at its first place."""

    def change(old: str, new: str) -> str:
        assert old in pair
        return pair.replace(old, new, 1)

    return change


@pytest.fixture
def load(file, shelf) -> Callable[[str], Experiment]:
    def load_text(text: str) -> Experiment:
        file.write_text(text, encoding="utf-8")
        return load_experiment(file, shelf)

    return load_text


@pytest.fixture
def problems(load) -> Callable[[str], tuple[Problem, ...]]:
    """Load a text that must be refused; returns the problems, wherever they are."""

    def problems_of(text: str) -> tuple[Problem, ...]:
        with pytest.raises(ExperimentError) as caught:
            load(text)
        return caught.value.problems

    return problems_of


@pytest.fixture
def refused(load) -> Callable[[str], tuple[Problem, ...]]:
    """Load a text that must be refused, with one problem at each mark; returns the problems."""

    def refuse(text: str) -> tuple[Problem, ...]:
        places, plain = _marks(text)
        with pytest.raises(ExperimentError) as caught:
            load(plain)
        assert caught.value.exit_code == 2
        found = [(problem.line, problem.column) for problem in caught.value.problems]
        assert found == places, str(caught.value)
        return caught.value.problems

    return refuse


def _marks(text: str) -> tuple[list[tuple[int, int]], str]:
    """Return line and column of each mark, and the text without the marks."""
    places = []
    while (at := text.find(MARK)) >= 0:
        places.append((text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)))
        text = text[:at] + text[at + 1 :]
    return places, text

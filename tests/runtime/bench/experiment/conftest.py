"""A catalogue of two plugins, and a way to load a text as an experiment file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from panther.bench.experiment import Experiment, ExperimentError, Problem, load_experiment
from panther.config.core.models import IUTConfig
from panther.config.core.validation import build_config, config_fields
from panther.plugins.services.base.parameters import QUICParameters


@dataclass
class ExampleConfig(IUTConfig):
    implementation_name: str = "example"
    performance_mode: str = "balanced"
    levels: dict[str, str] = field(default_factory=dict)


class Shelf:
    """Two plugins for QUIC, one of each kind."""

    def names(self, kind: str) -> list[str]:
        return ["example"] if kind == "iut" else ["judge"]

    def protocols(self, kind: str, name: str, protocol: str) -> tuple[str, ...]:
        return ("quic",)

    def fields(self, kind: str, name: str, protocol: str) -> list[str]:
        return [*config_fields(ExampleConfig), *QUICParameters.model_fields]

    def check(self, kind: str, name: str, protocol: str, values: Mapping[str, Any]) -> None:
        known = config_fields(ExampleConfig)
        build_config(ExampleConfig, {name: value for name, value in values.items() if name in known})


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Experiment]:
    def load_text(text: str) -> Experiment:
        file = tmp_path / "experiment.yaml"
        file.write_text(text, encoding="utf-8")
        return load_experiment(file, Shelf())

    return load_text


@pytest.fixture
def problems(load: Callable[[str], Experiment]) -> Callable[[str], tuple[Problem, ...]]:
    def problems_of(text: str) -> tuple[Problem, ...]:
        with pytest.raises(ExperimentError) as caught:
            load(text)
        return caught.value.problems

    return problems_of

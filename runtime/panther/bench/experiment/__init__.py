"""Experiment files: read with positions, checked strictly, reported together."""

from panther.bench.experiment.catalogue import Catalogue, InstalledPlugins, split_settings
from panther.bench.experiment.loading import experiment_schema, load_experiment
from panther.bench.experiment.models import (
    EXECUTION_ENVIRONMENTS,
    NETWORK_ENVIRONMENTS,
    ExecutionEnvironment,
    Experiment,
    Implementation,
    NetworkEnvironment,
    Protocol,
    Service,
    Steps,
    Test,
)
from panther.bench.experiment.pairs import (
    dump_experiment,
    pair_experiment,
    with_network_environment,
    without_execution_environment,
)
from panther.bench.experiment.problems import ExperimentError, Problem

__all__ = [
    "EXECUTION_ENVIRONMENTS",
    "NETWORK_ENVIRONMENTS",
    "Catalogue",
    "ExecutionEnvironment",
    "Experiment",
    "ExperimentError",
    "Implementation",
    "InstalledPlugins",
    "NetworkEnvironment",
    "Problem",
    "Protocol",
    "Service",
    "Steps",
    "Test",
    "dump_experiment",
    "experiment_schema",
    "load_experiment",
    "pair_experiment",
    "split_settings",
    "with_network_environment",
    "without_execution_environment",
]

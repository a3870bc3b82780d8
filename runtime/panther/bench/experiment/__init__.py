"""Experiment files: read with positions, checked strictly, reported together."""

from panther.bench.experiment.catalogue import InstalledPlugins, KnownPlugin, PluginCatalogue
from panther.bench.experiment.changes import (
    only_tests,
    with_absolute_volumes,
    with_network_environment,
    with_observers,
    without_execution_environment,
)
from panther.bench.experiment.dumping import dump_experiment
from panther.bench.experiment.loading import experiment_schema, load_experiment
from panther.bench.experiment.models import (
    EXECUTION_ENVIRONMENTS,
    NETWORK_ENVIRONMENTS,
    ExecutionEnvironment,
    Experiment,
    Implementation,
    Logging,
    NetworkEnvironment,
    Observer,
    Observers,
    Protocol,
    Service,
    Steps,
    Test,
)
from panther.bench.experiment.pairs import pair_experiment
from panther.bench.experiment.problems import ExperimentError, Problem
from panther.bench.experiment.settings import SettingsForm, split_settings

__all__ = [
    "EXECUTION_ENVIRONMENTS",
    "NETWORK_ENVIRONMENTS",
    "ExecutionEnvironment",
    "Experiment",
    "ExperimentError",
    "Implementation",
    "InstalledPlugins",
    "KnownPlugin",
    "Logging",
    "NetworkEnvironment",
    "Observer",
    "Observers",
    "PluginCatalogue",
    "Problem",
    "Protocol",
    "Service",
    "SettingsForm",
    "Steps",
    "Test",
    "dump_experiment",
    "experiment_schema",
    "load_experiment",
    "only_tests",
    "pair_experiment",
    "split_settings",
    "with_absolute_volumes",
    "with_network_environment",
    "with_observers",
    "without_execution_environment",
]

"""Experiments that are made, not read: a plugin's client against its own server; and changes for one run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from panther.bench.experiment.models import (
    Experiment,
    Implementation,
    NetworkEnvironment,
    Protocol,
    Service,
    Steps,
    Test,
)

__all__ = ["dump_experiment", "pair_experiment", "with_network_environment", "without_execution_environment"]


def pair_experiment(
    plugin: str, protocol: str, *, version: str = "", settings: Mapping[str, Any] | None = None
) -> Experiment:
    """Return an experiment of one test on this machine: a plugin's client against its own server.

    Args:
        plugin: the plugin's name.
        protocol: what the two speak.
        version: the protocol's version; empty: any.
        settings: values for the plugin's configuration.
    """
    implementation = Implementation(name=plugin, **(settings or {}))
    services = {
        "server": Service(
            implementation=implementation, protocol=Protocol(name=protocol, version=version, role="server")
        ),
        "client": Service(
            implementation=implementation,
            protocol=Protocol(name=protocol, version=version, role="client", target="server"),
        ),
    }
    test = Test(
        name=f"{plugin} against itself",
        description=f"The client of {plugin} talks {protocol} to its server on this machine.",
        services=services,
        steps=Steps(wait=30),
    )
    return Experiment(tests=(test,))


def with_network_environment(experiment: Experiment, name: str) -> Experiment:
    """Return the experiment with every test in the network environment ``name``."""
    environment = NetworkEnvironment(type=name)
    tests = tuple(test.model_copy(update={"network_environment": environment}) for test in experiment.tests)
    return experiment.model_copy(update={"tests": tests})


def without_execution_environment(experiment: Experiment) -> Experiment:
    """Return the experiment with no profiler around any service."""
    tests = tuple(test.model_copy(update={"execution_environment": ()}) for test in experiment.tests)
    return experiment.model_copy(update={"tests": tests})


def dump_experiment(experiment: Experiment) -> str:
    """Return the text of a file that loads back as an equal experiment; what is default is left out."""
    tests = [_plain_test(test) for test in experiment.tests]
    rest = experiment.model_dump(mode="json", exclude_defaults=True, exclude={"tests"})
    return yaml.safe_dump({**rest, "tests": tests}, sort_keys=False, allow_unicode=True, width=100)


def _plain_test(test: Test) -> dict[str, Any]:
    plain = test.model_dump(mode="json", exclude_defaults=True)
    ordered: dict[str, Any] = {key: plain[key] for key in ("name", "description") if key in plain}
    ordered["network_environment"] = test.network_environment.model_dump(mode="json")
    return {**ordered, **{key: value for key, value in plain.items() if key not in ordered}}

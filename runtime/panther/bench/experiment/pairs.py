"""Experiments that are made, not read: a plugin's client against its own server; and changes for one run."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from panther.bench.experiment.models import (
    NETWORK_ENVIRONMENTS,
    Experiment,
    Implementation,
    NetworkEnvironment,
    Observer,
    Protocol,
    Service,
    Steps,
    Test,
)
from panther.bench.experiment.problems import did_you_mean
from panther.errors import ConfigurationError, InputError

__all__ = [
    "dump_experiment",
    "only_tests",
    "pair_experiment",
    "with_absolute_sources",
    "with_absolute_volumes",
    "with_network_environment",
    "with_observers",
    "without_execution_environment",
]

#: Seconds that the pair of ``panther-gen try`` has once its server is ready.
_PAIR_WAIT = 30.0


def pair_experiment(
    plugin: str, protocol: str, *, version: str = "", settings: Mapping[str, Any] | None = None
) -> Experiment:
    """Return an experiment of one test on this machine: a plugin's client against its own server.

    Args:
        plugin: the plugin's name.
        protocol: what the two speak.
        version: the protocol's version; empty: any.
        settings: values for the plugin's configuration, of both.

    Raises:
        ConfigurationError: a setting has the name of a key of ``implementation:`` itself.
    """
    values = dict(settings or {})
    for name in Implementation.model_fields:
        if name in values:
            raise ConfigurationError(
                f"'{name}' is no setting of the plugin '{plugin}'", cure="write an experiment file to set it"
            )
    said = {"name": protocol, "version": version} if version else {"name": protocol}
    implementation = Implementation(name=plugin, type="iut", **values)
    services = {
        "server": Service(implementation=implementation, protocol=Protocol(role="server", **said)),
        "client": Service(
            implementation=implementation, protocol=Protocol(role="client", target="server", **said)
        ),
    }
    test = Test(
        name=f"{plugin} against itself",
        description=f"The client of {plugin} talks {protocol} to its server on this machine.",
        network_environment=NetworkEnvironment(type="localhost"),
        services=services,
        steps=Steps(wait=_PAIR_WAIT),
    )
    return Experiment(tests=(test,))


def with_network_environment(experiment: Experiment, name: str) -> Experiment:
    """Return the experiment with every test in the network environment ``name``.

    Raises:
        InputError: there is no such environment.
    """
    if name not in NETWORK_ENVIRONMENTS:
        raise InputError(
            f"unknown network environment '{name}'", cure=did_you_mean(name, NETWORK_ENVIRONMENTS)
        )
    environment = NetworkEnvironment(type=name)
    tests = tuple(test.model_copy(update={"network_environment": environment}) for test in experiment.tests)
    return experiment.model_copy(update={"tests": tests})


def without_execution_environment(experiment: Experiment) -> Experiment:
    """Return the experiment with no profiler around any service."""
    tests = tuple(test.model_copy(update={"execution_environment": ()}) for test in experiment.tests)
    return experiment.model_copy(update={"tests": tests})


def only_tests(experiment: Experiment, names: Sequence[str]) -> Experiment:
    """Return the experiment with some of its tests, in its own order.

    Args:
        experiment: the experiment.
        names: of tests, or patterns with ``*``, ``?`` and ``[…]``.

    Raises:
        InputError: one of them is the name of no test and fits none.
    """
    known = [test.name for test in experiment.tests]
    wanted: set[str] = set()
    for name in names:
        found = [name] if name in known else fnmatch.filter(known, name)
        if not found:
            raise InputError(f"--only '{name}' fits no test", cure=did_you_mean(name, known))
        wanted.update(found)
    tests = tuple(test for test in experiment.tests if test.name in wanted)
    return experiment.model_copy(update={"tests": tests})


def with_absolute_sources(experiment: Experiment, base: Path) -> Experiment:
    """Return the experiment with the sources of its volumes absolute, so that its file can lie anywhere."""

    def absolute(service: Service) -> Service:
        volumes = []
        for text in service.volumes:
            source, colon, rest = text.partition(":")
            volumes.append(f"{(base / Path(source).expanduser()).absolute()}{colon}{rest}")
        return service.model_copy(update={"volumes": tuple(volumes)}) if volumes else service

    tests = tuple(
        test.model_copy(update={"services": {name: absolute(each) for name, each in test.services.items()}})
        for test in experiment.tests
    )
    return experiment.model_copy(update={"tests": tests})


def with_observers(experiment: Experiment, **switched_on: bool) -> Experiment:
    """Return the experiment with further observers switched on, each by its name; False changes nothing."""
    update = {name: Observer(enabled=True) for name, on in switched_on.items() if on}
    if not update:
        return experiment
    return experiment.model_copy(update={"observers": experiment.observers.model_copy(update=update)})


def with_absolute_volumes(experiment: Experiment, base: Path) -> Experiment:
    """Return the experiment with the sources of volumes written out, so that it means the same elsewhere.

    Args:
        experiment: the experiment.
        base: what they are relative to: the directory of its file.
    """
    if not any(service.volumes for test in experiment.tests for service in test.services.values()):
        return experiment
    tests = []
    for test in experiment.tests:
        services = {
            name: service.model_copy(update={"volumes": tuple(_absolute(v, base) for v in service.volumes)})
            if service.volumes
            else service
            for name, service in test.services.items()
        }
        tests.append(test.model_copy(update={"services": services}))
    return experiment.model_copy(update={"tests": tuple(tests)})


def _absolute(volume: str, base: Path) -> str:
    source, colon, rest = volume.partition(":")
    return f"{base.absolute() / Path(source).expanduser()}{colon}{rest}"


def dump_experiment(experiment: Experiment) -> str:
    """Return the text of a file that loads back as an equal experiment.

    What the experiment was not told is left out: a value that is said, even if it is the default, is
    not the same to the bench as one that is not (a server's ``timeout``).
    """
    plain = experiment.model_dump(exclude_unset=True)
    return yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


class _Dumper(yaml.SafeDumper):
    """Writes every value out: people edit these files."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

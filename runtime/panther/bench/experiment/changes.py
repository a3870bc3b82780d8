"""Changes of an experiment for one run: what the command line says goes before what the file says."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from panther.bench.experiment.models import NETWORK_ENVIRONMENTS, Experiment, Observer, Service, Test
from panther.bench.experiment.problems import did_you_mean
from panther.errors import InputError

__all__ = [
    "only_tests",
    "with_absolute_volumes",
    "with_network_environment",
    "with_observers",
    "without_execution_environment",
]


def with_network_environment(experiment: Experiment, name: str) -> Experiment:
    """Return the experiment with every test in the network environment ``name``, as bad as it is.

    Raises:
        InputError: there is no such environment.
    """
    if name not in NETWORK_ENVIRONMENTS:
        raise InputError(
            f"unknown network environment '{name}'", cure=did_you_mean(name, NETWORK_ENVIRONMENTS)
        )
    return _changed(
        experiment,
        lambda test: {"network_environment": test.network_environment.model_copy(update={"type": name})},
    )


def without_execution_environment(experiment: Experiment) -> Experiment:
    """Return the experiment with no profiler around any service."""
    return _changed(experiment, lambda test: {"execution_environment": ()})


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


def with_observers(experiment: Experiment, **switched_on: bool) -> Experiment:
    """Return the experiment with further observers switched on, each by its name; False changes nothing."""
    update = {name: Observer(enabled=True) for name, on in switched_on.items() if on}
    if not update:
        return experiment
    return experiment.model_copy(update={"observers": experiment.observers.model_copy(update=update)})


def with_absolute_volumes(experiment: Experiment, base: Path) -> Experiment:
    """Return the experiment with the sources of its volumes absolute, so that its file can lie anywhere.

    Args:
        experiment: the experiment.
        base: what they are relative to: the directory of its file.
    """

    def absolute(service: Service) -> Service:
        if not service.volumes:
            return service  # what it was not told stays unsaid
        return service.model_copy(
            update={"volumes": tuple(_absolute(each, base) for each in service.volumes)}
        )

    return _changed(
        experiment,
        lambda test: {"services": {name: absolute(service) for name, service in test.services.items()}},
    )


def _changed(experiment: Experiment, update_of: Callable[[Test], dict[str, Any]]) -> Experiment:
    tests = tuple(test.model_copy(update=update_of(test)) for test in experiment.tests)
    return experiment.model_copy(update={"tests": tests})


def _absolute(volume: str, base: Path) -> str:
    source, colon, rest = volume.partition(":")
    return f"{base.absolute() / Path(source).expanduser()}{colon}{rest}"

"""What the words of the command line do: load, adapt, run, and say how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from panther.bench.dry_run import describe_run
from panther.bench.experiment import (
    Experiment,
    dump_experiment,
    load_experiment,
    only_tests,
    pair_experiment,
    split_settings,
    with_network_environment,
    with_observers,
    without_execution_environment,
)
from panther.bench.isolation import IsolationMode
from panther.bench.metrics import metrics_table
from panther.bench.observers import log_to_standard_error
from panther.bench.profile_lines import profile_lines
from panther.bench.runner import DEFAULT_RESULTS_DIRECTORY, run_experiment
from panther.bench.schedule import Schedule
from panther.bench.visible import visible
from panther.errors import InputError, MachineError
from panther.plugins.discovery import FoundPlugin, find_plugin, load_plugin
from panther.plugins.registry import PluginInfo
from panther.plugins.roots import enclosing_root

__all__ = [
    "RunOptions",
    "find_and_load",
    "isolation_mode",
    "plugin_settings",
    "read_setting",
    "results_directory",
    "run_file",
    "try_pair",
    "validate_file",
    "write_pair",
]

_ISOLATION_MODES: dict[str, IsolationMode] = {"auto": "auto", "namespace": "namespace", "none": "none"}


@dataclass(frozen=True)
class RunOptions:
    """What the command line says about a run; it goes before what the file says."""

    debug: bool = False
    metrics: bool = False
    network_environment: str | None = None
    without_execution_environment: bool = False
    results: Path | None = None
    isolation: str = "auto"
    quiet: bool = False
    only: tuple[str, ...] = ()
    dry_run: bool = False
    schedule: Schedule = field(default_factory=Schedule)


def validate_file(file: Path) -> None:
    """Check an experiment file and say what it holds; errors as those of ``load_experiment``."""
    experiment = load_experiment(file)
    services = sum(len(test.services) for test in experiment.tests)
    print(f"{file}: valid, {_count(len(experiment.tests), 'test')} with {_count(services, 'service')}")


def run_file(file: Path, options: RunOptions) -> int:
    """Run an experiment file and return the exit status."""
    experiment = load_experiment(file)
    if options.network_environment is not None:
        experiment = with_network_environment(experiment, options.network_environment)
    if options.without_execution_environment:
        experiment = without_execution_environment(experiment)
    if options.only:
        experiment = only_tests(experiment, options.only)
    return _run(experiment, file.stem, str(file), options)


def try_pair(name: str, protocol: str | None, settings: Sequence[str], options: RunOptions) -> int:
    """Run a plugin's client against its own server and return the exit status."""
    experiment = _pair(name, protocol, settings)
    if options.network_environment is not None:
        experiment = with_network_environment(experiment, options.network_environment)
    return _run(experiment, f"try-{name}", "", options)


def write_pair(name: str, protocol: str | None, settings: Sequence[str], file: Path) -> None:
    """Write the experiment file of :func:`try_pair`; an existing file is left alone.

    Raises:
        InputError: the file exists.
        MachineError: it cannot be written.
    """
    text = dump_experiment(_pair(name, protocol, settings))
    try:
        with file.open("x", encoding="utf-8") as output:
            output.write(text)
    except FileExistsError:
        raise InputError(f"'{file}' exists", cure="name another file, or remove it first") from None
    except OSError as error:
        cure = "name a file in a directory that you may write in"
        raise MachineError(f"'{file}' cannot be written: {error.strerror}", cure=cure) from None
    print(f"{file} written; run it with: python -m panther --experiment-config {file}")


def _pair(name: str, protocol: str | None, settings: Sequence[str]) -> Experiment:
    found, info = find_and_load(name, protocol)
    values = dict(read_setting(text) for text in settings)
    split_settings(info.manager_class, values)
    return pair_experiment(found.name, protocol or found.protocol, settings=values)


def find_and_load(name: str, protocol: str | None) -> tuple[FoundPlugin, PluginInfo]:
    """Return an implementation, found and imported.

    Args:
        name: the plugin's name.
        protocol: what it has to speak; None: anything.

    Raises:
        PantherError: there is no such plugin, it cannot be loaded, or it does not speak that.
    """
    found = find_plugin(name, protocol)
    info = load_plugin(found)
    if protocol is not None and protocol not in info.supported_protocols:
        raise InputError(
            f"the plugin '{name}' does not speak '{protocol}'",
            cure=f"it speaks: {', '.join(info.supported_protocols)}",
        )
    return found, info


def read_setting(text: str) -> tuple[str, Any]:
    """Read ``FIELD=VALUE``; the value is a YAML scalar, list or mapping.

    Raises:
        InputError: it is not of that form.
    """
    field, equals, value = text.partition("=")
    if equals and not field.strip():
        raise InputError(f"--set '{text}' names no field", cure="write --set FIELD=VALUE")
    if not equals:
        raise InputError(f"--set '{text}' has no '='", cure="write --set FIELD=VALUE")
    try:
        return field.strip(), yaml.safe_load(value) if value else ""
    except yaml.YAMLError:
        return field.strip(), value


def plugin_settings(texts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Read each ``PLUGIN.FIELD=VALUE``; return what is set, by plugin and field.

    Raises:
        InputError: one is not of that form.
    """
    settings: dict[str, dict[str, Any]] = {}
    for text in texts:
        place, value = read_setting(text)
        plugin, dot, field = place.partition(".")
        if not (plugin and dot and field):
            raise InputError(
                f"--set '{text}' names no field of a plugin", cure="write --set PLUGIN.FIELD=VALUE"
            )
        settings.setdefault(plugin, {})[field] = value
    return settings


def _run(experiment: Experiment, name: str, file: str, options: RunOptions) -> int:
    isolation = isolation_mode(options.isolation)
    if options.dry_run:
        print(describe_run(experiment, Path(file).parent, isolation))
        return 0
    experiment = with_observers(experiment, metrics=options.metrics, logger=options.debug)
    log_to_standard_error("DEBUG" if options.debug else experiment.logging.level)
    result = run_experiment(
        experiment,
        name=name,
        experiment_file=file,
        results_directory=options.results or results_directory(),
        isolation=isolation,
        schedule=options.schedule,
        progress="quiet" if options.quiet else "auto",
    )
    if experiment.observers.metrics.enabled:
        print(metrics_table(result))
    if profiles := profile_lines(result):
        print(visible("\n".join(profiles)))
    return result.exit_code


def isolation_mode(word: str) -> IsolationMode:
    """Return the mode that a word on the command line names; raises InputError."""
    if word not in _ISOLATION_MODES:
        raise InputError(f"unknown isolation '{word}'", cure=f"use one of {', '.join(_ISOLATION_MODES)}")
    return _ISOLATION_MODES[word]


def results_directory() -> Path:
    """Return where results go if nobody says where: beside the plugins, not among them."""
    root = enclosing_root(Path())
    return DEFAULT_RESULTS_DIRECTORY if root in (None, Path.cwd()) else root / DEFAULT_RESULTS_DIRECTORY


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

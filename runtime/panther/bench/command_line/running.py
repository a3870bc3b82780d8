"""The words ``run``, ``validate`` and ``try``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from panther.bench.command_line.options import (
    Debug,
    DryRun,
    FailFast,
    Isolation,
    Jobs,
    Metrics,
    NetworkEnvironment,
    NoExecutionEnvironment,
    Only,
    PluginPath,
    ProtocolName,
    Quiet,
    Repeat,
    ResultsDirectory,
    Settings,
    Timeout,
    make_schedule,
)
from panther.bench.command_line.plugin_path import add_roots

__all__ = ["commands", "run", "validate"]

commands = typer.Typer()


@commands.command()
def run(
    file: Annotated[Path, typer.Argument(help="Experiment file.")],
    debug: Debug = False,
    enable_metrics: Metrics = False,
    network_environment: NetworkEnvironment = None,
    no_execution_environment: NoExecutionEnvironment = False,
    results: ResultsDirectory = None,
    plugin_path: PluginPath = None,
    isolation: Isolation = "auto",
    jobs: Jobs = "1",
    repeat: Repeat = "1",
    fail_fast: FailFast = False,
    only: Only = None,
    timeout: Timeout = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
) -> None:
    """Run an experiment file."""
    add_roots(plugin_path)
    from panther.bench.session import RunOptions, run_file

    raise typer.Exit(
        run_file(
            file,
            RunOptions(
                debug=debug,
                metrics=enable_metrics,
                network_environment=network_environment,
                without_execution_environment=no_execution_environment,
                results=results,
                isolation=isolation,
                quiet=quiet,
                only=tuple(only or ()),
                dry_run=dry_run,
                schedule=make_schedule(jobs, repeat, fail_fast, timeout),
            ),
        )
    )


@commands.command()
def validate(
    file: Annotated[Path, typer.Argument(help="Experiment file.")],
    plugin_path: PluginPath = None,
) -> None:
    """Check an experiment file and run nothing."""
    add_roots(plugin_path)
    from panther.bench.session import validate_file

    validate_file(file)


@commands.command("try")
def try_plugin(
    name: Annotated[str, typer.Argument(help="The plugin's name.")],
    protocol: ProtocolName = None,
    settings: Settings = None,
    write_config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the experiment file and run nothing.")
    ] = None,
    debug: Debug = False,
    enable_metrics: Metrics = False,
    results: ResultsDirectory = None,
    plugin_path: PluginPath = None,
    isolation: Isolation = "auto",
    jobs: Jobs = "1",
    repeat: Repeat = "1",
    fail_fast: FailFast = False,
    timeout: Timeout = None,
    dry_run: DryRun = False,
    network_environment: NetworkEnvironment = None,
    quiet: Quiet = False,
) -> None:
    """Run a plugin's client against its own server on this machine."""
    add_roots(plugin_path)
    from panther.bench.session import RunOptions, try_pair, write_pair

    if write_config is not None:
        write_pair(name, protocol, settings or [], write_config)
        return
    options = RunOptions(
        debug=debug,
        metrics=enable_metrics,
        network_environment=network_environment,
        results=results,
        isolation=isolation,
        quiet=quiet,
        dry_run=dry_run,
        schedule=make_schedule(jobs, repeat, fail_fast, timeout),
    )
    raise typer.Exit(try_pair(name, protocol, settings or [], options))

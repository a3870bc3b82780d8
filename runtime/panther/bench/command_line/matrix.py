"""The word ``matrix``."""

from __future__ import annotations

from typing import Annotated

import typer

from panther.bench.command_line.options import (
    Isolation,
    Jobs,
    PluginPath,
    Quiet,
    Repeat,
    ResultsDirectory,
    Timeout,
    make_schedule,
)
from panther.bench.command_line.plugin_path import add_roots

__all__ = ["commands"]

commands = typer.Typer()


@commands.command()
def matrix(
    protocol: Annotated[str, typer.Argument(help="What is spoken: quic.")],
    server: Annotated[
        list[str] | None, typer.Option("--server", metavar="NAME", help="Only this server; repeatable.")
    ] = None,
    client: Annotated[
        list[str] | None, typer.Option("--client", metavar="NAME", help="Only this client; repeatable.")
    ] = None,
    case: Annotated[
        list[str] | None, typer.Option("--case", metavar="NAME", help="Only this case; repeatable.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="PLUGIN.FIELD=VALUE", help="Set a field of a plugin's configuration; repeatable."
        ),
    ] = None,
    jobs: Jobs = "1",
    repeat: Repeat = "1",
    timeout: Timeout = None,
    results: ResultsDirectory = None,
    plugin_path: PluginPath = None,
    isolation: Isolation = "auto",
    quiet: Quiet = False,
) -> None:
    """Run every server of a protocol against every client, in several cases."""
    add_roots(plugin_path)
    from panther.bench.matrix.command import MatrixOptions, run_matrix
    from panther.bench.session import isolation_mode, plugin_settings, results_directory

    options = MatrixOptions(
        servers=server or [],
        clients=client or [],
        cases=case or [],
        settings=plugin_settings(settings or []),
        schedule=make_schedule(jobs, repeat, False, timeout),
        isolation=isolation_mode(isolation),
        results=results or results_directory(),
        quiet=quiet,
    )
    raise typer.Exit(run_matrix(protocol, options))

"""The words ``clean`` and ``doctor``."""

from __future__ import annotations

from typing import Annotated

import typer

from panther.bench.command_line.options import PluginPath
from panther.bench.command_line.plugin_path import add_roots

__all__ = ["commands"]

commands = typer.Typer()


@commands.command()
def clean(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be removed.")] = False,
) -> None:
    """Remove what runs have left that were killed: containers, networks, processes."""
    from panther.bench.cleaning import clean as remove

    raise typer.Exit(remove(dry_run=dry_run))


@commands.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    plugin_path: PluginPath = None,
) -> None:
    """Say what this machine can do, what it does instead, and which command mends it."""
    add_roots(plugin_path)
    from panther.bench.doctor import examine, report

    typer.echo(report(examine(), as_json=as_json))

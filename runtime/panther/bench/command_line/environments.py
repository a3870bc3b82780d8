"""The word ``new-execution``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["commands"]

commands = typer.Typer()


@commands.command("new-execution")
def new_execution(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What experiments call it, such as ltrace.")],
    tool: Annotated[str, typer.Option(metavar="PROGRAM", help="The program that it needs.")],
    package: Annotated[
        str, typer.Option(metavar="NAME", help="The Debian package of it; else its name.")
    ] = "",
    directory: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the file goes; else panther/plugins/environments/execution."),
    ] = None,
) -> None:
    """Write an execution environment, a profiler or checker of your own: one file."""
    from panther.bench.execution import OWN_DIRECTORY
    from panther.bench.execution.new_environment import new_environment
    from panther.plugins.roots import add_plugin_root, enclosing_root

    root = enclosing_root(Path.cwd()) or Path.cwd()
    add_plugin_root(root)
    path = new_environment(name, tool, package or tool, directory or root / OWN_DIRECTORY)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    typer.echo(f"{shown}\nnext: replace its words, its cost, and how its product is read; then ask for it:")
    typer.echo(f"  execution_environment: [{{type: {name}}}]")

"""The words ``schema`` and ``open``."""

from __future__ import annotations

from typing import Annotated

import typer

from panther.bench.command_line.options import ResultsDirectory

__all__ = ["commands"]

commands = typer.Typer()


@commands.command()
def schema(
    what: Annotated[
        str, typer.Argument(metavar="[experiment|results|events|metrics]", help="Which files it describes.")
    ] = "experiment",
) -> None:
    """Print the JSON Schema of experiment files, for editors, or of a file that a run leaves."""
    from panther.bench.schemas import schema_text

    typer.echo(schema_text(what))


@commands.command("open")
def open_last_report(
    run: Annotated[
        str | None,
        typer.Argument(metavar="[RUN]", help="A run, by directory or name; default: the latest."),
    ] = None,
    only_print: Annotated[
        bool, typer.Option("--print", help="Print the path of the report and open nothing.")
    ] = False,
    results: ResultsDirectory = None,
) -> None:
    """Show the report of a run in a browser; where there is none, print its path."""
    from panther.bench.opening import open_report
    from panther.bench.session import results_directory

    open_report(results or results_directory(), run, only_print=only_print)

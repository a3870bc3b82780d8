"""The commands that become the runtime: try, run, matrix, validate, schema, clean, doctor, open, image …"""

from __future__ import annotations

from typing import Annotated

import typer

from panther_gen.completion import complete_iut
from panther_gen.errors import MachineError

__all__ = ["commands"]

_PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "allow_interspersed_args": False}

commands = typer.Typer(rich_markup_mode=None)


@commands.command("try", context_settings=_PASSED_ON, add_help_option=False)
def try_plugin(
    context: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(autocompletion=complete_iut)] = None,
) -> None:
    """Run a plugin's server against its own client, here and now."""
    _start_runtime(context, "try", words)


@commands.command("run", context_settings=_PASSED_ON, add_help_option=False)
def run_experiment(
    context: typer.Context, words: Annotated[list[str] | None, typer.Argument()] = None
) -> None:
    """Run an experiment file."""
    _start_runtime(context, "run", words)


@commands.command("validate", context_settings=_PASSED_ON, add_help_option=False)
def validate_experiment(
    context: typer.Context, words: Annotated[list[str] | None, typer.Argument()] = None
) -> None:
    """Check an experiment file and run nothing."""
    _start_runtime(context, "validate", words)


@commands.command("matrix", context_settings=_PASSED_ON, add_help_option=False)
def run_matrix(context: typer.Context, words: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Run every server of a protocol against every client."""
    _start_runtime(context, "matrix", words)


@commands.command("schema", context_settings=_PASSED_ON, add_help_option=False)
def print_schema(context: typer.Context, words: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Print the JSON Schema of experiment files, for editors, or of what a run leaves."""
    _start_runtime(context, "schema", words)


@commands.command("clean", context_settings=_PASSED_ON, add_help_option=False)
def clean(context: typer.Context, words: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Remove what runs have left that were killed: containers, networks, processes."""
    _start_runtime(context, "clean", words)


@commands.command("doctor", context_settings=_PASSED_ON, add_help_option=False)
def doctor(context: typer.Context, words: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Say what this machine can do, what it does instead, and which command mends it."""
    _start_runtime(context, "doctor", words)


@commands.command("new-execution", context_settings=_PASSED_ON, add_help_option=False)
def new_execution(
    context: typer.Context, words: Annotated[list[str] | None, typer.Argument()] = None
) -> None:
    """Write an execution environment, a profiler or checker of your own: one file."""
    _start_runtime(context, "new-execution", words)


@commands.command("open", context_settings=_PASSED_ON, add_help_option=False)
def open_report(context: typer.Context, words: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Show the report of a run in a browser."""
    _start_runtime(context, "open", words)


@commands.command("image", context_settings=_PASSED_ON, add_help_option=False)
def plugin_image(context: typer.Context, words: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Build, run or inspect the image of a plugin."""
    _start_runtime(context, "image", words)


def _start_runtime(context: typer.Context, word: str, words: list[str] | None) -> None:
    """Become ``python -m panther WORD``: the arguments, ``--help`` among them, are passed on as they are."""
    from panther_gen.runtime import check_runtime, start

    arguments = [*(words or []), *context.args]
    try:
        check_runtime()
    except MachineError:
        if not {"-h", "--help"}.isdisjoint(arguments):
            typer.echo(context.get_help())
        raise
    start(word, arguments)

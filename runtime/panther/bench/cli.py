"""``python -m panther``: runs experiment files, and tries one plugin without a file.

The flags that the IUT development guide prints (``--experiment-config …``) stand beside the words
(``run``, ``try``, ``schema``); ``panther-gen`` starts the same words. Errors are caught here, once.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from panther.bench.command_line import environments, images, machine, matrix, results, running
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
    Quiet,
    Repeat,
    ResultsDirectory,
    Timeout,
)
from panther.bench.missing import missing_package
from panther.errors import InputError, MachineError, PantherError
from panther.version import __version__

__all__ = ["main"]

# \b keeps the lines of a paragraph from being joined.
_EXIT_CODES = """\
\b
Exit codes: 0 every test passed; 1 a test failed; 2 the input was refused;
  3 internal error; 4 this machine lacks something;
  129, 130, 141, 143 stopped by SIGHUP, Ctrl-C, a closed pipe, SIGTERM.
"""
#: What the system says where nothing more can be written.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
#: What ``panther-gen`` sets when it becomes this program.
_PROGRAM_VARIABLE = "PANTHER_PROGRAM"

app = typer.Typer(
    name="panther",
    help="Run protocol implementations against each other and judge them by evidence.",
    epilog=_EXIT_CODES,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback(invoke_without_command=True)
def guide_flags(
    context: typer.Context,
    experiment_config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Experiment file to run.")
    ] = None,
    validate_config: Annotated[
        bool, typer.Option("--validate-config", help="Check the experiment file and run nothing.")
    ] = False,
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
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Run the experiment file that --experiment-config names."""
    if version:
        typer.echo(f"panther-gen-runtime {__version__}")
    elif context.invoked_subcommand is not None:
        if experiment_config is not None:
            raise InputError(
                f"--experiment-config goes without the word '{context.invoked_subcommand}'",
                cure="use the one or the other",
            )
        _refuse_flags_before(context)
    elif experiment_config is None:
        if len(sys.argv) > 1:
            raise InputError("no experiment file is named", cure="add --experiment-config FILE")
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(InputError.exit_code)
    elif validate_config:
        running.validate(experiment_config, plugin_path)
    else:
        running.run(
            experiment_config,
            debug,
            enable_metrics,
            network_environment,
            no_execution_environment,
            results,
            plugin_path,
            isolation,
            jobs,
            repeat,
            fail_fast,
            only,
            timeout,
            dry_run,
            quiet,
        )


def _refuse_flags_before(context: typer.Context) -> None:
    """Refuse flags that stand before a word: they are those of an experiment file, and would do nothing.

    Raises:
        InputError: one is given.
    """
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if source is not None and source.name == "COMMANDLINE":
            flag, word = parameter.opts[0], context.invoked_subcommand
            raise InputError(
                f"{flag} stands before the word '{word}', and would do nothing",
                cure="write it after the word",
            )


for group in (running, matrix, machine, results, environments):
    app.add_typer(group.commands)
app.add_typer(images.commands, name="image")


def main() -> None:
    """Run the command line; every error that the runtime can explain ends here."""
    if sys.stdout is None:  # it was closed by whoever started this
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 — until the end
    elif isinstance(sys.stdout, io.TextIOWrapper):  # as on standard error, no character is an error
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = _run_command(sys.argv[1:])
    except PantherError as error:
        status = _explain(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python's last flush would complain
        status = 128 + signal.SIGPIPE
    except (typer.Abort, KeyboardInterrupt):
        status = 130
    except OSError as error:
        status = _explain_of_machine(error)
    except Exception as error:  # noqa: BLE001 — a bug: said in one sentence, with the way to see more
        status = _explain_otherwise(error)
    sys.exit(status if isinstance(status, int) else 0)


def _run_command(arguments: list[str]) -> int:
    from typer.main import get_command

    # Not the command's own main: it ends a closed pipe with the status of a failed test.
    command = get_command(app)
    try:
        with command.make_context(_program(), arguments) as context:
            command.invoke(context)
    except typer.Exit as ending:
        return ending.exit_code
    return 0


def _program() -> str:
    name = os.environ.pop(_PROGRAM_VARIABLE, "")
    return name if name == "panther-gen" else "python -m panther"


def _explain(error: PantherError) -> int:
    # A place comes first on its line, so that terminals and editors can open it.
    placed = bool(error.where or getattr(error, "problems", ()))
    typer.echo(f"{error}" if placed else f"panther: {error}", err=True)
    return error.exit_code


def _explain_of_machine(error: OSError) -> int:
    reason = error.strerror or str(error)
    if isinstance(error.filename, str | bytes):
        name = os.fsdecode(error.filename)
        return _explain(
            MachineError(f"cannot use '{name}': {reason}", cure="make it usable, or name another")
        )
    if isinstance(error, FileNotFoundError):  # os.getcwd() names no file
        return _explain(MachineError("the working directory is gone", cure="cd to one that exists"))
    if error.errno in _FULL:  # of the output, too, which would fail again when Python flushes it at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        cure = "free some space, or send the output to another place"
        return _explain(MachineError(f"cannot write the output, or a file: {reason}", cure=cure))
    return _explain(MachineError(reason))


def _explain_otherwise(error: Exception) -> int:
    # A usage error is told by what it has: its class moves between typers.
    if hasattr(error, "show") and hasattr(error, "exit_code"):
        error.show()
        return int(error.exit_code)
    if isinstance(error, ModuleNotFoundError) and (missing := missing_package(error)) is not None:
        return _explain(missing)
    if os.environ.get("PANTHER_DEBUG"):
        traceback.print_exception(error)
    typer.echo(f"panther: internal error: {type(error).__name__}: {error}", err=True)
    typer.echo("  cure: please report it, with what PANTHER_DEBUG=1 prints", err=True)
    return 3

"""``python -m panther``: runs experiment files, and tries one plugin without a file.

The flags that the IUT development guide prints (``--experiment-config …``) stand beside the words
(``run``, ``try``, ``schema``); ``panther-gen`` starts the same words. Errors are caught here, once.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from panther.bench.cli_image import commands as image_commands
from panther.bench.missing import missing_package
from panther.bench.plugin_path import add_roots as _add_roots
from panther.errors import InputError, MachineError, PantherError
from panther.version import __version__

if TYPE_CHECKING:
    from panther.bench.schedule import Schedule

__all__ = ["main"]

# \b keeps the lines of a paragraph from being joined.
_EXIT_CODES = """\
\b
Exit codes: 0 every test passed; 1 a test failed; 2 the input was refused;
  3 internal error; 4 this machine lacks something;
  129, 130, 141, 143 stopped by SIGHUP, Ctrl-C, a closed pipe, SIGTERM.
"""
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

Debug = Annotated[bool, typer.Option("--debug", help="Log every event and command.")]
Metrics = Annotated[
    bool, typer.Option("--enable-metrics", help="Record CPU time and memory of each service.")
]
NetworkEnvironment = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Run every test in this network environment instead of the file's."),
]
NoExecutionEnvironment = Annotated[
    bool, typer.Option("--no-execution-environment", help="Leave the file's profilers out.")
]
ResultsDirectory = Annotated[
    Path | None,
    typer.Option(
        "--results", metavar="DIR", help="Where results go; default: panther-results/ beside panther/."
    ),
]
PluginPath = Annotated[
    list[Path] | None,
    typer.Option(
        "--plugin-path", metavar="DIR", help="A further directory that holds panther/plugins/; repeatable."
    ),
]
Isolation = Annotated[
    str,
    typer.Option(
        metavar="MODE",
        help="How tests are kept apart: namespace; none; or auto, in namespaces where this machine can.",
    ),
]
Jobs = Annotated[
    int,
    typer.Option("--jobs", "-j", min=1, metavar="N", help="Run up to N tests side by side, in namespaces."),
]
Repeat = Annotated[
    int,
    typer.Option(min=1, metavar="N", help="Run every test N times; tells pass rates and flaky tests."),
]
FailFast = Annotated[
    bool, typer.Option("--fail-fast", "-x", help="Begin no test after one that did not pass.")
]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Run the tests of this name, or that fit a pattern (*); repeatable."),
]
Timeout = Annotated[
    float | None,
    typer.Option(metavar="SECONDS", help="Seconds that each test may take as a whole; then it has failed."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Print the commands, and the compose files, and run nothing.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print failures and the last line only.")]


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
    jobs: Jobs = 1,
    repeat: Repeat = 1,
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
    elif experiment_config is None:
        if len(sys.argv) > 1:
            raise InputError("no experiment file is named", cure="add --experiment-config FILE")
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(InputError.exit_code)
    elif validate_config:
        validate(experiment_config, plugin_path)
    else:
        run(
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


@app.command()
def run(
    file: Annotated[Path, typer.Argument(help="Experiment file.")],
    debug: Debug = False,
    enable_metrics: Metrics = False,
    network_environment: NetworkEnvironment = None,
    no_execution_environment: NoExecutionEnvironment = False,
    results: ResultsDirectory = None,
    plugin_path: PluginPath = None,
    isolation: Isolation = "auto",
    jobs: Jobs = 1,
    repeat: Repeat = 1,
    fail_fast: FailFast = False,
    only: Only = None,
    timeout: Timeout = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
) -> None:
    """Run an experiment file."""
    _add_roots(plugin_path)
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
                schedule=_schedule(jobs, repeat, fail_fast, timeout),
            ),
        )
    )


@app.command()
def validate(
    file: Annotated[Path, typer.Argument(help="Experiment file.")],
    plugin_path: PluginPath = None,
) -> None:
    """Check an experiment file and run nothing."""
    _add_roots(plugin_path)
    from panther.bench.session import validate_file

    validate_file(file)


@app.command("try")
def try_plugin(
    name: Annotated[str, typer.Argument(help="The plugin's name.")],
    protocol: Annotated[
        str | None, typer.Option(help="Its protocol, where plugins of several have the name.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Set a field of its configuration; repeatable."),
    ] = None,
    write_config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the experiment file and run nothing.")
    ] = None,
    debug: Debug = False,
    enable_metrics: Metrics = False,
    results: ResultsDirectory = None,
    plugin_path: PluginPath = None,
    isolation: Isolation = "auto",
    jobs: Jobs = 1,
    repeat: Repeat = 1,
    fail_fast: FailFast = False,
    timeout: Timeout = None,
    dry_run: DryRun = False,
    network_environment: NetworkEnvironment = None,
    quiet: Quiet = False,
) -> None:
    """Run a plugin's client against its own server on this machine."""
    _add_roots(plugin_path)
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
        schedule=_schedule(jobs, repeat, fail_fast, timeout),
    )
    raise typer.Exit(try_pair(name, protocol, settings or [], options))


@app.command()
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
    jobs: Jobs = 1,
    repeat: Repeat = 1,
    timeout: Timeout = None,
    results: ResultsDirectory = None,
    plugin_path: PluginPath = None,
    isolation: Isolation = "auto",
    quiet: Quiet = False,
) -> None:
    """Run every server of a protocol against every client, in several cases."""
    _add_roots(plugin_path)
    from panther.bench.matrix.command import MatrixOptions, run_matrix
    from panther.bench.session import isolation_mode, results_directory

    options = MatrixOptions(
        servers=server or [],
        clients=client or [],
        cases=case or [],
        schedule=_schedule(jobs, repeat, False, timeout),
        isolation=isolation_mode(isolation),
        results=results or results_directory(),
        quiet=quiet,
    )
    raise typer.Exit(run_matrix(protocol, options))


@app.command()
def clean(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be removed.")] = False,
) -> None:
    """Remove what runs have left that were killed: containers, networks, processes."""
    from panther.bench.cleaning import clean as remove

    raise typer.Exit(remove(dry_run=dry_run))


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    plugin_path: PluginPath = None,
) -> None:
    """Say what this machine can do, what it does instead, and which command mends it."""
    _add_roots(plugin_path)
    from panther.bench.doctor import examine, report

    typer.echo(report(examine(), as_json=as_json))


@app.command()
def schema(
    what: Annotated[
        str, typer.Argument(metavar="[experiment|results|events|metrics]", help="Which files it describes.")
    ] = "experiment",
) -> None:
    """Print the JSON Schema of experiment files, for editors, or of a file that a run leaves."""
    from panther.bench.schemas import schema_text

    typer.echo(schema_text(what))


@app.command("open")
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


def _schedule(jobs: int, repeat: int, fail_fast: bool, timeout: float | None) -> Schedule:
    from panther.bench.schedule import Schedule

    if timeout is not None and not 0 < timeout < math.inf:
        raise InputError(f"--timeout {timeout:g} is no time", cure="give seconds, more than 0")
    return Schedule(jobs, repeat, fail_fast, timeout)


app.add_typer(image_commands, name="image")


def main() -> None:
    """Run the command line; every error that the runtime can explain ends here."""
    if sys.stdout is None:  # it was closed by whoever started this
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 — until the end
    try:
        status = _run_command(sys.argv[1:])
    except PantherError as error:
        status = _explain(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python's last flush would complain
        status = 128 + signal.SIGPIPE
    except typer.Abort:
        status = 130
    except KeyboardInterrupt:
        status = 130
    except OSError as error:
        status = _explain(MachineError(str(error)))
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


def _explain_otherwise(error: Exception) -> int:
    if hasattr(error, "show") and hasattr(
        error, "exit_code"
    ):  # a usage error; its class moves between typers
        error.show()
        return int(error.exit_code)
    if isinstance(error, ModuleNotFoundError) and (missing := missing_package(error)) is not None:
        return _explain(missing)
    if os.environ.get("PANTHER_DEBUG"):
        traceback.print_exception(error)
    typer.echo(f"panther: internal error: {type(error).__name__}: {error}", err=True)
    typer.echo("  cure: please report it, with what PANTHER_DEBUG=1 prints", err=True)
    return 3

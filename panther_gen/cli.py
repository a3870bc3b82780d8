"""The command line: what each command takes, and which part of the package it hands that to.

Only the command line itself is imported here; everything heavy is imported by the command that needs
it, so that ``panther-gen --help`` costs little more than Python.
"""

from __future__ import annotations

from typing import Annotated

import typer

from panther_gen import __version__, cli_blueprints, cli_lint, cli_new, cli_plugins, cli_run

__all__ = ["app"]

# \b keeps the lines of a paragraph from being joined.
_EPILOG = """\
\b
Exit codes: 0 done; 1 the linter found something, a test failed, or a plugin is
  not up to date; 2 refused; 3 a fault of panther-gen or of a blueprint; 4 this
  machine lacks something; 5 conflicts are to be resolved;
  129, 130, 141, 143 stopped by SIGHUP, Ctrl-C, a closed pipe, SIGTERM.
"""

_NAMES = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

# Plain help: drawing it with rich would double the time that --help takes.
app = typer.Typer(
    name="panther-gen",
    context_settings=_NAMES,
    epilog=_EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"panther-gen {__version__}")
        raise typer.Exit


@app.callback()
def panther_gen(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Scaffold, lint and run implementation-under-test plugins for protocol test benches."""


for group in (cli_new, cli_blueprints, cli_lint, cli_run, cli_plugins):
    app.add_typer(group.commands)

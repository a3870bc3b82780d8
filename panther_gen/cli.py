"""The command line: what each command takes, and which part of the package it hands that to.

Only the command line itself is imported here; everything heavy is imported by the command that needs
it, so that ``panther-gen --help`` costs little more than Python.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from panther_gen import __version__
from panther_gen.errors import MachineError, UsageError
from panther_gen.layout import plugins_below
from panther_gen.names import KNOWN_PROTOCOLS, LANGUAGES, check_name, check_protocol

__all__ = ["command_line"]

# \b keeps click from joining the lines of a paragraph.
_EPILOG = """\
\b
Exit codes: 0 done; 1 the linter found something, or a test failed; 2 refused;
  3 a fault of panther-gen or of a blueprint; 4 this machine lacks something;
  130 stopped by Ctrl-C.

\b
Completion in your shell (or zsh_source, fish_source):
  eval "$(_PANTHER_GEN_COMPLETE=bash_source panther-gen)"
"""

_NAMES = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(click.Group):
    """The commands, listed in the order in which they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_Commands, context_settings=_NAMES, epilog=_EPILOG)
@click.version_option(__version__, message="panther-gen %(version)s")
def command_line() -> None:
    """Scaffold, lint and run implementation-under-test plugins for protocol test benches."""


def _complete_protocol(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(protocol) for protocol in KNOWN_PROTOCOLS if protocol.startswith(incomplete)]


@command_line.command("new-iut", short_help="Make a plugin for an implementation.")
@click.argument("protocol", required=False, shell_complete=_complete_protocol)
@click.argument("name", required=False)
@click.option("--language", type=click.Choice(LANGUAGES), help="What it is written in.  [default: python]")
@click.option("--description", metavar="TEXT", help="One line about the implementation.")
@click.option(
    "--binary", "binary_name", metavar="PROGRAM", help="Its program, by name or path.  [default: NAME]"
)
@click.option("--repo-url", metavar="URL", help="The Git repository that its Docker image is built from.")
@click.option("--class-name", metavar="CLASS", help="What the plugin's class is called.")
@click.option(
    "--plugin-version", "version", metavar="VERSION", help="The plugin's version.  [default: 0.1.0]"
)
@click.option("--defaults", is_flag=True, help="Ask nothing; take the default of what is not said.")
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=".",
    help="The directory that holds, or will hold, panther/.  [default: .]",
)
@click.option("--json", "in_json", is_flag=True, help="Print the result as JSON; asks nothing.")
def new_iut(
    protocol: str | None, name: str | None, defaults: bool, output: Path, in_json: bool, **answers: str | None
) -> None:
    """Make a plugin for an implementation under test, ready to run.

    PROTOCOL is quic, http, minip, tcp, or any other word for a protocol of your own. NAME is what the
    plugin is called. It is written to DIR/panther/plugins/services/iut/PROTOCOL/NAME/, whole or not at
    all; what exists is never changed. With the first plugin comes a test_config.yaml that runs it.

    On a terminal, what decides (PROTOCOL, NAME and --language) is asked for where it is missing, and
    then the rest too. With these three given, or --defaults, nothing is asked.
    """
    # A short process that imports much and makes little garbage: collecting it costs a tenth of the time.
    gc.disable()
    from panther_gen.generate.interruption import Interruption

    said = {question: answer for question, answer in answers.items() if answer is not None}
    may_ask = not (defaults or in_json) and sys.stdin.isatty() and sys.stdout.isatty()
    ask = may_ask and (protocol is None or name is None or "language" not in said)
    with Interruption() as interruption:
        protocol, name = _place(protocol, name, output, ask=ask)

        from panther_gen.generate import NewIut, land, plan_new_iut, report

        request = NewIut(output, protocol, name, said)
        plan = plan_new_iut(request, ask=ask)
        written = land(plan, point_of_no_return=interruption.hold)
        if in_json:
            click.echo(report.as_json(request, plan, written))
        else:
            from panther_gen.runtime import find_runtimes

            installed = bool(find_runtimes())
            click.echo(report.as_text(request, plan, written, runtime_installed=installed))


def _place(protocol: str | None, name: str | None, output: Path, *, ask: bool) -> tuple[str, str]:
    """Return protocol and name, asked for if need be; a value that was given is checked before that."""
    if protocol is not None:
        check_protocol(protocol)
    if name is not None:
        check_name(name)
    missing = [word for word, value in (("PROTOCOL", protocol), ("NAME", name)) if value is None]
    if missing and not ask:
        verb = "is" if len(missing) == 1 else "are"
        raise UsageError(
            f"{' and '.join(missing)} {verb} missing, and nothing is asked here",
            cure="panther-gen new-iut PROTOCOL NAME, such as panther-gen new-iut quic my_impl",
        )
    if missing:
        from panther_gen.generate.questions import ask_name, ask_protocol

        protocol = protocol if protocol is not None else ask_protocol()
        name = name if name is not None else ask_name(output, protocol)
    assert protocol is not None
    assert name is not None
    return protocol, name


@command_line.command(short_help="Check plugins against the contract of their base classes.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--strict", is_flag=True, help="Let what could not be verified fail as well.")
def lint(paths: tuple[Path, ...], output_format: str, strict: bool) -> int:
    """Check plugins against the contract of their base classes; nothing of them is imported.

    PATHS are files and directories; without any, the plugins below ./panther/ are checked.
    """
    from panther_gen.lint.command import run_lint

    return run_lint(list(paths), output_format=output_format, strict=strict)


class _RuntimeCommand(click.Command):
    """A command of the runtime: its arguments, ``--help`` among them, are passed on as they are."""

    def __init__(self, name: str, purpose: str, *, takes_plugins: bool = False) -> None:
        super().__init__(name, short_help=purpose, help=purpose, add_help_option=False, callback=self._start)
        self._takes_plugins = takes_plugins

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.args = list(args)
        return ctx.args

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        if not self._takes_plugins:
            return [CompletionItem(incomplete, type="file")]
        names = sorted({directory.name for directory in plugins_below(Path())})
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]

    def _start(self, **_: Any) -> None:
        from panther_gen.runtime import check_runtime, start

        ctx = click.get_current_context()
        try:
            check_runtime()
        except MachineError:
            if not {"-h", "--help"}.isdisjoint(ctx.args):
                click.echo(ctx.get_help())
            raise
        start(str(self.name), ctx.args)


_RUNTIME_COMMANDS = (
    _RuntimeCommand("try", "Run a plugin's server against its own client, here and now.", takes_plugins=True),
    _RuntimeCommand("run", "Run an experiment file."),
    _RuntimeCommand("validate", "Check an experiment file and run nothing."),
    _RuntimeCommand("schema", "Print the JSON Schema of experiment files, for editors."),
)
for _command in _RUNTIME_COMMANDS:
    command_line.add_command(_command)

"""The command that makes a plugin for an implementation: new-iut."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from panther_gen import cli_plugins
from panther_gen.cli_options import (
    Binary,
    ClassName,
    Description,
    DryRun,
    Force,
    Language,
    Output,
    PluginVersion,
    ShowDiff,
)
from panther_gen.completion import complete_language, complete_protocol
from panther_gen.errors import UsageError
from panther_gen.layout import default_root
from panther_gen.names import check_name, check_protocol

if TYPE_CHECKING:
    from panther_gen.generate.request import NewIut

__all__ = ["commands"]

commands = typer.Typer(rich_markup_mode=None)


@commands.command("new-iut", short_help="Make a plugin for an implementation.")
def new_iut(
    protocol: Annotated[
        str | None,
        typer.Argument(metavar="PROTOCOL", show_default=False, autocompletion=complete_protocol),
    ] = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    language: Annotated[
        Language | None,
        typer.Option(
            help="What it is written in.  [default: python; with --server or --client: c]",
            autocompletion=complete_language,
        ),
    ] = None,
    description: Description = None,
    binary_name: Binary = None,
    server: Annotated[
        str | None,
        typer.Option(metavar="COMMAND", help="How you start its server by hand, in one pair of quotes."),
    ] = None,
    client: Annotated[
        str | None, typer.Option(metavar="COMMAND", help="How you start its client by hand.")
    ] = None,
    repo_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The Git repository that its Docker image is built from."),
    ] = None,
    class_name: ClassName = None,
    version: PluginVersion = None,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Ask nothing; take the default of what is not said.")
    ] = False,
    output: Output = None,
    in_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON; asks nothing.")] = False,
    dry_run: DryRun = False,
    show_diff: ShowDiff = False,
    force: Force = False,
) -> None:
    """Make a plugin for an implementation under test, ready to run.

    PROTOCOL is quic, http, minip, tcp, or any other word for a protocol of your own. NAME is what the
    plugin is called. It is written to DIR/panther/plugins/services/iut/PROTOCOL/NAME/, whole or not at
    all; what exists is never changed without --force. With the first plugin comes a test_config.yaml
    that runs it.

    With --server "myserver -p 4443 --cert cert.pem", --client or both, the plugin is written from that
    example: ports, hosts, certificates, directories and URLs in it become parameters, and what they were
    taken for is shown. Nothing of it is run.

    On a terminal, what decides (PROTOCOL, NAME and --language) is asked for where it is missing, and
    then the rest too. With these three given, or --defaults, nothing is asked.
    """
    # A short process that imports much and makes little garbage: collecting it costs a tenth of the time.
    gc.disable()
    from panther_gen.generate.interruption import Interruption

    may_ask = not (defaults or in_json) and sys.stdin.isatty() and sys.stdout.isatty()
    ask = may_ask and (protocol is None or name is None or language is None)
    root = default_root() if output is None else output
    with Interruption() as interruption:
        protocol, name = _place(protocol, name, root, ask=ask)

        from panther_gen.generate import report
        from panther_gen.generate.answers import request_for, said
        from panther_gen.generate.iut import plan_new_iut
        from panther_gen.generate.land import land, sweep

        answers = said(
            language=language,
            description=description,
            binary_name=binary_name,
            repo_url=repo_url,
            class_name=class_name,
            version=version,
        )
        request = request_for(root, protocol, name, answers, server=server, client=client)
        if ask:
            _confirm(request)
        sweep(request.root, request.directory)
        plan = plan_new_iut(request, ask=ask, may_exist=dry_run or show_diff or force)
        if (dry_run or show_diff) and not (in_json or ask):
            # A patch has no words beside it.
            typer.echo("".join(f"{line}\n" for line in report.recognised(request)), nl=False, err=show_diff)
        if cli_plugins.settle(
            plan,
            dry_run=dry_run,
            show_diff=show_diff,
            force=force,
            in_json=in_json,
            interruption=interruption,
        ):
            return
        written = land(plan, point_of_no_return=interruption.hold)
        if in_json:
            typer.echo(report.as_json(request, plan, written))
        else:
            from panther_gen.runtime import find_runtimes

            installed = bool(find_runtimes())
            above = output is None and root != Path()
            typer.echo(report.as_text(request, plan, written, runtime_installed=installed, above=above))


def _confirm(request: NewIut) -> None:
    """Show what examples were taken for, before anything else is asked."""
    if request.command_lines:
        from panther_gen.generate.questions import confirm_command_lines

        confirm_command_lines(request.command_lines)


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

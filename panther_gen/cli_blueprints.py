"""The commands on blueprints: new-protocol, new-tester, and the test of a blueprint of one's own."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from panther_gen import cli_plugins
from panther_gen.cli_options import (
    Binary,
    ClassName,
    Description,
    DryRun,
    Force,
    Json,
    Output,
    PluginVersion,
    ProgramLanguage,
    ShowDiff,
)
from panther_gen.completion import complete_iut, complete_protocol
from panther_gen.layout import default_root

if TYPE_CHECKING:
    from panther_gen.generate.made import Made

__all__ = ["commands"]

commands = typer.Typer(rich_markup_mode=None)


@commands.command("new-protocol", short_help="Make a base class for a protocol of your own.")
def new_protocol(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    description: Description = None,
    transport: Annotated[
        Literal["tcp", "udp"] | None, typer.Option(help="What its endpoints talk over.  [default: tcp]")
    ] = None,
    port: Annotated[
        str | None,
        typer.Option(metavar="PORT", help="The port of its servers, 1 to 65535.  [default: 8080]"),
    ] = None,
    protocol_version: Annotated[
        str | None, typer.Option(metavar="VERSION", help="Its present version.  [default: 1.0]")
    ] = None,
    output: Output = None,
    in_json: Json = False,
    dry_run: DryRun = False,
    show_diff: ShowDiff = False,
    force: Force = False,
) -> None:
    """Make a protocol of your own: a base class for plugins, with its contract, and its parameters.

    It is written to DIR/panther/plugins/protocols/NAME/, whole or not at all. Plugins that
    `panther-gen new-iut NAME PLUGIN` makes afterwards derive from it; the linter and the runtime hold them
    to its contract.
    """
    gc.disable()
    from panther_gen.generate.interruption import Interruption
    from panther_gen.generate.land import land
    from panther_gen.generate.made import Made
    from panther_gen.generate.protocol import NewProtocol, plan_new_protocol
    from panther_gen.names import close_protocol

    said = {
        "description": description,
        "transport": transport,
        "port": port,
        "protocol_version": protocol_version,
    }
    request = NewProtocol(
        _root(output), name, {key: value for key, value in said.items() if value is not None}
    )
    with Interruption() as interruption:
        plan = plan_new_protocol(request, may_exist=dry_run or show_diff or force)
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
        close = close_protocol(name)
        following = [
            (f"pytest {plan.directory}", "run its own tests"),
            (f"panther-gen new-iut {name} my_impl", "make a plugin on it"),
            ("panther-gen try my_impl", "run its server against its client"),
        ]
        notes = [f"'{name}' is a protocol of your own now; did you mean '{close}'?"] if close else []
        _print(Made("protocol", name, name, plan, written, following, notes), in_json=in_json)


@commands.command("new-tester", short_help="Make a tester, which judges implementations.")
def new_tester(
    protocol: Annotated[
        str, typer.Argument(metavar="PROTOCOL", show_default=False, autocompletion=complete_protocol)
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    language: ProgramLanguage = None,
    judges: Annotated[
        Literal["server", "client"] | None,
        typer.Option(help="What it judges; to a client it is the server.  [default: server]"),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="PLUGIN",
            help="The implementation that its experiment judges.  [default: the first of the protocol]",
            autocompletion=complete_iut,
        ),
    ] = None,
    description: Description = None,
    binary_name: Binary = None,
    class_name: ClassName = None,
    version: PluginVersion = None,
    output: Output = None,
    in_json: Json = False,
    dry_run: DryRun = False,
    show_diff: ShowDiff = False,
    force: Force = False,
) -> None:
    """Make a tester: a plugin that talks to an implementation and judges it by checks of its own.

    It is written to DIR/panther/plugins/services/testers/PROTOCOL/NAME/, whole or not at all, with an
    experiment.yaml that lets it judge an implementation's server, or with --judges client its client. In
    Python it runs as generated; of the other languages the program, which writes the verdict, is yours. A
    check that fails makes the test fail, with its words.
    """
    gc.disable()
    from panther_gen.generate.interruption import Interruption
    from panther_gen.generate.land import land
    from panther_gen.generate.made import Made
    from panther_gen.generate.tester import NewTester, plan_new_tester

    answers = {
        "language": language,
        "judges": judges,
        "against": against,
        "description": description,
        "binary_name": binary_name,
        "class_name": class_name,
        "version": version,
    }
    said = {question: answer for question, answer in answers.items() if answer is not None}
    request = NewTester(_root(output), protocol, name, said)
    with Interruption() as interruption:
        plan = plan_new_tester(request, may_exist=dry_run or show_diff or force)
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
        following = [
            ("panther-gen lint", "check it against its base class"),
            (f"pytest {plan.directory}", "run its own tests"),
            (f"panther-gen run {plan.directory}/experiment.yaml", f"let it judge {request.against}"),
        ]
        _print(Made("testers", protocol, name, plan, written, following, request.notes), in_json=in_json)


_blueprint = typer.Typer(help="Work on blueprints of your own.", no_args_is_help=True, rich_markup_mode=None)
commands.add_typer(_blueprint, name="blueprint")


@_blueprint.callback()
def blueprint() -> None:
    """Work on blueprints of your own."""


@_blueprint.command("test", short_help="Try every combination of a blueprint's choices.")
def try_blueprint(
    directory: Annotated[Path, typer.Argument(metavar="DIR", show_default=False)],
    in_json: Json = False,
) -> None:
    """Render every combination of a blueprint's choices, lint each, and run the tests that it generates.

    DIR holds a copier.yml. The choices of its questions are combined with the answers in a tests.yml
    beside it, which also says where what is rendered belongs. The exit status is 1 when a combination
    fails; the first failure is named with its place.
    """
    from panther_gen.blueprint_test import as_json, as_text, check_machine, read_combinations, try_all
    from panther_gen.blueprints import blueprint_in
    from panther_gen.generate.interruption import Interruption

    chosen = blueprint_in(directory)
    combinations = read_combinations(chosen)
    check_machine()
    with Interruption():
        outcomes = try_all(chosen, combinations)
        typer.echo(as_json(chosen, outcomes) if in_json else as_text(chosen, outcomes))
    if not all(outcome.passed for outcome in outcomes):
        raise typer.Exit(1)


def _root(output: Path | None) -> Path:
    return default_root() if output is None else output


def _print(made: Made, *, in_json: bool) -> None:
    typer.echo(made.as_json() if in_json else made.as_text())

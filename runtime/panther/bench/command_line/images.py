"""The words ``image build``, ``image run`` and ``image inspect``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from panther.bench.command_line.options import PluginPath, ProtocolName, Settings
from panther.bench.command_line.plugin_path import add_roots

if TYPE_CHECKING:
    from panther.bench.imaging import Wanted

__all__ = ["commands"]

commands = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Build, run and inspect the images of plugins."
)

Plugin = Annotated[str, typer.Argument(help="The plugin's name.")]
BuildArguments = Annotated[
    list[str] | None,
    typer.Option("--build-arg", metavar="NAME=VALUE", help="Set an ARG of the Dockerfile; repeatable."),
]
Source = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Build the sources in this directory instead of the plugin's or the URL's."
    ),
]
Again = Annotated[
    bool, typer.Option("--again", help="Build it also if it is there, without the engine's cache.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print no progress.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the facts of the image as JSON.")]


@commands.command()
def build(
    plugin: Plugin,
    protocol: ProtocolName = None,
    settings: Settings = None,
    build_arg: BuildArguments = None,
    source: Source = None,
    again: Again = False,
    print_dockerfile: Annotated[
        bool, typer.Option("--print-dockerfile", help="Print what it would be built by; build nothing.")
    ] = False,
    plugin_path: PluginPath = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Build a plugin's image, if there is none of this content, and print its name."""
    from panther.bench import imaging

    wanted = _wanted(plugin, protocol, settings, build_arg, source, plugin_path, again=again, quiet=quiet)
    if print_dockerfile:
        imaging.dockerfile(wanted)
    else:
        imaging.build(wanted, as_json=as_json)


@commands.command()
def run(
    plugin: Plugin,
    arguments: Annotated[
        list[str] | None, typer.Argument(help="What follows the program, after a '--'.")
    ] = None,
    role: Annotated[
        str | None, typer.Option(metavar="ROLE", help="Start it as the bench would: server or client.")
    ] = None,
    network: Annotated[
        str | None, typer.Option(metavar="NAME", help="Run it in this Docker network.")
    ] = None,
    protocol: ProtocolName = None,
    settings: Settings = None,
    build_arg: BuildArguments = None,
    source: Source = None,
    plugin_path: PluginPath = None,
    quiet: Quiet = False,
) -> None:
    """Run a plugin's image to its end, built first if need be; the status is 1 if its program failed."""
    from panther.bench import imaging

    wanted = _wanted(plugin, protocol, settings, build_arg, source, plugin_path, quiet=quiet)
    raise typer.Exit(imaging.run(wanted, arguments or [], role=role, network=network))


@commands.command()
def inspect(
    plugin: Plugin,
    protocol: ProtocolName = None,
    settings: Settings = None,
    build_arg: BuildArguments = None,
    source: Source = None,
    plugin_path: PluginPath = None,
    as_json: AsJson = False,
) -> None:
    """Print the facts of a plugin's image: size, user, what it starts, labels."""
    from panther.bench import imaging

    wanted = _wanted(plugin, protocol, settings, build_arg, source, plugin_path)
    imaging.inspect(wanted, as_json=as_json)


def _wanted(
    plugin: str,
    protocol: str | None,
    settings: list[str] | None,
    build_arguments: list[str] | None,
    source: Path | None,
    plugin_path: list[Path] | None,
    *,
    again: bool = False,
    quiet: bool = False,
) -> Wanted:
    from panther.bench.imaging import Wanted

    add_roots(plugin_path)
    return Wanted(plugin, protocol, settings or (), build_arguments or (), source, again=again, quiet=quiet)

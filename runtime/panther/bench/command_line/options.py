"""Options that several words take."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from panther.errors import InputError

if TYPE_CHECKING:
    from panther.bench.schedule import Schedule

__all__ = [
    "Debug",
    "DryRun",
    "FailFast",
    "Isolation",
    "Jobs",
    "Metrics",
    "NetworkEnvironment",
    "NoExecutionEnvironment",
    "Only",
    "PluginPath",
    "ProtocolName",
    "Quiet",
    "Repeat",
    "ResultsDirectory",
    "Settings",
    "Timeout",
    "make_schedule",
]

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
ProtocolName = Annotated[
    str | None, typer.Option(help="Its protocol, where plugins of several have the name.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="Set a field of its configuration; repeatable."),
]
Isolation = Annotated[
    str,
    typer.Option(
        metavar="MODE",
        help="How tests are kept apart: namespace; none; or auto, in namespaces where this machine can.",
    ),
]
Jobs = Annotated[
    str,
    typer.Option("--jobs", "-j", metavar="N", help="Run up to N tests side by side, in namespaces."),
]
Repeat = Annotated[
    str,
    typer.Option(metavar="N", help="Run every test N times; tells pass rates and flaky tests."),
]
FailFast = Annotated[
    bool, typer.Option("--fail-fast", "-x", help="Begin no test after one that did not pass.")
]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Run the tests of this name, or that fit a pattern (*); repeatable."),
]
Timeout = Annotated[
    str | None,
    typer.Option(metavar="SECONDS", help="Seconds that each test may take as a whole; then it has failed."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Print the commands, and the compose files, and run nothing.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print failures and the last line only.")]


def make_schedule(jobs: str, repeat: str, fail_fast: bool, timeout: str | None) -> Schedule:
    """Return how the tests of a run follow each other, from what stands on the command line.

    Args:
        jobs: how many run side by side.
        repeat: how often each is run.
        fail_fast: begin no test after one that did not pass.
        timeout: seconds that a test may take as a whole; None: no limit.

    Raises:
        InputError: a number is none, or out of range.
    """
    from panther.bench.schedule import Schedule

    seconds = None if timeout is None else _time(timeout)
    return Schedule(_count("--jobs", jobs), _count("--repeat", repeat), fail_fast, seconds)


def _count(option: str, text: str) -> int:
    # Here and not in the type: what a parser of options says names neither the value nor a cure.
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise InputError(f"{option} '{text}' is no count", cure="give a whole number, 1 or more")
    return int(text)


def _time(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise InputError(f"--timeout '{text}' is no time", cure="give seconds, more than 0")
    return seconds

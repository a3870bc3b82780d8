"""What the two profilers of gperftools share: they are loaded into the service, and google-pprof reads them.

The variables are those of https://gperftools.github.io/gperftools/cpuprofile.html and heapprofile.html.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from panther.bench.execution.base import Spot, Tool
from panther.plugins.services.base.command import Command

__all__ = ["PPROF_TOOLS", "WITHOUT_PRODUCT", "Line", "preloading", "top_functions"]

PPROF_TOOLS = (Tool("google-pprof", "google-perftools"), Tool("nm", "binutils"))

#: ld.so(8): a program without a dynamic linker loads no library.
WITHOUT_PRODUCT = "a program that is linked statically, as Go's are, loads no profiler; 'perf' sees it"

_ROWS = 15
_PRELOAD = "LD_PRELOAD="
_LINE = re.compile(r"\s*(?P<own>\S+)\s+(?P<share>[0-9.]+)%\s+\S+%\s+(?P<all>\S+)\s+\S+%\s+(?P<name>.*\S)")

#: A function: its own cost, its share in percent, its cost with what it called, its name.
Line = tuple[str, str, str, str]


def preloading(command: Command, library: str, **variables: object) -> Command:
    """Return a command that is started with a library loaded into it, and not into what stands around it.

    One that loads another library already loads both.
    """
    argv, already = command.argv, command.environment.get("LD_PRELOAD", "")
    match argv:
        case ("env", first, *rest) if first.startswith(_PRELOAD):
            argv, already = tuple(rest), first.removeprefix(_PRELOAD)
    preload = f"{library}:{already}" if already else library
    words = [f"{_PRELOAD}{preload}", *(f"{name}={value}" for name, value in variables.items())]
    return Command(("env", *words, *argv), command.environment, command.working_directory)


def top_functions(command: Command, spot: Spot, files: Sequence[Path], *options: str) -> list[Line]:
    """Return what google-pprof says of some profiles, the costliest function first.

    Raises:
        ValueError: it cannot read them; the text is a phrase.
    """
    program = spot.home.program_of(command)
    if program is None:
        raise ValueError(f"the program '{command.argv[0]}' is not there any more")
    seen = map(spot.home.seen, files)
    text = spot.home.output_of([PPROF_TOOLS[0].name, "--text", *options, program, *seen])
    found = [match for line in text.splitlines() if (match := _LINE.fullmatch(line))]
    return [(match["own"], match["share"], match["all"], match["name"]) for match in found[:_ROWS]]

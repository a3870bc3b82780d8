"""Options that several commands have, spelt and explained in one way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from panther_gen.completion import complete_language

__all__ = [
    "Binary",
    "ClassName",
    "Description",
    "DryRun",
    "Force",
    "Json",
    "Language",
    "Output",
    "PluginVersion",
    "ProgramLanguage",
    "ShowDiff",
]

Language = Literal["python", "rust", "c", "go"]
"""A language that an implementation may be written in."""

ProgramLanguage = Annotated[
    Language | None,
    typer.Option(
        "--language", help="What it is written in.  [default: python]", autocompletion=complete_language
    ),
]
Description = Annotated[str | None, typer.Option(metavar="TEXT", help="One line about it.")]
Binary = Annotated[
    str | None,
    typer.Option("--binary", metavar="PROGRAM", help="Its program, by name or path.  [default: NAME]"),
]
ClassName = Annotated[str | None, typer.Option(metavar="CLASS", help="What the plugin's class is called.")]
PluginVersion = Annotated[
    str | None,
    typer.Option("--plugin-version", metavar="VERSION", help="The plugin's version.  [default: 0.1.0]"),
]
Output = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="The directory that holds, or will hold, panther/.  [default: the nearest that does, or .]",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="List what would be made; make nothing.")]
ShowDiff = Annotated[bool, typer.Option("--diff", help="Show what would be made; make nothing.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that exist and differ.")]

"""A service's command as it stands in a container of the plugin's image."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from panther.plugins.services.base.command import Command

__all__ = ["APP_DIRECTORY", "in_container"]

#: Where an image has the plugin's own files.
APP_DIRECTORY = "/app"


def in_container(
    command: Command, plugin_directory: Path, mounts: Mapping[Path, str] | None = None
) -> Command:
    """Return a command with the container's names for the host's program and files.

    Args:
        command: what would run the service on the host.
        plugin_directory: the plugin's directory, whose files the image has in ``/app``.
        mounts: further directories, and where the container has them.
    """
    places = {**(mounts or {}), plugin_directory: APP_DIRECTORY}
    program, *arguments = command.argv
    name = "python" if program == sys.executable else Path(program).name
    return Command(
        argv=(name, *(_moved(word, places) for word in arguments)),
        environment={key: _moved(value, places) for key, value in command.environment.items()},
        working_directory=Path(APP_DIRECTORY),
    )


def _moved(text: str, places: Mapping[Path, str]) -> str:
    """Return a text with the directories replaced, the longest first; ``/a`` is no part of ``/ab``."""
    for place in sorted(places, key=lambda path: -len(path.parts)):
        before, *rest = text.split(os.fspath(place))
        for part in rest:
            ends = part[:1] in {"", os.sep, os.pathsep, ",", ";"}
            before += (places[place] if ends else os.fspath(place)) + part
        text = before
    return text

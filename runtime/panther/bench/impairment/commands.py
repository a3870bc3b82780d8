"""Programs that set a namespace up: run one by one, and what they say where they fail."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from panther.bench.cells import Spawn

__all__ = ["PATIENCE_SECONDS", "refusal_of", "until_ended"]

#: Seconds that a program has.
PATIENCE_SECONDS = 30.0
_LOOK_AGAIN = 0.002


async def refusal_of(spawn: Spawn, words: Sequence[str]) -> str:
    """Run a command in a namespace; return why it failed, as a phrase, or the empty string.

    Args:
        spawn: starts it there.
        words: the program and its arguments.
    """
    with tempfile.TemporaryFile() as output:
        try:
            process = spawn(words, env=dict(os.environ), cwd=Path("/"), stdout=output, stderr=output)
        except OSError as error:
            return f"'{words[0]}' cannot be started: {error.strerror}"
        await until_ended(process)
        if process.returncode == 0:
            return ""
        output.seek(0)
        said = output.read().decode("utf-8", "replace").strip().splitlines()
    return f"'{' '.join(words[:3])} …' says '{said[0] if said else process.returncode}'"


async def until_ended(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a process, and kill it when it has had its time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None:
        if time.monotonic() > deadline:
            process.kill()
        await asyncio.sleep(_LOOK_AGAIN)

"""Removes what a run has in the engine when the runner is killed: a process of its own waits for that.

It reads its standard input until the end: a line says that all is well, an end without one that the runner
is gone. Started by ``python -m panther.bench.engine.reaper RUN``.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys

from panther.bench.engine.connection import connect
from panther.bench.engine.leftovers import remove_run
from panther.errors import MachineError

__all__ = ["Reaper"]


class Reaper:
    """The process that waits.

    Args:
        run: the value of the run's label.
    """

    def __init__(self, run: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__, run],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the runner
        )

    def dismiss(self) -> None:
        """Tell it that nothing is left, and wait until it has gone."""
        with contextlib.suppress(OSError):
            self._process.communicate(b"done\n")


def _main(run: str) -> None:
    if sys.stdin.buffer.read():
        return
    with contextlib.suppress(MachineError):  # nobody is there to be told; 'panther-gen clean' says it
        remove_run(connect(), run)


if __name__ == "__main__":
    _main(sys.argv[1])

"""Carry out an update, and die at one of its file operations.

Started by test_landing_journal.py: ``killed_commit.py BLUEPRINT DIE_AT,… [ENOSPC]``, in a directory with
plugins; each death is died in a copy of it, which is there already and is called DIRECTORY-DIE_AT. Without
the last word a process kills itself with SIGKILL before the operation DIE_AT; with it, that operation fails
as on a full disk. Printed are the operation, the exit status and, if it got that far, how many there were.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from pathlib import Path

from panther_gen.blueprints import blueprint_in
from panther_gen.errors import MachineError
from panther_gen.generate.journal import commit
from panther_gen.generate.operations import FileOperations
from panther_gen.generate.selecting import select
from panther_gen.generate.several import plan_several


class Mortal(FileOperations):
    """Counts the operations, and strikes before one of them."""

    def __init__(self, die_at: int, full: bool) -> None:
        self.count, self._die_at, self._full = 0, die_at, full

    def __getattribute__(self, name: str) -> object:
        if not name.startswith("_") and name not in {"count", "strike"}:
            self.strike()
        return super().__getattribute__(name)

    def strike(self) -> None:
        self.count += 1
        if self.count == self._die_at:
            if self._full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    blueprint = blueprint_in(Path(sys.argv[1]))
    (plan,) = plan_several(select([], everything=True), {blueprint.id: blueprint}, changed={})
    # Rendering once is enough: the same plan is carried out in many processes.
    for die_at in map(int, sys.argv[2].split(",")):
        child = os.fork()
        if child == 0:
            os.chdir(f"{Path.cwd()}-{die_at}")
            operations = Mortal(die_at, full=sys.argv[3:] == ["ENOSPC"])
            status = 0
            try:
                commit(type(plan)(Path.cwd(), plan.files), operations=operations)
            except MachineError as error:
                status = error.exit_code
                print(error, file=sys.stderr)
            print(die_at, status, operations.count, flush=True)
            os._exit(0)
        _, ended = os.waitpid(child, 0)
        if os.WIFSIGNALED(ended):
            print(die_at, -os.WTERMSIG(ended), 0, flush=True)

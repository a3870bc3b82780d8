"""What a run does while no test waits for it, in a thread: the next payload is made, the last one is removed.

Every test gets random bytes of its own all the same. Large payloads are made in the test itself: no memory is
held for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from panther.bench.payload import Content, Payload, make_payload, random_content, write_payload

__all__ = ["Backstage"]

#: The largest payload that is made ahead.
_MOST_BYTES = 4 << 20


class Backstage:
    """A thread of a run. Use it inside a running event loop; close it before the run ends."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="panther-backstage")
        self._ahead: dict[int, Future[Content]] = {}

    def make_payload(self, path: Path, size: int) -> Payload:
        """Write ``size`` random bytes to ``path``, those that were made ahead where there are any.

        Raises:
            OSError: the file cannot be written.
        """
        if size > _MOST_BYTES:
            self._thread.submit(int).result()  # what is to be removed has given back its room
            return make_payload(path, size)
        ahead = self._ahead.pop(size, None)
        self._ahead.clear()
        # When the runner next waits for something: not in the way of the test that takes this one.
        asyncio.get_running_loop().call_soon(self._make_ahead, size)
        return write_payload(path, random_content(size) if ahead is None else ahead.result())

    def remove(self, files: Sequence[Path]) -> None:
        """Remove files and directories, soon; they need not exist."""
        self._thread.submit(_remove, files)

    def close(self) -> None:
        """Wait until everything is removed."""
        self._thread.shutdown()

    def _make_ahead(self, size: int) -> None:
        if size not in self._ahead:
            self._ahead[size] = self._thread.submit(random_content, size)


def _remove(files: Sequence[Path]) -> None:
    for file in files:
        if file.is_dir() and not file.is_symlink():
            shutil.rmtree(file, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)

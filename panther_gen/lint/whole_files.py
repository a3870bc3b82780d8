"""A file of a cache is there as a whole or not at all, whatever happens to the linter that writes it."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["replace_file"]

# Seconds; no linter takes so long to write its file.
_LEFT_BEHIND = 600


def replace_file(file: Path, content: bytes) -> None:
    """Write a file in the place of the old one; if that cannot be done, the old one stays."""
    import tempfile  # takes as long as the rest of a run that writes nothing

    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        _remove_what_is_left(file)
        descriptor, name = tempfile.mkstemp(".tmp", f"{file.stem}-", file.parent)
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(content)
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink()
            raise


def _remove_what_is_left(file: Path) -> None:
    """Remove what linters left that were killed while they wrote."""
    for left in file.parent.glob(f"{file.stem}-*.tmp"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                left.unlink()

"""Files as an editor names them (``file:`` URIs) and as paths; names that are not UTF-8 keep their bytes."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

__all__ = ["path_of", "uri_of"]


def path_of(uri: str) -> Path | None:
    """Return the file that a URI means; None if it means none on this machine, as of an unnamed buffer."""
    try:
        parts = urlsplit(uri)
    except ValueError:  # such as an unclosed bracket in the name of the host
        return None
    path = os.fsdecode(unquote_to_bytes(parts.path))
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        return None
    return Path(path) if path.startswith("/") and "\0" not in path else None


def uri_of(path: Path) -> str:
    """Return the URI of a file."""
    return path.absolute().as_uri()

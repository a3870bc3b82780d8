"""An ASGI application that answers GET requests with the files below the directory WWW_DIR."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

ROOT = Path(os.environ.get("WWW_DIR", "/www")).resolve()

Message = dict[str, Any]


async def app(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Answer one request, or do nothing at the beginning and the end of the server."""
    if scope["type"] != "http":
        return
    found = read_file(scope["path"]) if scope["method"] == "GET" else None
    status, body = (404, b"") if found is None else (200, found)
    length = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": length})
    await send({"type": "http.response.body", "body": body})


def read_file(target: str) -> bytes | None:
    """Return the file that a request names; None if it is absent or not below ``ROOT``."""
    try:
        path = (ROOT / target.lstrip("/")).resolve()
        return path.read_bytes() if path.is_relative_to(ROOT) else None
    except (OSError, RuntimeError, ValueError):
        return None

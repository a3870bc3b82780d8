"""Fetches one URL over HTTP/1.1 or, without asking first, over HTTP/2, with HTTPX."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx


def fetch(url: str, output: Path, *, http2: bool) -> None:
    """Write what a URL names into a directory; raises httpx.HTTPError, or OSError."""
    with httpx.Client(http1=not http2, http2=http2, timeout=20) as client:
        answer = client.get(url)
    answer.raise_for_status()
    output.mkdir(parents=True, exist_ok=True)
    name = Path(unquote(urlsplit(url).path)).name or "index.html"
    (output / name).write_bytes(answer.content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--http2", action="store_true", help="speak HTTP/2 only")
    parser.add_argument("--output", required=True, type=Path, help="directory")
    parser.add_argument("url")
    args = parser.parse_args()
    try:
        fetch(args.url, args.output, http2=args.http2)
    except (httpx.HTTPError, OSError) as error:
        sys.exit(f"{Path(__file__).stem}: {error}")


if __name__ == "__main__":
    main()

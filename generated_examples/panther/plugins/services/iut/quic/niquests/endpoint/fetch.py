"""Fetches one URL over HTTP/3, and nothing else, with Niquests."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import niquests


def fetch(url: str, ca: Path, output: Path) -> None:
    """Write what a URL names into a directory; raises OSError, or ConnectionError for another HTTP."""
    place = urlsplit(url)
    server = place.hostname or "", place.port or 443
    # Older versions are off, and that the server has HTTP/3 is known: nothing has to tell so first.
    session = niquests.Session(
        disable_http1=True,
        disable_http2=True,
        quic_cache_layer={server: server},
    )
    with session:
        answer = session.get(url, verify=str(ca), timeout=20)
        if answer.status_code != 200 or answer.content is None:
            raise ConnectionError(f"the server answered {answer.status_code}")
        if answer.http_version != 30:
            raise ConnectionError(f"HTTP/3 was not spoken, but {answer.http_version}")
        write(output, place.path, answer.content)


def write(output: Path, path: str, body: bytes) -> None:
    """Write a body under the last name of a URL's path."""
    output.mkdir(parents=True, exist_ok=True)
    (output / (Path(unquote(path)).name or "index.html")).write_bytes(body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ca", required=True, type=Path, help="authority to trust")
    parser.add_argument("--output", required=True, type=Path, help="directory")
    parser.add_argument("url")
    args = parser.parse_args()
    try:
        fetch(args.url, args.ca, args.output)
    except (OSError, ValueError, niquests.RequestException) as error:
        sys.exit(f"{Path(__file__).stem}: {error}")


if __name__ == "__main__":
    main()

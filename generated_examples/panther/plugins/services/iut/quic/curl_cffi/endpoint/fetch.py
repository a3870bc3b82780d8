"""Fetches one URL over HTTP/3, and nothing else, with curl_cffi."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from curl_cffi import CurlHttpVersion, requests


def fetch(url: str, ca: Path, output: Path) -> None:
    """Write what a URL names into a directory; raises OSError, or ConnectionError for another status."""
    trusted: Any = str(
        ca
    )  # what the library documents, and leaves out of its annotations
    answer = requests.get(
        url, verify=trusted, http_version=CurlHttpVersion.V3ONLY, timeout=20
    )
    if answer.status_code != 200:
        raise ConnectionError(f"the server answered {answer.status_code}")
    output.mkdir(parents=True, exist_ok=True)
    name = Path(unquote(urlsplit(url).path)).name or "index.html"
    (output / name).write_bytes(answer.content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ca", required=True, type=Path, help="authority to trust")
    parser.add_argument("--output", required=True, type=Path, help="directory")
    parser.add_argument("url")
    args = parser.parse_args()
    try:
        fetch(args.url, args.ca, args.output)
    except (OSError, ValueError, requests.RequestsError) as error:
        sys.exit(f"{Path(__file__).stem}: {error}")


if __name__ == "__main__":
    main()

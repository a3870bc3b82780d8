"""An HTTP/1.1 client for tests of the bench."""

from __future__ import annotations

import argparse
import urllib.request
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--downloads", type=Path, required=True)
    options = parser.parse_args()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(options.url, timeout=120) as response:
        (options.downloads / "payload.bin").write_bytes(response.read())


if __name__ == "__main__":
    main()

"""A server that does not become ready, each time in another way; for tests of the bench."""

from __future__ import annotations

import argparse
import socket
import sys
import time


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=("exit", "sleep", "bind"))
    parser.add_argument("--port", type=int, default=0, help="port to bind instead of the right one")
    options, _ = parser.parse_known_args()
    if options.way == "exit":
        print("no such option: --frobnicate", file=sys.stderr)
        sys.exit(2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as endpoint:
        if options.way == "bind":
            endpoint.bind(("127.0.0.1", options.port))
        time.sleep(600)


if __name__ == "__main__":
    main()

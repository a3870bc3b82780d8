"""An HTTP/1.1 server for tests of the bench. It can begin by refusing whoever comes."""

from __future__ import annotations

import argparse
import functools
import http.server
import socket
import time


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"


def refuse(port: int, seconds: float) -> None:
    """Listen for a moment, so that the port is seen, then refuse for a while."""
    with socket.create_server(("127.0.0.1", port)):
        time.sleep(0.1)
    time.sleep(seconds)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--refuse-first", type=float, default=0, help="seconds")
    options = parser.parse_args()
    if options.refuse_first:
        refuse(options.port, options.refuse_first)
    handler = functools.partial(Handler, directory=options.root)
    with http.server.ThreadingHTTPServer(("127.0.0.1", options.port), handler) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()

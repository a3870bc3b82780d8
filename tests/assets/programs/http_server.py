"""An HTTP/1.1 server for tests of the bench. It can begin by refusing whoever comes."""

from __future__ import annotations

import argparse
import functools
import http.server
import socket
import struct
import time


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"


def refuse(port: int, seconds: float) -> None:
    """Reset the first connection, however late it comes, then refuse for a while."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        connection, _ = listener.accept()
        # A linger of no seconds makes close(2) a reset: socket(7).
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
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

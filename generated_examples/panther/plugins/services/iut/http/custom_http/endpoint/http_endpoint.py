"""A small HTTP/1.1 server and client: it works until your own program takes over.

The server sends the files below a directory, the client fetches one URL into a directory.
"""

from __future__ import annotations

import argparse
import io
import signal
import socket
import sys
from functools import partial
from http.client import HTTPConnection, HTTPException
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit


class FileHandler(SimpleHTTPRequestHandler):
    """One client's connection: it answers GET and HEAD with the files below a directory."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and content are two writes
    verbose = False

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        path = Path(self.translate_path(self.path)).resolve()
        if path.is_relative_to(self.directory):  # a link may lead out of it
            return super().send_head()
        self.send_error(404)
        return None

    def log_message(self, format: str, *args: Any) -> None:
        if self.verbose:
            super().log_message(format, *args)


class FileServer(ThreadingTCPServer):
    """Each connection has a thread; none of them outlives the program."""

    allow_reuse_address = True
    daemon_threads = True


def run_server(args: argparse.Namespace) -> None:
    FileHandler.timeout = args.keep_alive
    FileHandler.verbose = args.verbose
    if ":" in args.bind:
        FileServer.address_family = socket.AF_INET6
    handler = partial(FileHandler, directory=str(args.root.resolve(strict=True)))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    with FileServer((args.bind, args.port), handler) as server:
        server.serve_forever()


def run_client(args: argparse.Namespace) -> None:
    url = urlsplit(args.url)
    if url.scheme != "http" or not url.hostname:
        raise ValueError(f"'{args.url}' is not a URL that begins with http://")
    connection = HTTPConnection(url.hostname, url.port, timeout=args.read_timeout)
    if args.verbose:
        connection.set_debuglevel(1)
    target = url._replace(scheme="", netloc="", fragment="").geturl() or "/"
    connection.request("GET", target)
    response = connection.getresponse()
    if response.version != 11:
        raise ValueError("the server does not speak HTTP/1.1")
    if response.status != 200:
        raise ValueError(f"the server answered {response.status}")
    body = response.read()
    args.output.mkdir(parents=True, exist_ok=True)
    (args.output / (Path(unquote(url.path)).name or "index.html")).write_bytes(body)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    roles = parser.add_subparsers(required=True, metavar="server | client")
    server = roles.add_parser("server", help="serve the files of a directory")
    server.set_defaults(run=run_server)
    server.add_argument("--bind", required=True, help="address")
    server.add_argument("--port", required=True, type=int)
    server.add_argument("--root", required=True, type=Path, help="directory")
    server.add_argument("--keep-alive", default=60.0, type=float, help="seconds")
    client = roles.add_parser("client", help="fetch a URL")
    client.set_defaults(run=run_client)
    client.add_argument("--output", required=True, type=Path, help="directory")
    client.add_argument("--read-timeout", default=30.0, type=float, help="seconds")
    client.add_argument("url")
    for role in (server, client):
        role.add_argument("--verbose", action="store_true", help="log each request")
    return parser.parse_args()


def main() -> None:
    args = parse_arguments()
    try:
        args.run(args)
    except (HTTPException, OSError, ValueError) as error:
        sys.exit(f"{Path(__file__).stem}: {str(error) or type(error).__name__}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

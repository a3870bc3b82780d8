"""A small HTTP/3 server and client on aioquic.

The server sends the files below a directory, the client fetches one URL into a directory.
SSLKEYLOGFILE and QLOGDIR in the environment switch TLS secrets and qlog traces on.
"""

from __future__ import annotations

import argparse
import asyncio
import atexit
import logging
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.asyncio.server import serve
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, H3Event, HeadersReceived
from aioquic.quic import events
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.logger import QuicFileLogger


class FileServer(QuicConnectionProtocol):
    """A server's connection: it answers GET requests with the files below ``root``."""

    http: H3Connection | None = None

    def __init__(self, *args: Any, root: Path, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.root = root

    def quic_event_received(self, event: events.QuicEvent) -> None:
        if isinstance(event, events.HandshakeCompleted):
            self.http = H3Connection(self._quic)
        for received in self.http.handle_event(event) if self.http else []:
            if isinstance(received, HeadersReceived) and self.http:
                self.answer(self.http, received)

    def answer(self, http: H3Connection, request: HeadersReceived) -> None:
        fields = dict(request.headers)
        if b":method" not in fields:  # these are trailers
            return
        target = fields.get(b":path", b"/").decode("latin-1")
        found = read_file(self.root, target) if fields[b":method"] == b"GET" else None
        status, body = (b"404", b"") if found is None else (b"200", found)
        answer = [(b":status", status), (b"content-length", b"%d" % len(body))]
        http.send_headers(request.stream_id, answer)
        http.send_data(request.stream_id, body, end_stream=True)


def read_file(root: Path, target: str) -> bytes | None:
    """Return the file that a request names; None if it is absent or not below ``root``."""
    try:
        path = (root / unquote(target.partition("?")[0]).lstrip("/")).resolve()
        return path.read_bytes() if path.is_relative_to(root) else None
    except (OSError, RuntimeError, ValueError):
        return None


class Fetcher(QuicConnectionProtocol):
    """A client's connection: ``response`` becomes the body, or says why there is none."""

    http: H3Connection | None = None
    status = b""

    def __init__(self, quic: QuicConnection, url: SplitResult) -> None:
        super().__init__(quic)
        self.url = url
        self.body = bytearray()
        self.response: asyncio.Future[bytes] = self._loop.create_future()

    def quic_event_received(self, event: events.QuicEvent) -> None:
        if isinstance(event, events.HandshakeCompleted):
            self.request(event.alpn_protocol)
        elif isinstance(event, events.StreamReset):
            self.fail("the server reset the stream")
        elif isinstance(event, events.ConnectionTerminated):
            self.fail(event.reason_phrase or f"closed with code {event.error_code:#x}")
        for received in self.http.handle_event(event) if self.http else []:
            self.collect(received)

    def request(self, alpn_protocol: str | None) -> None:
        if alpn_protocol not in H3_ALPN:
            return self.fail(f"the server speaks {alpn_protocol}, not HTTP/3")
        self.http = H3Connection(self._quic)
        target = self.url._replace(scheme="", netloc="", fragment="").geturl() or "/"
        headers = [
            (b":method", b"GET"),
            (b":scheme", b"https"),
            (b":authority", self.url.netloc.encode()),
            (b":path", target.encode()),
        ]
        stream = self._quic.get_next_available_stream_id()
        self.http.send_headers(stream, headers, end_stream=True)

    def collect(self, received: H3Event) -> None:
        if isinstance(received, HeadersReceived):
            self.status = dict(received.headers).get(b":status", self.status)
        elif isinstance(received, DataReceived):
            self.body += received.data
        if getattr(received, "stream_ended", False):
            if self.status != b"200":
                self.fail(f"the server answered {self.status.decode()}")
            elif not self.response.done():
                self.response.set_result(bytes(self.body))

    def error_received(self, exc: Exception) -> None:
        self.fail(str(exc))

    def fail(self, reason: str) -> None:
        if not self.response.done():
            self.response.set_exception(ConnectionError(reason))


class Traces(QuicFileLogger):
    """One qlog file a connection, also for those that the program's end cuts short."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        atexit.register(self.close)

    def close(self) -> None:
        for trace in list(self._traces):
            self.end_trace(trace)


async def run_server(args: argparse.Namespace, settings: QuicConfiguration) -> None:
    settings.load_cert_chain(args.cert, args.key)
    settings.congestion_control_algorithm = args.congestion_control
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    files = partial(FileServer, root=args.root.resolve(strict=True))
    server = await serve(
        args.bind,
        args.port,
        configuration=settings,
        create_protocol=files,
        retry=args.retry,
    )
    await stop.wait()
    server.close()


async def run_client(args: argparse.Namespace, settings: QuicConfiguration) -> None:
    settings.load_verify_locations(cadata=args.ca.read_bytes())
    settings.server_name = args.server_name
    settings.idle_timeout = args.idle_timeout
    url = urlsplit(args.url)
    if url.scheme != "https" or not url.hostname:
        raise ValueError(f"'{args.url}' is not a URL that begins with https://")
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Fetcher(QuicConnection(configuration=settings), url),
        remote_addr=(url.hostname, url.port or 443),
        family=socket.AF_INET6 if ":" in url.hostname else socket.AF_INET,
    )
    try:
        protocol.connect(transport.get_extra_info("peername"))
        body = await protocol.response
    finally:
        protocol.close()
        transport.close()
    args.output.mkdir(parents=True, exist_ok=True)
    name = Path(unquote(url.path)).name or "index.html"
    (args.output / name).write_bytes(body)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    roles = parser.add_subparsers(required=True, metavar="server | client")
    server = roles.add_parser("server", help="serve the files of a directory")
    server.set_defaults(run=run_server)
    server.add_argument("--bind", required=True, help="address")
    server.add_argument("--port", required=True, type=int)
    server.add_argument("--cert", required=True, type=Path, help="certificate chain")
    server.add_argument("--key", required=True, type=Path, help="private key")
    server.add_argument("--root", required=True, type=Path, help="directory")
    algorithms = ("reno", "cubic")  # those of aioquic
    server.add_argument("--congestion-control", default="reno", choices=algorithms)
    server.add_argument("--retry", action="store_true", help="validate addresses")
    client = roles.add_parser("client", help="fetch a URL")
    client.set_defaults(run=run_client)
    client.add_argument("--server-name", required=True, help="name in its certificate")
    client.add_argument("--ca", required=True, type=Path, help="authority to trust")
    client.add_argument("--output", required=True, type=Path, help="directory")
    client.add_argument("--idle-timeout", default=30.0, type=float, help="seconds")
    client.add_argument("url")
    for role in (server, client):
        role.add_argument("--verbose", action="store_true", help="log every event")
    return parser.parse_args()


def main() -> None:
    args = parse_arguments()
    logging.basicConfig(level=logging.DEBUG if args.verbose else logging.WARNING)
    try:
        with open(os.environ.get("SSLKEYLOGFILE") or os.devnull, "a") as secrets:
            settings = QuicConfiguration(secrets_log_file=secrets)
            settings.alpn_protocols = H3_ALPN
            settings.is_client = args.run is run_client
            settings.max_datagram_frame_size = 65536  # RFC 9221; clients insist on it
            if directory := os.environ.get("QLOGDIR"):
                settings.quic_logger = Traces(directory)
            asyncio.run(args.run(args, settings))
    except (OSError, ValueError) as error:
        sys.exit(f"{Path(__file__).stem}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

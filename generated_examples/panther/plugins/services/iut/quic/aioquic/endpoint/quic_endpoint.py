"""A small HTTP/3 server and client on aioquic.

The server sends the files below a directory, the client fetches one URL into a directory. Both also speak
HTTP/0.9 over QUIC, which the interop runner calls hq-interop: a line with GET and a path, then the file.
SSLKEYLOGFILE and QLOGDIR in the environment switch TLS secrets and qlog traces on.
"""

from __future__ import annotations

import argparse
import asyncio
import atexit
import logging
import os
import pickle
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
from aioquic.tls import SessionTicket

HQ = "hq-interop"


class FileServer(QuicConnectionProtocol):
    """A server's connection: it answers GET requests with the files below ``root``."""

    http: H3Connection | None = None

    def __init__(self, *args: Any, root: Path, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.root = root

    def quic_event_received(self, event: events.QuicEvent) -> None:
        # Not HandshakeCompleted: who resumes a session may send requests before that.
        if isinstance(event, events.ProtocolNegotiated):
            self.http = H3Connection(self._quic) if event.alpn_protocol != HQ else None
        elif isinstance(event, events.StreamDataReceived) and not self.http:
            self.answer_line(event)
        for received in self.http.handle_event(event) if self.http else []:
            if isinstance(received, HeadersReceived) and self.http:
                self.answer(self.http, received)

    def answer_line(self, request: events.StreamDataReceived) -> None:
        words = request.data.decode("latin-1").split()
        found = (
            read_file(self.root, words[1])
            if words[:1] == ["GET"] and len(words) == 2
            else None
        )
        self._quic.send_stream_data(request.stream_id, found or b"", end_stream=True)

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
        self.alpn_protocols = quic.configuration.alpn_protocols
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
        elif isinstance(event, events.StreamDataReceived) and not self.http:
            self.status = b"200"
            self.collect(DataReceived(event.data, event.stream_id, event.end_stream))
        for received in self.http.handle_event(event) if self.http else []:
            self.collect(received)

    def request(self, alpn_protocol: str | None) -> None:
        if alpn_protocol not in (self.alpn_protocols or []):
            return self.fail(
                f"the server speaks {alpn_protocol}, not {self.alpn_protocols}"
            )
        if alpn_protocol == HQ:
            line = f"GET {self.url.path or '/'}\r\n".encode()
            stream = self._quic.get_next_available_stream_id()
            self._quic.send_stream_data(stream, line, end_stream=True)
            return self.transmit()
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


class Sessions:
    """TLS sessions: those that a server has given out, or the one that a client keeps in a file."""

    def __init__(self, file: Path | None = None) -> None:
        self.given: dict[bytes, SessionTicket] = {}
        self.file = file
        self.kept = asyncio.Event()

    def give(self, ticket: SessionTicket) -> None:
        self.given[ticket.ticket] = ticket

    def take(self, label: bytes) -> SessionTicket | None:
        return self.given.pop(label, None)

    def load(self) -> SessionTicket | None:
        # The file is the client's own; never read one from somebody else this way.
        return (
            pickle.loads(self.file.read_bytes())
            if self.file and self.file.exists()
            else None
        )

    def keep(self, ticket: SessionTicket) -> None:
        if self.file:
            self.file.write_bytes(pickle.dumps(ticket))
        self.kept.set()

    async def wait(self) -> None:
        """Wait for a session, which a server sends soon after the handshake, if one is to be kept."""
        if self.file:
            try:
                await asyncio.wait_for(self.kept.wait(), timeout=2)
            except TimeoutError:
                raise ConnectionError(
                    "the server sent no TLS session within 2 s"
                ) from None


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
    sessions = Sessions()
    server = await serve(
        args.bind,
        args.port,
        configuration=settings,
        create_protocol=files,
        retry=args.retry,
        session_ticket_handler=sessions.give,
        session_ticket_fetcher=sessions.take,
    )
    await stop.wait()
    server.close()


async def run_client(args: argparse.Namespace, settings: QuicConfiguration) -> None:
    settings.load_verify_locations(cadata=args.ca.read_bytes())
    settings.server_name = args.server_name
    settings.idle_timeout = args.idle_timeout
    sessions = Sessions(args.session)
    settings.session_ticket = sessions.load()
    url = urlsplit(args.url)
    if url.scheme != "https" or not url.hostname:
        raise ValueError(f"'{args.url}' is not a URL that begins with https://")
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Fetcher(
            QuicConnection(
                configuration=settings, session_ticket_handler=sessions.keep
            ),
            url,
        ),
        remote_addr=(url.hostname, url.port or 443),
        family=socket.AF_INET6 if ":" in url.hostname else socket.AF_INET,
    )
    try:
        protocol.connect(transport.get_extra_info("peername"))
        body = await protocol.response
        await sessions.wait()
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
    client.add_argument(
        "--alpn", default="h3", choices=("h3", HQ), help="application protocol"
    )
    client.add_argument(
        "--session",
        type=Path,
        help="file that keeps the TLS session; it is resumed from there",
    )
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
            settings.alpn_protocols = (
                [args.alpn] if args.run is run_client else [*H3_ALPN, HQ]
            )
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

"""An HTTP/3 server on aioquic for tests of the bench, with the faults that the bench must see."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from aioquic.asyncio import QuicConnectionProtocol, serve
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.packet import QuicProtocolVersion

VERSIONS = {"1": QuicProtocolVersion.VERSION_1, "2": QuicProtocolVersion.VERSION_2}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--cert", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--www", type=Path, required=True)
    parser.add_argument("--corrupt", action="store_true", help="change one byte of what is served")
    parser.add_argument("--truncate", action="store_true", help="serve half of the file")
    parser.add_argument("--alpn", default=",".join(H3_ALPN), help="application protocols, the best first")
    parser.add_argument("--versions", default="1,2", help="QUIC versions, the best first")
    parser.add_argument("--retry", action="store_true", help="validate addresses with a Retry packet")
    parser.add_argument("--also-tcp", action="store_true", help="serve HTTP/1.1 over TCP on the same port")
    parser.add_argument(
        "--daemonise", action="store_true", help="serve from a grandchild in a session of its own"
    )
    parser.add_argument("--stray", action="store_true", help="leave a daemon behind")
    parser.add_argument("--ignore-signals", action="store_true", help="ignore SIGINT and SIGTERM")
    parser.add_argument("--die", action="store_true", help="crash at the first request")
    return parser.parse_args()


class Server(QuicConnectionProtocol):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._http = None

    def quic_event_received(self, event):
        if self._http is None:
            self._http = H3Connection(self._quic)
        for received in self._http.handle_event(event):
            if isinstance(received, HeadersReceived):
                self.answer(received)

    def answer(self, request):
        if OPTIONS.die:
            os.kill(os.getpid(), signal.SIGSEGV)
        path = dict(request.headers)[b":path"].decode().lstrip("/")
        body = served(OPTIONS.www / path)
        self._http.send_headers(request.stream_id, [(b":status", b"200")])
        self._http.send_data(request.stream_id, body, end_stream=True)
        self.transmit()


def served(path: Path) -> bytes:
    body = path.read_bytes()
    if OPTIONS.corrupt:
        return body[:-1] + bytes([body[-1] ^ 1])
    return body[: len(body) // 2] if OPTIONS.truncate else body


async def answer_over_tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    request = (await reader.readuntil(b"\r\n\r\n")).decode()
    body = served(OPTIONS.www / request.split()[1].lstrip("/"))
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(body) + body)
    await writer.drain()
    writer.close()


async def main() -> None:
    configuration = QuicConfiguration(
        is_client=False,
        alpn_protocols=OPTIONS.alpn.split(","),
        supported_versions=[VERSIONS[number] for number in OPTIONS.versions.split(",")],
        max_datagram_frame_size=65536,
    )
    configuration.load_cert_chain(OPTIONS.cert, OPTIONS.key)
    await serve(
        "127.0.0.1",
        OPTIONS.port,
        configuration=configuration,
        create_protocol=Server,
        retry=OPTIONS.retry,
    )
    if OPTIONS.also_tcp:
        await asyncio.start_server(answer_over_tcp, "127.0.0.1", OPTIONS.port, family=socket.AF_INET)
    await asyncio.get_running_loop().create_future()


def daemonise() -> None:
    for _ in range(2):
        if os.fork():
            os._exit(0)
        os.setsid()


if __name__ == "__main__":
    OPTIONS = options()
    if OPTIONS.stray:
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    if OPTIONS.daemonise:
        daemonise()
    if OPTIONS.ignore_signals:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())

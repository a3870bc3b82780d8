"""An HTTP/3 client on aioquic for tests of the bench, with the faults that the bench must see."""

from __future__ import annotations

import argparse
import asyncio
import os
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from aioquic.asyncio import QuicConnectionProtocol, connect
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.packet import QuicProtocolVersion

VERSIONS = {"1": QuicProtocolVersion.VERSION_1, "2": QuicProtocolVersion.VERSION_2}


class Client(QuicConnectionProtocol):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._http = H3Connection(self._quic)
        self._body = bytearray()
        self._done = asyncio.get_running_loop().create_future()

    async def get(self, authority: str, path: str) -> bytes:
        stream = self._quic.get_next_available_stream_id()
        headers = [(b":method", b"GET"), (b":scheme", b"https"), (b":authority", authority.encode())]
        self._http.send_headers(stream, [*headers, (b":path", path.encode())], end_stream=True)
        self.transmit()
        await asyncio.wait_for(self._done, 120)
        return bytes(self._body)

    def quic_event_received(self, event):
        for received in self._http.handle_event(event):
            if isinstance(received, DataReceived):
                self._body += received.data
                if received.stream_ended:
                    self._done.set_result(None)


async def fetch(options: argparse.Namespace) -> bytes:
    parts = urlsplit(options.url)
    versions = [VERSIONS[number] for number in options.versions.split(",")]
    configuration = QuicConfiguration(
        is_client=True,
        alpn_protocols=options.alpn.split(","),
        original_version=VERSIONS[options.begin_with] if options.begin_with else versions[0],
        supported_versions=versions,
        server_name="localhost",
    )
    configuration.load_verify_locations(options.ca)
    if options.key_log:
        configuration.secrets_log_file = Path(os.environ["SSLKEYLOGFILE"]).open("a")  # noqa: SIM115
    async with connect(
        parts.hostname, parts.port, configuration=configuration, create_protocol=Client
    ) as client:
        return await client.get(parts.netloc, parts.path)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--ca", required=True)
    parser.add_argument("--downloads", type=Path, required=True)
    parser.add_argument("--alpn", default=",".join(H3_ALPN), help="application protocols, the best first")
    parser.add_argument("--versions", default="1,2", help="QUIC versions, the best first")
    parser.add_argument("--begin-with", help="the QUIC version of the first packet, if it is not the best")
    parser.add_argument("--key-log", action="store_true", help="write TLS secrets to $SSLKEYLOGFILE")
    parser.add_argument("--write-nothing", action="store_true", help="fetch, but keep nothing")
    parser.add_argument("--fall-back", action="store_true", help="fetch by HTTP/1.1 over TCP")
    parser.add_argument("--hang", action="store_true", help="never finish")
    options = parser.parse_args()
    if options.hang:
        time.sleep(600)
    if options.fall_back:
        plain = options.url.replace("https:", "http:")
        body = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(plain).read()
    else:
        body = asyncio.run(fetch(options))
    if not options.write_nothing:
        (options.downloads / urlsplit(options.url).path.lstrip("/")).write_bytes(body)


if __name__ == "__main__":
    main()

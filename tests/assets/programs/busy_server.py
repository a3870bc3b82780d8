"""A TCP server for tests of profilers: it computes before it sends back what it gets."""

from __future__ import annotations

import socketserver
import sys
import time

#: Seconds of its own time: enough that a profiler with a few samples a second sees it.
_SECONDS = 0.5


def spend_time() -> None:
    end = time.process_time() + _SECONDS
    while time.process_time() < end:
        pass


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        received = bytearray()
        while data := self.request.recv(65536):
            received += data
        spend_time()
        self.request.sendall(received)


if __name__ == "__main__":
    with socketserver.TCPServer(("127.0.0.1", int(sys.argv[1])), Echo) as server:
        server.serve_forever()

"""A TCP server for tests of the bench: it sends back what it gets."""

from __future__ import annotations

import argparse
import socketserver


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        received = bytearray()
        while data := self.request.recv(65536):
            received += data
        self.request.sendall(received)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    with socketserver.TCPServer(("127.0.0.1", options.port), Echo) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()

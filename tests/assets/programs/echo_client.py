"""A TCP client for tests of the bench: it sends a file and writes what comes back."""

from __future__ import annotations

import argparse
import socket
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--payload", type=Path, required=True)
    parser.add_argument("--downloads", type=Path, required=True)
    parser.add_argument("--write-nothing", action="store_true")
    options = parser.parse_args()
    with socket.create_connection(("127.0.0.1", options.port)) as connection:
        connection.sendall(options.payload.read_bytes())
        connection.shutdown(socket.SHUT_WR)
        received = bytearray()
        while data := connection.recv(65536):
            received += data
    if not options.write_nothing:
        (options.downloads / options.payload.name).write_bytes(received)


if __name__ == "__main__":
    main()

"""A MINIP server for tests of the bench. It can keep silent, or answer with something else."""

from __future__ import annotations

import argparse
import socket
import struct
import time


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--answer", choices=("pong", "ping", "nothing"), default="pong")
    options = parser.parse_args()
    begun = time.monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as endpoint:
        endpoint.bind(("127.0.0.1", options.port))
        while True:
            _, client = endpoint.recvfrom(64)
            if options.answer != "nothing":
                now = int((time.monotonic() - begun) * 1000)
                endpoint.sendto(struct.pack("<B4sBQ", 2, options.answer.encode(), 3, now), client)


if __name__ == "__main__":
    main()

"""A MINIP client for tests of the bench: like the protocol's own, it never exits."""

from __future__ import annotations

import argparse
import socket
import struct
import time


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    begun = time.monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as endpoint:
        endpoint.settimeout(0.05)
        while True:
            now = int((time.monotonic() - begun) * 1000)
            endpoint.sendto(struct.pack("<B4sBQ", 1, b"ping", 3, now), ("127.0.0.1", options.port))
            try:
                answer = endpoint.recv(64)
            except TimeoutError:
                continue
            print(answer[1:5].decode(), flush=True)
            time.sleep(0.005)


if __name__ == "__main__":
    main()

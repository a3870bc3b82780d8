"""Measures a network from outside: ``network_probe.py KIND PORT PACKETS`` prints one figure.

``rtt-udp``: the median round-trip time in seconds. ``rtt-tcp``: that of a connection's handshake.
``loss-udp``: the share of datagrams that did not arrive. ``rate-udp``: bits of IP packets a second, of a
sender that is twice as fast as asked for by a fourth argument. ``rate-tcp``: the same of one connection.

Where server and client are in two network namespaces, the variables SERVER_NETWORK and CLIENT_NETWORK name
them by their files below /proc, and SERVER_ADDRESS says where the server is.
"""

from __future__ import annotations

import ctypes
import os
import socket
import statistics
import struct
import sys
import threading
import time

UDP_HEADERS, TCP_HEADERS, TCP_SEGMENT = 28, 52, 1448
ADDRESS = os.environ.get("SERVER_ADDRESS", "127.0.0.1")
CLONE_NEWNET = 0x40000000


def enter(side: str) -> None:
    """Move this thread to where the sockets of a side are to be; a socket stays where it was made."""
    if (network := os.environ.get(f"{side}_NETWORK")) is not None:
        descriptor = os.open(network, os.O_RDONLY)
        assert ctypes.CDLL(None).setns(descriptor, CLONE_NEWNET) == 0
        os.close(descriptor)


def rtt_udp(port: int, packets: int) -> float:
    """Send a datagram every 2 ms to an echo, without waiting, and take the time of each."""
    server, client = pair(port)

    def echo() -> None:
        while True:
            server.sendto(*server.recvfrom(2048))

    def send() -> None:
        for _ in range(packets):
            client.send(struct.pack("d", time.perf_counter()))
            time.sleep(0.002)

    for task in (echo, send):
        threading.Thread(target=task, daemon=True).start()
    times = []
    client.settimeout(2)
    while len(times) < packets:
        (sent,) = struct.unpack("d", client.recv(2048))
        times.append(time.perf_counter() - sent)
    return statistics.median(times)


def rtt_tcp(port: int, packets: int) -> float:
    """Open connections one after the other; each takes one round trip."""
    listener = create_server(port)
    times = []
    for _ in range(packets):
        begin = time.perf_counter()
        with create_connection(port):
            times.append(time.perf_counter() - begin)
    listener.close()
    return statistics.median(times)


def loss_udp(port: int, packets: int) -> float:
    """Send in small bursts, so that nothing is lost for want of room, and count."""
    server, client = pair(port)

    def send() -> None:
        for number in range(packets):
            client.send(bytes(100))
            if number % 20 == 0:
                time.sleep(0.001)

    threading.Thread(target=send, daemon=True).start()
    return 1 - sum(1 for _ in received(server)) / packets


def rate_udp(port: int, packets: int) -> float:
    """Send at twice the rate, and look at when what arrives arrives."""
    server, client = pair(port)
    size = 1200
    gap = (size + UDP_HEADERS) * 8 / (2 * float(sys.argv[4]))

    def send() -> None:
        begin = time.perf_counter()
        for number in range(packets):
            client.send(bytes(size))
            ahead = begin + number * gap - time.perf_counter()
            if ahead > 0.001:  # a shorter sleep would take longer
                time.sleep(ahead)

    threading.Thread(target=send, daemon=True).start()
    times = list(received(server))
    return (len(times) - 1) * (size + UDP_HEADERS) * 8 / (times[-1] - times[0])


def rate_tcp(port: int, packets: int) -> float:
    """Receive what fills that many packets; the first fifth, in which TCP finds its rate, does not count."""
    listener = create_server(port)

    def serve() -> None:
        connection, _ = listener.accept()
        connection.sendall(bytes(packets * TCP_SEGMENT))
        connection.close()

    threading.Thread(target=serve, daemon=True).start()
    size, begin, before = 0, 0.0, 0
    with create_connection(port) as client:
        while data := client.recv(1 << 16):
            size += len(data)
            if not begin and size > packets * TCP_SEGMENT / 5:
                begin, before = time.perf_counter(), size
        seconds = time.perf_counter() - begin
    return (size - before) * 8 / seconds * (TCP_SEGMENT + TCP_HEADERS) / TCP_SEGMENT


def create_server(port: int) -> socket.socket:
    enter("SERVER")
    return socket.create_server((ADDRESS, port), backlog=128)


def create_connection(port: int) -> socket.socket:
    enter("CLIENT")
    return socket.create_connection((ADDRESS, port))


def pair(port: int) -> tuple[socket.socket, socket.socket]:
    enter("SERVER")
    server = socket.socket(type=socket.SOCK_DGRAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    server.bind((ADDRESS, port))
    enter("CLIENT")
    client = socket.socket(type=socket.SOCK_DGRAM)
    client.connect((ADDRESS, port))
    return server, client


def received(server: socket.socket):
    """Yield when each datagram arrived, until nothing has come for half a second."""
    server.settimeout(2)
    while True:
        try:
            server.recv(2048)
        except TimeoutError:
            return
        yield time.perf_counter()
        server.settimeout(0.5)


if __name__ == "__main__":
    measure = globals()[sys.argv[1].replace("-", "_")]
    print(measure(int(sys.argv[2]), int(sys.argv[3])))

"""Measures a network from outside: ``network_probe.py KIND PORT PACKETS`` prints one figure.

``rtt-udp``: a round-trip time in seconds. ``rtt-tcp``: that of a connection's handshake. It is that of the
quickest tenth: a machine that is busy with other things only makes it longer.
``loss-udp``: the share of datagrams that did not arrive. ``rate-udp``: bits of IP packets a second, of a
sender that is twice as fast as asked for by a fourth argument. ``rate-tcp``: the same of one connection.
It is the median of many parts of the transfer: what a machine that stalls holds up comes too late, then too
fast.

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
#: Of a transfer, of which each has a rate of its own.
PARTS = 20
#: Linux: as much room as root wants, whatever the limit is. Python has no name for it.
SO_RCVBUFFORCE = 33
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
    client.settimeout(60)
    while len(times) < packets:
        (sent,) = struct.unpack("d", client.recv(2048))
        times.append(time.perf_counter() - sent)
    return quickest_tenth(times)


def rtt_tcp(port: int, packets: int) -> float:
    """Open connections one after the other; each takes one round trip."""
    listener = create_server(port)
    times = []
    for _ in range(packets):
        begin = time.perf_counter()
        with create_connection(port):
            times.append(time.perf_counter() - begin)
    listener.close()
    return quickest_tenth(times)


def loss_udp(port: int, packets: int) -> float:
    """Send in small bursts, so that nothing is lost for want of room, and count."""
    server, client = pair(port)

    def send() -> None:
        for number in range(packets):
            client.send(bytes(100))
            if number % 20 == 0:
                time.sleep(0.001)

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    return 1 - sum(1 for _ in received(server, sender)) / packets


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

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    bits = (size + UDP_HEADERS) * 8
    return median_rate([(moment, number * bits) for number, moment in enumerate(received(server, sender))])


def rate_tcp(port: int, packets: int) -> float:
    """Receive what fills that many packets; the first fifth, in which TCP finds its rate, does not count."""
    listener = create_server(port)

    def serve() -> None:
        connection, _ = listener.accept()
        connection.sendall(bytes(packets * TCP_SEGMENT))
        connection.close()

    threading.Thread(target=serve, daemon=True).start()
    size, arrived = 0, []
    with create_connection(port) as client:
        while data := client.recv(1 << 16):
            size += len(data)
            if size > packets * TCP_SEGMENT / 5:
                arrived.append((time.perf_counter(), size * 8))
    return median_rate(arrived) * (TCP_SEGMENT + TCP_HEADERS) / TCP_SEGMENT


def quickest_tenth(times: list[float]) -> float:
    return statistics.quantiles(times, n=10, method="inclusive")[0] if len(times) > 1 else times[0]


def median_rate(arrived: list[tuple[float, float]]) -> float:
    """Return the bits a second, from moments and how many bits had arrived until then."""
    parts, begin = [], arrived[0]
    share = (arrived[-1][1] - begin[1]) / PARTS
    for moment, bits in arrived:
        if bits - begin[1] >= share:
            parts.append((bits - begin[1]) / (moment - begin[0]))
            begin = (moment, bits)
    return statistics.median(parts)


def create_server(port: int) -> socket.socket:
    enter("SERVER")
    return socket.create_server((ADDRESS, port), backlog=128)


def create_connection(port: int) -> socket.socket:
    enter("CLIENT")
    return socket.create_connection((ADDRESS, port))


def pair(port: int) -> tuple[socket.socket, socket.socket]:
    enter("SERVER")
    server = socket.socket(type=socket.SOCK_DGRAM)
    try:
        server.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
    except PermissionError:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    server.bind((ADDRESS, port))
    enter("CLIENT")
    client = socket.socket(type=socket.SOCK_DGRAM)
    client.connect((ADDRESS, port))
    return server, client


def received(server: socket.socket, sender: threading.Thread):
    """Yield when each datagram arrived, until all are sent and nothing has come for a second."""
    server.settimeout(1)
    while True:
        sends = sender.is_alive()
        try:
            server.recv(2048)
        except TimeoutError:
            if not sends:
                return
        else:
            yield time.perf_counter()


if __name__ == "__main__":
    measure = globals()[sys.argv[1].replace("-", "_")]
    print(measure(int(sys.argv[2]), int(sys.argv[3])))

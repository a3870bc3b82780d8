"""What the connections that were seen say about a payload's way over TCP (RFC 9293)."""

from __future__ import annotations

from panther.bench.evidence import Evidence
from panther.bench.protocols.base import Exchange

__all__ = ["NOT_ON_THE_WIRE", "connections_seen", "tcp_connections", "tcp_transport"]

#: What is said where a client's own word is all there is.
NOT_ON_THE_WIRE = "not proved on the wire: no capture on this machine"


def tcp_transport(exchange: Exchange) -> Evidence:
    """Say whether clients have connected to the server."""
    connections = connections_seen(exchange)
    if connections:
        verb = "was" if connections == 1 else "were"
        return Evidence("transport", True, f"{tcp_connections(connections)} {verb} seen")
    if exchange.private:
        return Evidence("transport", False, "the server accepted no TCP connection")
    # On the whole machine a finished one may be gone from sight.
    return Evidence("transport", None, NOT_ON_THE_WIRE)


def connections_seen(exchange: Exchange) -> int:
    """Return how many TCP connections to the server there were, as far as it could be seen."""
    return exchange.counters.tcp_accepted if exchange.private else exchange.connections


def tcp_connections(number: int) -> str:
    """Return a number of connections as words."""
    return f"{number} TCP {'connection' if number == 1 else 'connections'}"

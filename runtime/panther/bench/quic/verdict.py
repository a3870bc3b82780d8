"""From what was captured of an exchange to what it proves of QUIC's version and application protocol."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from panther.bench.evidence import Evidence
from panther.bench.protocols.base import Exchange
from panther.bench.quic.connections import Connection, Datagram, connections_in
from panther.bench.quic.keylog import read_key_logs
from panther.bench.quic.negotiated import Asked, Negotiated, judge_connections, not_observed
from panther.bench.quic.versions import asked_version

__all__ = ["connections_of", "negotiated_in", "unknown_version"]


def negotiated_in(
    exchange: Exchange, flows: Iterable[Iterable[tuple[bool, bytes]]] | None, *, arrived: bool
) -> Negotiated:
    """Say what was negotiated.

    Args:
        exchange: a client that has finished.
        flows: those of its server: for each datagram whether the server sent it, and its payload; None:
            nothing could be captured.
        arrived: see :func:`~panther.bench.quic.negotiated.judge_connections`.
    """
    if flows is None:
        refused = "the kernel does not let packets be captured"
        return not_observed(refused if exchange.private else "that needs a network namespace")
    seen = connections_of(flows)
    asked = Asked(str(exchange.parameters.get("alpn", "")), asked_version(exchange.version))
    connections = _of_client(seen, exchange) if exchange.clients > 1 else seen
    return judge_connections(connections, asked, read_key_logs(exchange.key_logs), arrived=arrived)


def connections_of(flows: Iterable[Iterable[tuple[bool, bytes]]]) -> list[Connection]:
    """Return the connections of some flows; see :func:`negotiated_in`."""
    return [each for flow in flows for each in connections_in(Datagram(*datagram) for datagram in flow)]


def unknown_version(exchange: Exchange) -> list[Evidence]:
    """Return a note where the experiment asks for a version that cannot be checked."""
    if not exchange.version or asked_version(exchange.version) is not None:
        return []
    return [Evidence("version", None, f"'{exchange.version}' is no QUIC version that can be checked")]


def _of_client(connections: Sequence[Connection], exchange: Exchange) -> Sequence[Connection]:
    """Return those of several clients' connections that are in the client's own key log, if any are."""
    own = read_key_logs([exchange.site.keylog_file])
    return [each for each in connections if any(hello.random in own for hello in each.hellos)] or connections

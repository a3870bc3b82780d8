"""What proves each case, from the packets of connections: a file alone proves no Retry and no resumption."""

from __future__ import annotations

from collections.abc import Sequence

from panther.bench.evidence import Evidence
from panther.bench.protocols.base import Exchange, Site
from panther.bench.protocols.quic import QUICCase, QUICWire
from panther.bench.quic.connections import Connection

__all__ = [
    "UNSEEN",
    "CountedCase",
    "HandshakeCase",
    "ResumptionCase",
    "RetryCase",
    "SessionCase",
    "StrictHTTP3Case",
]

#: Why a case is not proved, though nothing speaks against it.
UNSEEN = "packets could not be captured, and this case is proved by them only"


class _WireCase(QUICCase):
    """A transfer, and what the connections of the test show besides."""

    def judge(self, exchange: Exchange) -> list[Evidence]:
        """Add what the connections show; where none could be seen, the case is not proved."""
        evidence = super().judge(exchange)
        if not isinstance(exchange.wire, QUICWire):
            return [*evidence, Evidence("wire", False, UNSEEN)]
        from panther.bench.quic.verdict import connections_of

        seen = connections_of(exchange.wire.flows(exchange.port))
        return [*evidence, self.look_at([connection for connection in seen if connection.is_established])]

    def look_at(self, established: Sequence[Connection]) -> Evidence:
        """Return what the test's connections prove.

        Args:
            established: those whose handshake both sides have taken part in, in the order of their beginning.
        """
        raise NotImplementedError


class CountedCase(_WireCase):
    """Several connections were established.

    Args:
        wanted: how many.
    """

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted

    def look_at(self, established: Sequence[Connection]) -> Evidence:
        """Count them."""
        sentence = f"{len(established)} of {self._wanted} connections were established"
        return Evidence("wire", len(established) >= self._wanted, sentence)


class HandshakeCase(CountedCase):
    """One connection was established, and no other."""

    def __init__(self) -> None:
        super().__init__(1)

    def look_at(self, established: Sequence[Connection]) -> Evidence:
        """Count them."""
        count = len(established)
        sentence = f"{count} {'connection was' if count == 1 else 'connections were'} established"
        return Evidence("wire", count == 1, sentence)


class RetryCase(_WireCase):
    """The server asked for a proof of the client's address, and then took the connection."""

    def look_at(self, established: Sequence[Connection]) -> Evidence:
        """Look for a Retry packet in a connection that was established after it."""
        if any(connection.has_retry for connection in established):
            return Evidence("wire", True, "a Retry packet, then an established connection")
        return Evidence("wire", False, "no Retry packet was sent before the connection was established")


class SessionCase(QUICCase):
    """A transfer after which the client keeps its TLS session, in a file that a test's clients share."""

    def parameters(self, site: Site) -> dict[str, object]:
        """Add that file."""
        return {**super().parameters(site), "session_file": site.log_dir.parent / "session"}


class ResumptionCase(SessionCase, _WireCase):
    """The second connection went on with the TLS session of the first."""

    def look_at(self, established: Sequence[Connection]) -> Evidence:
        """Look for a resumed session in the last connection, and for none in the first."""
        if len(established) < 2:
            return Evidence("wire", False, f"{len(established)} of 2 connections were established")
        first, last = established[0], established[-1]
        if first.is_resumed:
            return Evidence("wire", False, "the first connection already resumed a session")
        if last.is_resumed is None:
            return Evidence("wire", False, "the server's answer to the second connection could not be read")
        if not last.is_resumed:
            offered = any(hello.offers_session for hello in last.hellos)
            why = "the server did not take the session that was offered"
            return Evidence("wire", False, why if offered else "the client offered no session to resume")
        return Evidence("wire", True, "the second connection resumed the first one's TLS session")


class StrictHTTP3Case(QUICCase):
    """A transfer whose application protocol was seen to be HTTP/3."""

    def judge(self, exchange: Exchange) -> list[Evidence]:
        """Take an application protocol that could not be observed for none."""
        evidence = super().judge(exchange)
        if not isinstance(exchange.wire, QUICWire):
            return [*evidence, Evidence("wire", False, UNSEEN)]
        return [
            Evidence(item.name, False, item.detail) if item.name == "negotiated" and not item.passed else item
            for item in evidence
        ]

"""The cases of a matrix.

Names and abbreviations are those of the QUIC interop runner, but for ``multiconnect``: there a client is
asked for it in the case ``handshakeloss`` (L1), in a network that loses packets. Here nothing is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from panther.bench.matrix.judging import (
    CountedCase,
    HandshakeCase,
    ResumptionCase,
    RetryCase,
    SessionCase,
    StrictHTTP3Case,
)
from panther.bench.protocols import ProtocolCase
from panther.bench.protocols.quic import CASE as QUIC
from panther.errors import InputError

__all__ = ["MatrixCase", "cases_of", "named_cases"]

_KIB, _MIB = 1 << 10, 1 << 20
_SMALL_CONNECTIONS = 5


@dataclass(frozen=True)
class MatrixCase:
    """One case."""

    name: str
    abbreviation: str
    description: str
    judge: ProtocolCase
    """Judges the last client of a test."""

    payload_bytes: int
    connections: int = 1
    """How many connections are made, one after the other."""

    server_feature: str = ""
    """What the server must be able to do; empty: nothing beyond the protocol."""

    client_feature: str = ""
    """What the client must be able to do."""

    protocols: tuple[str, ...] = ("h3", "hq-interop")
    """Application protocols that it may be played in, the best first."""

    settings: tuple[tuple[str, bool], ...] = ()
    """What is set in the server's configuration."""

    judge_before: ProtocolCase = QUIC
    """Judges the clients before the last one."""


_QUIC_CASES = (
    MatrixCase("handshake", "H", "Handshake completes successfully.", HandshakeCase(), _KIB),
    MatrixCase("transfer", "DC", "Stream data is being sent and received correctly.", QUIC, _MIB),
    MatrixCase(
        "http3", "3", "An H3 transaction succeeded.", StrictHTTP3Case(), 500 * _KIB, protocols=("h3",)
    ),
    MatrixCase(
        "retry",
        "S",
        "Server sends a Retry, and the connection that answers it completes successfully.",
        RetryCase(),
        _KIB,
        server_feature="retry",
        settings=(("retry", True),),
    ),
    MatrixCase(
        "resumption",
        "R",
        "Connection is established using TLS Session Resumption.",
        ResumptionCase(),
        _KIB,
        connections=2,
        server_feature="session_tickets",
        client_feature="resumption",
        judge_before=SessionCase(),
    ),
    MatrixCase(
        "multiconnect",
        "MC",
        "Several connections are made one after the other.",
        CountedCase(_SMALL_CONNECTIONS),
        _KIB,
        connections=_SMALL_CONNECTIONS,
    ),
)
_CASES = {"quic": _QUIC_CASES}


def cases_of(protocol: str) -> tuple[MatrixCase, ...]:
    """Return the cases of a protocol, in their order.

    Raises:
        InputError: there is no matrix of it.
    """
    if protocol not in _CASES:
        raise InputError(
            f"there is no matrix of the protocol '{protocol}'", cure=f"there is one of: {', '.join(_CASES)}"
        )
    return _CASES[protocol]


def named_cases(protocol: str, names: Sequence[str]) -> tuple[MatrixCase, ...]:
    """Return the cases of those names or abbreviations, in the protocol's order; no names: all.

    Raises:
        InputError: there is no such case.
    """
    cases = cases_of(protocol)
    known = {word: case for case in cases for word in (case.name, case.abbreviation)}
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"did you mean '{close[0]}'? " if close else ""
            listed = ", ".join(case.name for case in cases)
            raise InputError(f"there is no case '{name}'", cure=f"{hint}the cases are: {listed}")
    wanted = {known[name].name for name in names}
    return tuple(case for case in cases if not names or case.name in wanted)

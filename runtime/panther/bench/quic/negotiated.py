"""What connections prove of the QUIC version and the application protocol that a test asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from panther.bench.evidence import Evidence
from panther.bench.quic.connections import Connection
from panther.bench.quic.keylog import KeyLog
from panther.bench.quic.versions import version_name

__all__ = ["Asked", "Negotiated", "judge_connections", "not_observed"]

_NAME = "negotiated"


@dataclass(frozen=True)
class Asked:
    """What a test asks for."""

    protocol: str
    """The application protocol; empty: any."""

    version: int | None
    """The QUIC version; None: any."""


@dataclass(frozen=True)
class Negotiated:
    """What was negotiated."""

    evidence: Evidence
    way: str
    """What carried a payload, as a phrase, such as ``over HTTP/3 (QUIC v1)``."""


@dataclass(frozen=True)
class _Finding:
    passed: bool | None
    sentence: str
    way: str = "over QUIC"


def not_observed(why: str) -> Negotiated:
    """Return that nothing is known, and why."""
    sentence = f"QUIC's version and application protocol were not observed: {why}"
    return Negotiated(Evidence(_NAME, None, sentence), "over QUIC")


def judge_connections(
    connections: Sequence[Connection], asked: Asked, secrets: KeyLog, *, arrived: bool
) -> Negotiated:
    """Say what a client's connections prove.

    Args:
        connections: those that may be the client's.
        asked: what the test asks for.
        secrets: what the services' key logs hold.
        arrived: something was received over QUIC, so that some connection was used after its handshake.
    """
    established = [connection for connection in connections if connection.is_established]
    findings = list(
        dict.fromkeys(_find(each, asked, secrets, arrived=arrived) for each in established or connections)
    )
    if not findings:
        return not_observed("no first packet of a connection was captured")
    verdicts = {finding.passed for finding in findings}
    sentence = "; ".join(dict.fromkeys(finding.sentence for finding in findings))
    if len(verdicts) > 1:
        sentence += "; which connection carried the payload could not be observed"
    passed = verdicts.pop() if len(verdicts) == 1 else None
    way = findings[0].way if len(findings) == 1 else "over QUIC"
    return Negotiated(Evidence(_NAME, passed, sentence), way)


def _find(connection: Connection, asked: Asked, secrets: KeyLog, *, arrived: bool) -> _Finding:
    if connection.version is None:
        return _Finding(None, _unanswered(connection))
    version = version_name(connection.version)
    if asked.version is not None and connection.version != asked.version:
        wanted = version_name(asked.version)
        return _Finding(False, f"QUIC {version} was spoken, {wanted} was asked for")
    if not connection.hellos:
        return _Finding(None, f"QUIC {version}; what the client offered could not be read")
    offered = connection.hellos[-1].protocols
    if asked.protocol and asked.protocol not in offered:
        return _Finding(False, f"the client offered {_quoted(offered)}, not '{asked.protocol}'")
    chosen = connection.chosen(secrets)
    if chosen is None and len(offered) == 1 and arrived and connection.is_established:
        chosen = offered[0]  # a server must refuse what it does not speak: RFC 9001, section 8.1
    if chosen is None:
        return _Finding(None, f"QUIC {version}; the client offered {_unknown_choice(offered)}")
    if asked.protocol and chosen != asked.protocol:
        instead = f"'{chosen}'" if chosen else "no application protocol"
        return _Finding(False, f"the server chose {instead}, '{asked.protocol}' was asked for")
    return _Finding(True, f"QUIC {version}, ALPN {chosen or 'none'}", _way(chosen, version))


def _unanswered(connection: Connection) -> str:
    first = version_name(connection.first_version or 0)
    spoken = ", ".join(dict.fromkeys(map(version_name, connection.refused_for)))
    if spoken:
        return f"the server refused QUIC {first}: it speaks {spoken}"
    return f"the client began in QUIC {first}; no answer of the server was captured"


def _unknown_choice(offered: Iterable[str]) -> str:
    several = ", ".join(offered)
    what = "which was chosen" if "," in several else "whether the server agreed"
    return f"{several or 'no application protocol'}; {what} could not be observed"


def _quoted(offered: Sequence[str]) -> str:
    return ", ".join(f"'{protocol}'" for protocol in offered) or "no application protocol"


def _way(protocol: str, version: str) -> str:
    draft = protocol.removeprefix("h3-")
    quic = f"QUIC {version.replace('version ', 'v')}"
    if protocol == "h3":
        return f"over HTTP/3 ({quic})"
    if draft != protocol:
        return f"over HTTP/3 draft {draft} ({quic})"
    return f"over '{protocol}' ({quic})" if protocol else f"over {quic}"

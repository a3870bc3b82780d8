"""QUIC's versions: numbers, names, and what differs between them for an onlooker."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

__all__ = ["Kind", "Version", "asked_version", "known_version", "version_name"]


class Kind(Enum):
    """What a packet with a long header is."""

    INITIAL = auto()
    ZERO_RTT = auto()
    HANDSHAKE = auto()
    RETRY = auto()
    VERSION_NEGOTIATION = auto()
    UNKNOWN = auto()
    """Of a version whose packets cannot be told apart."""


@dataclass(frozen=True)
class Version:
    """What it takes to read the first packets of a version."""

    salt: bytes
    """For the secrets of Initial packets."""

    label: str
    """What the labels of packet protection keys begin with."""

    kinds: tuple[Kind, Kind, Kind, Kind]
    """By the two bits of the first byte that tell a packet's type."""


_FIRST_KINDS = (Kind.INITIAL, Kind.ZERO_RTT, Kind.HANDSHAKE, Kind.RETRY)
#: RFC 9369, section 3.2.
_SECOND_KINDS = (Kind.RETRY, Kind.INITIAL, Kind.ZERO_RTT, Kind.HANDSHAKE)
_VERSION_1, _VERSION_2 = 1, 0x6B3343CF
_DRAFT = 0xFF000000
_VERSIONS = {
    # RFC 9001, sections 5.1 and 5.2.
    _VERSION_1: Version(bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"), "quic", _FIRST_KINDS),
    # RFC 9369, sections 3.3.1 and 3.3.2.
    _VERSION_2: Version(bytes.fromhex("0dede3def700a6db819381be6e269dcbf9bd2ed9"), "quicv2", _SECOND_KINDS),
}
#: draft-ietf-quic-tls-29 to -32, section 5.2: the last drafts that are still spoken.
_DRAFTS = Version(bytes.fromhex("afbfec289993d24c9e9786f19c6111e04390a899"), "quic", _FIRST_KINDS)
_VERSIONS.update(dict.fromkeys(range(_DRAFT + 29, _DRAFT + 33), _DRAFTS))
_NAMES = {_VERSION_1: "1", _VERSION_2: "2"}
_ASKED = {"rfc9000": _VERSION_1, "rfc9369": _VERSION_2, "1": _VERSION_1, "2": _VERSION_2}


def known_version(number: int) -> Version | None:
    """Return how to read a version's packets; None: it cannot be read."""
    return _VERSIONS.get(number)


def version_name(number: int) -> str:
    """Return what people call a version, such as ``version 1``, ``draft-29`` or ``version 0x709a50c4``."""
    if _DRAFT < number <= _DRAFT + 99:
        return f"draft-{number - _DRAFT:02}"
    return f"version {_NAMES.get(number) or f'{number:#010x}'}"


def asked_version(text: str) -> int | None:
    """Return the version that an experiment means by ``rfc9000``, ``v1``, ``2`` or ``draft-29``.

    Returns:
        Its number; None if the text means none.
    """
    word = text.strip().lower().removeprefix("quic").removeprefix("v")
    draft = re.fullmatch(r"draft-?(\d\d)", word, re.ASCII)
    return _DRAFT + int(draft[1]) if draft else _ASKED.get(word)

"""The two messages of TLS 1.3 in which application protocols are offered and chosen (RFC 8446, RFC 7301)."""

from __future__ import annotations

from dataclasses import dataclass

from panther.bench.quic.reader import Reader, TruncatedError

__all__ = ["ClientHello", "chosen_protocol", "is_resumed", "read_client_hello"]

_CLIENT_HELLO, _SERVER_HELLO, _ENCRYPTED_EXTENSIONS = 1, 2, 8
_SERVER_NAME, _APPLICATION_PROTOCOLS, _PRE_SHARED_KEY = 0, 16, 41
_HOST_NAME = 0
_RANDOM_LENGTH = 32
#: Protocols that no server knows, offered as an exercise (RFC 8701, section 2).
_GREASE = {bytes([16 * high + 0x0A] * 2) for high in range(16)}


@dataclass(frozen=True)
class ClientHello:
    """What a client wants."""

    random: bytes
    """32 bytes, by which key logs name a connection."""

    protocols: tuple[str, ...]
    """The application protocols that it offers, the best first."""

    server_name: str
    """The host that it asks for (SNI, RFC 6066, section 3); empty if it names none."""

    offers_session: bool = False
    """It offers to go on with an earlier session (RFC 8446, section 4.2.11)."""


def read_client_hello(stream: bytes) -> ClientHello | None:
    """Read the message that a client's first stream begins with; None: it is not there or not whole."""
    try:
        message = Reader(_message(stream, _CLIENT_HELLO))
        message.take(2)  # legacy_version
        random = message.take(_RANDOM_LENGTH)
        for length_bytes in (1, 2, 1):  # session ID, cipher suites, compression methods
            message.vector(length_bytes)
        extensions = _extensions(message)
        protocols = _protocols(extensions.get(_APPLICATION_PROTOCOLS, b""))
        name = _server_name(extensions.get(_SERVER_NAME, b""))
    except TruncatedError:
        return None
    offered = tuple(_text(one) for one in protocols if one not in _GREASE)
    return ClientHello(random, offered, name, _PRE_SHARED_KEY in extensions)


def chosen_protocol(stream: bytes) -> str | None:
    """Read what a server chose from the EncryptedExtensions that its Handshake stream begins with.

    Returns:
        The protocol's name; empty if the server chose none; None: the message is not there or not whole.
    """
    try:
        extensions = _extensions(Reader(_message(stream, _ENCRYPTED_EXTENSIONS)))
        protocols = _protocols(extensions.get(_APPLICATION_PROTOCOLS, b""))
    except TruncatedError:
        return None
    return _text(protocols[0]) if protocols else ""


def is_resumed(stream: bytes) -> bool | None:
    """Tell whether a server goes on with an earlier session, from the stream of its Initial packets.

    It says so in its ServerHello, by the extension pre_shared_key (RFC 8446, section 4.2.11). A
    HelloRetryRequest, which has the same type, comes before it and never has that extension.

    Returns:
        None: the message is not there or not whole.
    """
    reader, answer = Reader(stream), None
    try:
        while reader.left and reader.number(1) == _SERVER_HELLO:
            answer = _PRE_SHARED_KEY in _server_extensions(Reader(reader.vector(3)))
    except TruncatedError:
        pass
    return answer


def _server_extensions(message: Reader) -> dict[int, bytes]:
    message.take(2 + _RANDOM_LENGTH)  # legacy_version, random
    message.vector(1)  # legacy_session_id_echo
    message.take(2 + 1)  # cipher_suite, legacy_compression_method
    return _extensions(message)


def _message(stream: bytes, kind: int) -> bytes:
    reader = Reader(stream)
    if reader.number(1) != kind:
        raise TruncatedError(f"no message of type {kind}")
    return reader.vector(3)


def _extensions(message: Reader) -> dict[int, bytes]:
    reader = Reader(message.vector(2))
    found = {}
    while reader.left:
        kind = reader.number(2)
        found[kind] = reader.vector(2)
    return found


def _protocols(extension: bytes) -> list[bytes]:
    if not extension:
        return []
    reader, found = Reader(Reader(extension).vector(2)), []
    while reader.left:
        found.append(reader.vector(1))
    return found


def _server_name(extension: bytes) -> str:
    if not extension:
        return ""
    reader = Reader(Reader(extension).vector(2))
    while reader.left:
        kind, name = reader.number(1), reader.vector(2)
        if kind == _HOST_NAME:
            return _text(name)
    return ""


def _text(name: bytes) -> str:
    return name.decode("ascii", "backslashreplace")

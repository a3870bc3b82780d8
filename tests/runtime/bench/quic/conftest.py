"""Handshakes without a network: a client and a server of aioquic that hand each other datagrams."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection

from panther.bench.certificates import CertificateAuthority, CertificateFiles, CertificateRequest
from panther.bench.quic.connections import Datagram

ADDRESS = ("127.0.0.1", 4443)


@dataclass
class Recorded:
    """The datagrams with long headers of a handshake, in their order."""

    datagrams: list[Datagram]
    key_log: Path


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> CertificateFiles:
    return CertificateAuthority(tmp_path_factory.mktemp("certificates") / "c").issue(CertificateRequest())


@pytest.fixture(scope="session")
def record(certificate, tmp_path_factory) -> Callable[..., Recorded]:
    """Let a client and a server shake hands; ``offers`` and ``speaks`` are application protocols."""

    def shake_hands(offers=("h3",), speaks=("h3",), **client_options) -> Recorded:
        secrets = io.StringIO()
        mine = QuicConfiguration(
            alpn_protocols=list(offers),
            server_name="localhost",
            secrets_log_file=secrets,
            cafile=str(certificate.ca_file),
            **client_options,
        )
        theirs = QuicConfiguration(is_client=False, alpn_protocols=list(speaks))
        theirs.load_cert_chain(str(certificate.cert_file), str(certificate.key_file))
        key_log = tmp_path_factory.mktemp("keys") / "keys.log"
        datagrams = list(exchange(mine, theirs))
        key_log.write_text(secrets.getvalue())
        return Recorded(datagrams, key_log)

    return shake_hands


def exchange(mine: QuicConfiguration, theirs: QuicConfiguration):
    client = QuicConnection(configuration=mine)
    client.connect(ADDRESS, now=0.0)
    server = QuicConnection(
        configuration=theirs, original_destination_connection_id=client.original_destination_connection_id
    )
    for _ in range(8):
        for sender, receiver in ((client, server), (server, client)):
            for payload, _ in sender.datagrams_to_send(now=0.0):
                receiver.receive_datagram(payload, ADDRESS, now=0.0)
                if payload[0] & 0x80:
                    yield Datagram(sender is server, payload)

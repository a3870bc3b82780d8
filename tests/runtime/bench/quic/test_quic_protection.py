"""Keys and decryption agree with the samples of RFC 9001, appendix A, and RFC 9369, appendix A."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from panther.bench.quic.hello import read_client_hello
from panther.bench.quic.packets import long_packets
from panther.bench.quic.protection import PacketKeys, client_initial_keys, traffic_keys
from panther.bench.quic.stream import CryptoStream
from panther.bench.quic.versions import Kind, known_version

CONNECTION_ID = bytes.fromhex("8394c8f03e515708")
V1, V2 = 1, 0x6B3343CF
KEYS = {
    V1: (
        "1f369613dd76d5467730efcbe3b1a22d",
        "fa044b2f42a3fd3b46fb255c",
        "9f50449e04a0e810283a1e9933adedd2",
    ),
    V2: (
        "8b1a0bc121284290a29e0971b5cd045d",
        "91f73e2351d8fa91660e909f",
        "45b95e15235d6f45a6b19cbcb0294ba9",
    ),
}
#: The client's Initial packet of RFC 9001, section A.2: the CRYPTO frame, to be padded to 1162 bytes.
CRYPTO_FRAME = bytes.fromhex(
    "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c"
    "00000413011302010000c000000010000e00000b6578616d706c652e636f6dff01000100000a00080006"
    "001d0017001800100007000504616c706e000500050100000000003300260024001d00209370b2c9caa4"
    "7fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e040305"
    "0306030203080408050806002d00020101001c00024001003900320408ffffffffffffffff05048000ff"
    "ff07048000ffff0801100104800075300901100f088394c8f03e51570806048000ffff"
)
CLEAR_HEADER = bytes.fromhex("c300000001088394c8f03e5157080000449e00000002")
PROTECTED_HEADER = bytes.fromhex("c000000001088394c8f03e5157080000449e7b9aec34")
PROTECTED_BEGINNING = bytes.fromhex("d1b1c98dd7689fb8ec11d242b123dc9b")
PROTECTED_END = bytes.fromhex("e221af44860018ab0856972e194cd934")


@pytest.fixture
def client_initial() -> bytes:
    """The packet of RFC 9001, section A.2, sealed with the keys that it prints, and compared with it."""
    key, iv, _ = map(bytes.fromhex, KEYS[V1])
    nonce = (int.from_bytes(iv, "big") ^ 2).to_bytes(12, "big")
    sealed = AESGCM(key).encrypt(nonce, CRYPTO_FRAME.ljust(1162, b"\x00"), CLEAR_HEADER)
    assert sealed.startswith(PROTECTED_BEGINNING)
    assert sealed.endswith(PROTECTED_END)
    return PROTECTED_HEADER + sealed


@pytest.mark.parametrize("version", KEYS)
def test_the_keys_of_a_clients_initial_packets(version):
    keys = client_initial_keys(known_version(version), CONNECTION_ID)
    assert (keys.key.hex(), keys.iv.hex(), keys.header_key.hex()) == KEYS[version]


def test_a_clients_initial_packet_opens(client_initial):
    (packet,) = long_packets(client_initial)
    assert (packet.version, packet.kind, packet.source_id) == (1, Kind.INITIAL, b"")
    number, frames = client_initial_keys(known_version(1), packet.destination_id).open(packet)
    assert (number, frames) == (2, CRYPTO_FRAME.ljust(1162, b"\x00"))
    stream = CryptoStream()
    stream.add(frames)
    hello = read_client_hello(stream.read())
    assert (hello.protocols, hello.server_name) == (("alpn",), "example.com")
    assert hello.random.hex().startswith("ebf8fa56f12939b9")


def test_a_packet_that_was_changed_does_not_open(client_initial):
    damaged = client_initial[:-1] + bytes([client_initial[-1] ^ 1])
    (packet,) = long_packets(damaged)
    assert client_initial_keys(known_version(1), packet.destination_id).open(packet) is None


def test_the_keys_of_a_suite_with_chacha20():
    """RFC 9001, section A.5."""
    secret = bytes.fromhex("9ac312a7f877468ebe69422748ad00a15443f18203a07d6060f688f30f21632b")
    keys = next(keys for keys in traffic_keys(known_version(1), secret) if keys.is_chacha)
    assert keys == PacketKeys(
        key=bytes.fromhex("c6d98ff3441c3fe1b2182094f69caa2ed4b716b65488960a7a984979fb23e1c8"),
        iv=bytes.fromhex("e0459b3474bdd0e44a41c144"),
        header_key=bytes.fromhex("25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4"),
        is_chacha=True,
    )


@pytest.mark.parametrize(("length", "suites"), [(32, 2), (48, 1), (0, 0), (33, 0)])
def test_a_secret_may_belong_to_suites_of_its_length(length, suites):
    assert len(traffic_keys(known_version(1), bytes(length))) == suites

"""What is read from the packets of real handshakes, whole, shuffled, damaged or made up."""

from __future__ import annotations

import itertools

import pytest
from aioquic.tls import CipherSuite
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panther.bench.capture import Packet
from panther.bench.protocols.quic import QUICWire
from panther.bench.quic.connections import Datagram, connections_in
from panther.bench.quic.hello import chosen_protocol, read_client_hello
from panther.bench.quic.keylog import read_key_logs
from panther.bench.quic.negotiated import Asked, judge_connections
from panther.bench.quic.stream import CryptoStream
from panther.bench.quic.versions import asked_version, version_name

H3 = Asked("h3", 1)


def judged(datagrams, secrets=None, asked=H3, arrived=True):
    return judge_connections(connections_in(datagrams), asked, secrets or {}, arrived=arrived).evidence


def test_a_handshake_tells_its_version_offers_and_server_name(record):
    (connection,) = connections_in(record(offers=["h3", "hq-interop"]).datagrams)
    (hello,) = connection.hellos
    assert (connection.version, connection.is_established) == (1, True)
    assert (hello.protocols, hello.server_name) == (("h3", "hq-interop"), "localhost")


@pytest.mark.parametrize("suite", list(CipherSuite)[:3], ids=lambda suite: suite.name)
def test_the_choice_is_read_with_the_keys_of_each_cipher_suite(record, suite):
    recorded = record(["h3", "hq-interop"], ["hq-interop"], cipher_suites=[suite])
    (connection,) = connections_in(recorded.datagrams)
    assert connection.chosen(read_key_logs([recorded.key_log])) == "hq-interop"
    assert connection.chosen({}) is None


def test_secrets_may_lie_in_a_directory_with_a_file_for_each_connection(record, tmp_path):
    recorded = record(["h3"], ["h3"])
    recorded.key_log.rename(tmp_path / "3bc705ff.keys")
    (connection,) = connections_in(recorded.datagrams)
    assert connection.chosen(read_key_logs([tmp_path])) == "h3"


def test_nothing_is_proved_by_a_single_offer_of_which_nothing_came(record):
    evidence = judged(record().datagrams, arrived=False)
    assert evidence.passed is None
    assert evidence.detail.endswith("the client offered h3; whether the server agreed could not be observed")


def test_nothing_is_proved_before_the_handshakes_end(record):
    client_only = [datagram for datagram in record().datagrams if not datagram.from_server]
    evidence = judged(client_only)
    assert (evidence.passed, evidence.detail) == (
        None,
        "the client began in QUIC version 1; no answer of the server was captured",
    )


def test_a_client_hello_in_several_packets_is_put_together_in_any_order(record):
    """Two datagrams with a ClientHello that does not fit into one: many application protocols."""
    offers = [f"protocol-{number:03}" for number in range(120)]
    datagrams = record(offers, offers[-1:]).datagrams
    from_client = [datagram for datagram in datagrams if not datagram.from_server]
    assert sum(len(datagram.payload) >= 1200 for datagram in from_client) > 1
    for order in itertools.islice(itertools.permutations(datagrams), 100):
        (connection,) = connections_in(order)
        assert connection.hellos[-1].protocols == tuple(offers)


def test_connections_of_one_flow_are_told_apart(record):
    datagrams = [*record().datagrams, *record(["hq-interop"], ["hq-interop"]).datagrams]
    assert len(connections_in(datagrams)) == 2
    evidence = judged(datagrams)
    assert evidence.passed is None
    assert evidence.detail.endswith("which connection carried the payload could not be observed")


def test_datagrams_in_one_piece_as_segmentation_offload_shows_them(record):
    recorded = record()
    joined = [
        Datagram(from_server, b"".join(datagram.payload for datagram in group))
        for from_server, group in itertools.groupby(recorded.datagrams, lambda datagram: datagram.from_server)
    ]
    assert judged(joined).passed is True


def test_a_server_that_chooses_nothing_has_not_chosen_what_was_asked_for():
    assert chosen_protocol(b"\x08\x00\x00\x02\x00\x00") == ""
    assert chosen_protocol(b"\x08\x00\x00\x02\x00") is None, "it is not whole"
    assert chosen_protocol(b"\x02\x00\x00\x02\x00\x00") is None, "it is another message"


def test_offers_that_are_an_exercise_are_left_out():
    """RFC 8701: names that no server knows."""
    names = b"\x02\x0a\x0a\x02\xfa\xfa\x02h3"
    protocols = len(names).to_bytes(2, "big") + names
    extension = b"\x00\x10" + len(protocols).to_bytes(2, "big") + protocols
    body = (
        b"\x03\x03"
        + bytes(32)
        + bytes(1)
        + bytes(2)
        + bytes(1)
        + len(extension).to_bytes(2, "big")
        + extension
    )
    assert read_client_hello(b"\x01" + len(body).to_bytes(3, "big") + body).protocols == ("h3",)


@given(st.binary(min_size=1, max_size=400), st.data())
def test_a_stream_is_whole_whatever_the_order_and_overlap_of_its_pieces(stream, data):
    length = st.integers(1, len(stream))
    cuts = sorted({0, *data.draw(st.lists(length))} - {len(stream)})
    ends = [*cuts[1:], len(stream)]
    more = [data.draw(st.integers(0, 5)) for _ in cuts]
    pieces = [
        (start, min(len(stream), end + over)) for start, end, over in zip(cuts, ends, more, strict=True)
    ]
    crypto = CryptoStream()
    for start, end in data.draw(st.permutations(pieces)):
        piece = stream[start:end]
        numbers = b"".join((0x4000 | number).to_bytes(2, "big") for number in (start, len(piece)))
        crypto.add(b"\x00\x01\x02\x05\x00\x01\x00\x00\x00\x06" + numbers + piece + b"\x00\x00")
    assert crypto.read() == stream


@pytest.fixture(scope="session")
def real(record):
    return record(["h3", "hq-interop"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_damaged_capture_is_judged_without_an_error_and_never_wrongly(real, data):
    secrets = read_key_logs([real.key_log])
    datagrams = list(real.datagrams)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(datagrams) - 1))
        datagrams[at] = Datagram(datagrams[at].from_server, damaged(datagrams[at].payload, data))
    assert judged(datagrams, secrets).passed in {True, None, False}
    wrong_protocol = judged(datagrams, secrets, Asked("hq-interop", None))
    assert wrong_protocol.passed is not True, "what was encrypted cannot be changed unseen"


def damaged(payload: bytes, data) -> bytes:
    if not payload or data.draw(st.booleans()):
        return payload[: data.draw(st.integers(0, len(payload)))]
    at = data.draw(st.integers(0, len(payload) - 1) | st.integers(0, min(40, len(payload) - 1)))
    return payload[:at] + bytes([payload[at] ^ data.draw(st.integers(1, 255))]) + payload[at + 1 :]


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=200))), st.binary(max_size=300))
def test_noise_is_judged_without_an_error(datagrams, log):
    noise = [Datagram(*datagram) for datagram in datagrams]
    versions = [b"\x00\x00\x00\x01", b"\x6b\x33\x43\xcf", bytes(4)]
    noise += [Datagram(side, b"\xc3" + version + rest) for side, rest in datagrams for version in versions]
    assert judged(noise).passed is not True
    for reader in (read_client_hello, chosen_protocol):
        for kind in b"", b"\x01\x00\x01\x00", b"\x08\x00\x00\x80":
            reader(kind + log)
    stream = CryptoStream()
    stream.add(log)
    stream.read()


@given(st.binary(max_size=300))
def test_a_key_log_may_hold_anything(tmp_path_factory, noise):
    log = tmp_path_factory.mktemp("log") / "keys.log"
    line = b"SERVER_HANDSHAKE_TRAFFIC_SECRET " + b"aa" * 32 + b" " + b"bb" * 32 + b"\n"
    log.write_bytes(b"# comment\n" + noise + b"\n" + line + b"SERVER_HANDSHAKE_TRAFFIC_SECRET zz zz\n")
    assert read_key_logs([log, log.with_name("absent")])[b"\xaa" * 32] == b"\xbb" * 32


def test_no_more_is_kept_than_the_beginning_of_flows(record):
    wire = QUICWire((4443,))
    (first, *_) = record().datagrams
    for client_port in range(10_000, 10_100):
        for _ in range(200):
            wire.feed(Packet("udp", client_port, 4443, first.payload))
    assert [len(flow) for flow in wire.flows(4443)] == [64] * 64
    assert wire.flows(4444) == []


@pytest.mark.parametrize(
    ("text", "number", "name"),
    [
        ("rfc9000", 1, "version 1"),
        ("RFC9369", 0x6B3343CF, "version 2"),
        ("v1", 1, "version 1"),
        ("QUICv2", 0x6B3343CF, "version 2"),
        ("draft-29", 0xFF00001D, "draft-29"),
        ("draft34", 0xFF000022, "draft-34"),
    ],
)
def test_versions_have_names(text, number, name):
    assert asked_version(text) == number
    assert version_name(number) == name


def test_a_number_without_a_name_is_shown_as_it_is():
    assert version_name(0x709A50C4) == "version 0x709a50c4"
    assert asked_version("1.10") is None
    assert asked_version("") is None

"""Whatever an example is: with its own values it is the example again; with others no value of it is left."""

from __future__ import annotations

import json
import shlex

from hypothesis import given, settings
from hypothesis import strategies as st

from panther_gen.generate.command_line import answers_of, as_document, described, read_command_lines
from panther_gen.generate.command_line.pieces import Use

#: What programs are given, and what could hurt where text becomes code.
LIKELY = [
    "-p", "--port", "--listen", "-addr", "4443", "443", "8080", "-p4443", "--port=4443", "port=4443",
    "--cert", "--key", "--ca", "-c", "-k", "cert.pem", "key.pem", "ca.pem", "a.pem", "b.key",
    "-d", "-o", "--root", "--output", "./www", "out", "out/", "out/index.html", "index.html", "/index.html",
    "https://localhost:4443/index.html", "https://[::1]:8443/", "http://x/y?z=1", "udp://0.0.0.0:4443",
    "127.0.0.1", "localhost", "::1", "[::1]", "0.0.0.0:4443", ":4443", "[::1]:4443", "*:4443", "[1.2.3.4]:1",
    "--qlog-dir", "q/", "--keylog=k.log", "--resolve", "localhost:4443:127.0.0.1", "TCP-LISTEN:4443,fork",
    "--path", "--sni", "--alpn", "h3", "--count", "5", "--interval", "0.2", "0.20", "--send", "in.bin",
    "-port:4443", "localhost:4443/index.html", "-P", "./out", "--", "-", "a b", "FOO=1", "",
    "{{ x }}", "%}", "{#", "'\"", "\\", "x\ny", "é\u202e", "#", "{port}",
    '"""',
]  # fmt: skip
WORD = st.one_of(
    st.sampled_from(LIKELY),
    st.sampled_from(LIKELY),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
)
NAMES = st.sampled_from(["SSLKEYLOGFILE", "QLOGDIR", "SSL_CERT_FILE", "PORT", "FOO", "PATH", "URL", "WWW"])


class NoFiles:
    """Nothing is there."""

    def kind(self, path):
        return ""

    def beginning(self, path):
        return ""


@settings(max_examples=1500, deadline=None)
@given(
    st.sampled_from(["quic", "http", "minip", "tcp", "weather"]),
    st.dictionaries(
        st.sampled_from(["server", "client"]),
        st.tuples(st.dictionaries(NAMES, WORD, max_size=2), st.lists(WORD, max_size=9)),
        min_size=1,
    ),
)
def test_every_example_comes_back(protocol, examples):
    texts = {
        role: " ".join([*(f"{name}={shlex.quote(value)}" for name, value in variables.items()),
                        shlex.join(["program", *words])])
        for role, (variables, words) in examples.items()
    }  # fmt: skip
    found = read_command_lines(protocol, texts, NoFiles())
    assert list(found) == [role for role in ("server", "client") if role in examples]
    for role, (variables, words) in examples.items():
        command_line = found[role]
        assert command_line.arguments(command_line.values) == words
        assert command_line.environment(command_line.values) == variables
        assert_nothing_is_left(command_line)
    assert described(found)
    assert json.dumps({role: as_document(each) for role, each in found.items()})
    assert set(answers_of(found)) == {"binary_name", *(f"{role}_example" for role in found)}


def assert_nothing_is_left(command_line):
    """Where a parameter was put in, another value stands there, and all other words are as they were."""
    other = command_line.other_values
    assert all(other[name] != value for name, value in command_line.values.items())
    words = [word for group in command_line.groups for word in group.words]
    before, after = command_line.arguments(command_line.values), command_line.arguments(other)
    for pieces, one, two in zip(words, before, after, strict=True):
        assert (one != two) == any(isinstance(piece, Use) for piece in pieces)

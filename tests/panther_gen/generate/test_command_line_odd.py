"""Command lines that are odd: what is taken, what is kept with a reason, and what is refused."""

from __future__ import annotations

import pytest

from panther_gen.errors import UsageError
from panther_gen.generate.command_line import described, read_command_lines
from panther_gen.generate.command_line.pieces import shown_pieces


def read(text, role="server", protocol="http"):
    return read_command_lines(protocol, {role: text})[role]


#: (example, its arguments as they are now)
TAKEN = [
    ("srv.exe /port:4443 /cert:cert.pem /v", "/port:{port} /cert:{cert_file} /v"),
    ("srv /p:4443 /data:/www", "/p:{port} /data:/www"),
    ("srv 127.0.0.1:4443:tcp", "{bind_address}:{port}:tcp"),
    ("srv --listen udp/4443", "--listen udp/{port}"),
    ("srv --listen=4443/udp", "--listen={port}/udp"),
    ("srv tcp:4443", "tcp:{port}"),
    ("srv --publish 8443:4443", "--publish 8443:4443"),
    ("srv --config 4443 -p 4443", "--config 4443 -p {port}"),
    ("srv -p 4443 --log-level 4443", "-p {port} --log-level 4443"),
    ("srv --file 8080.conf --port 8080", "--file 8080.conf --port {port}"),
    ("srv --tls cert.pem,key.pem -p 4443", "--tls cert.pem,key.pem -p {port}"),
    ("srv cert.pem:key.pem -p 4443", "cert.pem:key.pem -p {port}"),
    ("srv -p 4443 -p 4444", "-p 4443 -p 4444"),
    ("srv -p 4443 --admin-port 4443", "-p {port} --admin-port 4443"),
    ("srv --listen tcp://0.0.0.0:9000", "--listen tcp://{bind_address}:{port}"),
    ("srv --port '4443 '", "--port 4443 "),
    ("cargo run --release -- --port 8443", "run --release -- --port {port}"),
    ("go run ./cmd/server -addr :8443", "run ./cmd/server -addr :{port}"),
    ("python3 -m http.server 8000 --bind 0.0.0.0", "-m http.server {port} --bind {bind_address}"),
]


@pytest.mark.parametrize(("text", "arguments"), TAKEN, ids=[text for text, _ in TAKEN])
def test_what_an_odd_command_line_is_taken_for(text, arguments):
    words = [shown_pieces(word) for group in read(text).groups for word in group.words]
    assert " ".join(words) == arguments


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("srv --port 65536", "no port that a server can be given: a number from 1 to 65535"),
        ("srv --port 0", "no port that a server can be given"),
        ("srv --port -1", "no port that a server can be given"),
        ("srv --port 04443", "no port that a server can be given"),
        ("srv --bind unix:/run/srv.sock", "a socket in the file system"),
        ("srv --socket ./srv.sock", "a socket in the file system"),
        ("srv http://user:secret@localhost:4443/", "a URL with a user's name"),
    ],
)
def test_why_a_value_is_kept(text, reason):
    assert reason in "\n".join(described({"server": read(text)}))


@pytest.mark.parametrize(
    "text",
    [
        "srv -p 4443 | tee log",
        "srv -p 4443 > log 2>&1",
        "srv < input",
        "srv -p 4443 &",
        "cd /srv && srv -p 4443",
        "(srv -p 4443)",
        "srv --root ~/www",
        "srv --root ./www/*",
        "srv --root $HOME/www",
        "srv --root ${HOME}",
        "srv --root `pwd`",
        "srv -p $(cat port)",
        "sh -c 'srv -p 4443'",
        "srv --cert {a,b}.pem",
    ],
)
def test_what_needs_a_shell_is_refused_with_its_place_and_a_cure(text):
    with pytest.raises(UsageError) as refused:
        read(text)
    assert refused.value.where.startswith("--server, column ")
    assert refused.value.cure


@pytest.mark.parametrize(
    "words",
    [["myserver", "-p", "4443"], ["myserver", "4443", "--cert", "c.pem"], ["myserver", "--port=4443"]],
)
def test_forgotten_quotes_are_told_of(run, tmp_path, words):
    refused = run("new-iut", "quic", "sample", "--server", *words)
    assert refused.returncode == 2
    assert f'quote the command, or its words are taken for options: --server "{words[0]} {words[1]}' in (
        refused.stderr
    )
    assert not any(tmp_path.iterdir())

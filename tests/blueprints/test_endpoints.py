"""The programs that Python plugins start with: server and client of each protocol, for real, on loopback."""

from __future__ import annotations

import datetime as dt
import ipaddress
import shutil
import signal
import socket
import struct
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest

PAYLOAD = bytes(range(256)) * 4096
NOT_SERVED = ["absent", "%2e%2e/secret.txt", "../secret.txt", "way_out.txt"]


@pytest.fixture
def www(tmp_path: Path) -> Path:
    """A directory with a payload, beside a file that is not to be served."""
    directory = tmp_path / "www"
    directory.mkdir()
    (directory / "payload.bin").write_bytes(PAYLOAD)
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (directory / "way_out.txt").symlink_to(tmp_path / "secret.txt")
    return directory


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with ca.pem, cert.pem and key.pem, for localhost and 127.0.0.1."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def builder(subject: str, key: Any) -> Any:
        now = dt.datetime.now(dt.UTC)
        common_name = x509.NameOID.COMMON_NAME
        own, issuer = (x509.Name([x509.NameAttribute(common_name, text)]) for text in (subject, "test CA"))
        return (
            x509.CertificateBuilder(issuer, own, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
        )

    authority, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    own = builder("test CA", authority)
    own = own.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    own = own.add_extension(x509.SubjectKeyIdentifier.from_public_key(authority.public_key()), critical=False)
    issued = builder("localhost", leaf).add_extension(x509.SubjectAlternativeName(names), critical=False)
    issued = issued.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False
    )
    pem = serialization.Encoding.PEM
    directory = tmp_path_factory.mktemp("certificates")
    (directory / "ca.pem").write_bytes(own.sign(authority, hashes.SHA256()).public_bytes(pem))
    (directory / "cert.pem").write_bytes(issued.sign(authority, hashes.SHA256()).public_bytes(pem))
    (directory / "key.pem").write_bytes(
        leaf.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return directory


class TestQUIC:
    @pytest.fixture(autouse=True)
    def _needs_aioquic(self) -> None:
        pytest.importorskip("aioquic")

    @pytest.fixture
    def server_words(self, command: Any, certificates: Path, www: Path) -> list[str]:
        return command("quic server", CERTIFICATES=certificates, WWW=www)

    @pytest.fixture
    def client_words(self, command: Any, certificates: Path, tmp_path: Path) -> Any:
        return partial(command, "quic client", CERTIFICATES=certificates, RECEIVED=tmp_path / "received")

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
    def test_transfer(
        self,
        start_server: Any,
        run_client: Any,
        server_words: Any,
        client_words: Any,
        tmp_path: Path,
        host: str,
    ) -> None:
        qlog = {role: tmp_path / f"qlog-{role}" for role in ("server", "client")}
        for directory in qlog.values():
            directory.mkdir()
        secrets = tmp_path / "keys.log"
        server = start_server(server_words, "udp", QLOGDIR=str(qlog["server"]))
        url = f"https://{host}:{server.port}/payload.bin"
        result = run_client(client_words(URL=url), QLOGDIR=str(qlog["client"]), SSLKEYLOGFILE=str(secrets))
        assert (result.returncode, result.stderr) == (0, "")
        assert (tmp_path / "received" / "payload.bin").read_bytes() == PAYLOAD
        assert server.stop() == 0
        assert "CLIENT_TRAFFIC_SECRET_0" in secrets.read_text(encoding="utf-8")
        for directory in qlog.values():
            assert [path.suffix for path in directory.iterdir()] == [".qlog"]

    @pytest.mark.parametrize("target", [*NOT_SERVED, "", "%00"])
    def test_what_is_not_served(
        self,
        start_server: Any,
        run_client: Any,
        server_words: Any,
        client_words: Any,
        tmp_path: Path,
        target: str,
    ) -> None:
        server = start_server(server_words, "udp")
        result = run_client(client_words(URL=f"https://localhost:{server.port}/{target}"))
        assert result.returncode == 1
        assert "the server answered 404" in result.stderr
        assert not (tmp_path / "received").exists()

    @pytest.mark.parametrize("change", ["name", "authority"])
    def test_certificate_is_verified(
        self,
        start_server: Any,
        run_client: Any,
        server_words: Any,
        client_words: Any,
        certificates: Path,
        tmp_path: Path,
        change: str,
    ) -> None:
        server = start_server(server_words, "udp")
        other = {"name": ("localhost", "example.org"), "authority": ("ca.pem", "cert.pem")}[change]
        words = client_words(URL=f"https://127.0.0.1:{server.port}/payload.bin")
        result = run_client([word.replace(*other) for word in words])
        assert result.returncode == 1
        assert "Traceback" not in result.stderr
        assert not (tmp_path / "received").exists()

    def test_nobody_there(self, run_client: Any, client_words: Any) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        result = run_client(client_words("--idle-timeout", "2", URL=f"https://localhost:{port}/payload.bin"))
        assert result.returncode == 1
        assert "Traceback" not in result.stderr

    def test_missing_certificate(self, run_client: Any, server_words: Any) -> None:
        words = [word.replace("cert.pem", "absent.pem").replace("PORT", "0") for word in server_words]
        result = run_client(words)
        assert result.returncode == 1
        assert "absent.pem" in result.stderr
        assert "Traceback" not in result.stderr


class TestHTTP:
    @pytest.fixture
    def server_words(self, command: Any, www: Path) -> list[str]:
        return command("http server", WWW=www)

    @pytest.fixture
    def client_words(self, command: Any, tmp_path: Path) -> Any:
        return partial(command, "http client", RECEIVED=tmp_path / "received")

    def test_transfer(
        self, start_server: Any, run_client: Any, server_words: Any, client_words: Any, tmp_path: Path
    ) -> None:
        server = start_server(server_words, "tcp")
        result = run_client(client_words(URL=f"http://localhost:{server.port}/payload.bin"))
        assert (result.returncode, result.stderr) == (0, "")
        assert (tmp_path / "received" / "payload.bin").read_bytes() == PAYLOAD
        assert server.stop() == 0

    @pytest.mark.parametrize("target", NOT_SERVED)
    def test_what_is_not_served(
        self,
        start_server: Any,
        run_client: Any,
        server_words: Any,
        client_words: Any,
        tmp_path: Path,
        target: str,
    ) -> None:
        server = start_server(server_words, "tcp")
        result = run_client(client_words(URL=f"http://localhost:{server.port}/{target}"))
        assert result.returncode == 1
        assert "the server answered 404" in result.stderr
        assert not (tmp_path / "received").exists()

    def test_truncated_content(self, run_client: Any, client_words: Any, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            result = _answered(
                listener,
                b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
                client_words(URL=f"http://127.0.0.1:{port}/payload.bin"),
            )
        assert result == 1
        assert not (tmp_path / "received").exists()

    def test_older_version(self, client_words: Any) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            url = f"http://127.0.0.1:{port}/payload.bin"
            assert _answered(listener, b"HTTP/1.0 200 OK\r\n\r\nx", client_words(URL=url)) == 1

    def test_nobody_there(self, run_client: Any, client_words: Any) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        result = run_client(client_words(URL=f"http://127.0.0.1:{port}/payload.bin"))
        assert result.returncode == 1
        assert "Traceback" not in result.stderr


def _answered(listener: socket.socket, answer: bytes, words: list[str]) -> int:
    """Run a client against a listener that gives one answer; return the client's exit status."""
    listener.settimeout(120)
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as client:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)
        return client.wait(timeout=120)


class TestMINIP:
    def test_ping_pong(self, start_server: Any, run_client: Any, command: Any) -> None:
        server = start_server(command("minip server"), "udp")
        result = run_client(command("minip client", "--reply-timeout", "60", PORT=server.port))
        assert (result.returncode, result.stdout, result.stderr) == (0, "pong\n" * 3, "")
        assert server.stop() == 0

    def test_format(self, start_server: Any, command: Any) -> None:
        """Written with numbers, not with the endpoint's own constants."""
        server = start_server(command("minip server"), "udp")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(120)
            client.connect(("127.0.0.1", server.port))
            client.send(b"nonsense")
            client.send(b"\x01ping\x03" + struct.pack("<Q", 77))
            answer = client.recv(100)
        assert answer[:6] == b"\x02pong\x03"
        assert len(answer) == 14
        assert struct.unpack("<Q", answer[6:])[0] < 60_000

    def test_unanswered_pings(self, run_client: Any, command: Any) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            port = silent.getsockname()[1]
            result = run_client(command("minip client", "--reply-timeout", "0.1", PORT=port))
        assert result.returncode == 1
        assert "3 of 3 pings had no answer" in result.stderr


@pytest.mark.parametrize("protocol", ["tcp", "weather"])
class TestEcho:
    @pytest.fixture
    def client_words(self, protocol: str, command: Any, www: Path) -> Any:
        received, payload = www.parent / "received", www / "payload.bin"
        return partial(command, f"{protocol} client", RECEIVED=received, PAYLOAD=payload)

    def test_echo(
        self, start_server: Any, run_client: Any, command: Any, client_words: Any, www: Path, protocol: str
    ) -> None:
        server = start_server(command(f"{protocol} server"), "tcp")
        result = run_client(client_words("--chunk-size", "1000", PORT=server.port))
        assert (result.returncode, result.stderr) == (0, "")
        assert (www.parent / "received" / "payload.bin").read_bytes() == PAYLOAD
        assert server.stop() == 0

    def test_nothing_to_send(
        self, start_server: Any, run_client: Any, command: Any, client_words: Any, www: Path, protocol: str
    ) -> None:
        server = start_server(command(f"{protocol} server"), "tcp")
        words = client_words(PORT=server.port)
        position = words.index("--send")
        result = run_client([*words[:position], *words[position + 2 :]])
        assert (result.returncode, result.stderr) == (0, "")
        assert not (www.parent / "received").exists()

    def test_nobody_there(self, run_client: Any, client_words: Any) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        result = run_client(client_words(PORT=port))
        assert result.returncode == 1
        assert "Traceback" not in result.stderr

    def test_wrong_echo(self, client_words: Any, www: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            assert _answered(listener, b"something else", client_words(PORT=listener.getsockname()[1])) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("protocol", ["quic", "http", "minip", "tcp"])
def test_servers_stop_cleanly(
    start_server: Any, command: Any, certificates: Path, www: Path, protocol: str, number: int
) -> None:
    if protocol == "quic":
        pytest.importorskip("aioquic")
    transport = "udp" if protocol in {"quic", "minip"} else "tcp"
    words = command(f"{protocol} server", CERTIFICATES=certificates, WWW=www)
    assert start_server(words, transport).stop(number) == 0


@pytest.mark.peers
class TestNgtcp2:
    """An endpoint that is only ever judged by itself proves little: 10 MiB with ngtcp2's programs."""

    BIG = PAYLOAD * 10

    @pytest.fixture(autouse=True)
    def _needs_ngtcp2(self, www: Path) -> None:
        pytest.importorskip("aioquic")
        if not (shutil.which("gtlsserver") and shutil.which("gtlsclient")):
            pytest.skip("gtlsserver and gtlsclient (Debian: ngtcp2-server, ngtcp2-client) are not on PATH")
        (www / "payload.bin").write_bytes(self.BIG)

    def test_our_server(
        self, start_server: Any, run_client: Any, command: Any, certificates: Path, www: Path, tmp_path: Path
    ) -> None:
        server = start_server(command("quic server", CERTIFICATES=certificates, WWW=www), "udp")
        (tmp_path / "received").mkdir()
        options = ["-q", "--no-quic-dump", "--exit-on-all-streams-close"]
        options.append(f"--download={tmp_path / 'received'}")
        url = f"https://localhost:{server.port}/payload.bin"
        result = run_client(["gtlsclient", *options, "localhost", str(server.port), url])
        assert result.returncode == 0, result.stderr
        assert (tmp_path / "received" / "payload.bin").read_bytes() == self.BIG

    def test_our_client(
        self, start_server: Any, run_client: Any, command: Any, certificates: Path, www: Path, tmp_path: Path
    ) -> None:
        tls = [str(certificates / "key.pem"), str(certificates / "cert.pem")]
        server = start_server(["gtlsserver", "-q", "-d", str(www), "127.0.0.1", "PORT", *tls], "udp")
        url = f"https://localhost:{server.port}/payload.bin"
        values = {"CERTIFICATES": certificates, "RECEIVED": tmp_path / "received", "URL": url}
        result = run_client(command("quic client", **values))
        assert (result.returncode, result.stderr) == (0, "")
        assert (tmp_path / "received" / "payload.bin").read_bytes() == self.BIG

"""What the values of examples are taken for: programs that there are, and programs that there are not."""

from __future__ import annotations

import pytest

from panther.plugins.services.base import parameters as runtime
from panther_gen.generate.command_line import described, read_command_lines
from panther_gen.generate.command_line.parameters import parameters_of
from panther_gen.generate.command_line.pieces import shown_pieces

CERTIFICATE = "-----BEGIN CERTIFICATE-----\n"
KEY = "-----BEGIN PRIVATE KEY-----\n"


class Files:
    """Files that a test says are there; a directory's text is None."""

    def __init__(self, **files):
        self._files = {name.replace("__", "/"): text for name, text in files.items()}

    def kind(self, path):
        if path not in self._files:
            return ""
        return "directory" if self._files[path] is None else "file"

    def beginning(self, path):
        return self._files[path] or ""


def read(protocol, files=None, **texts):
    return read_command_lines(protocol, texts, files or Files())


def became(command_line):
    """Return a command line as it is now, with ``[words]`` for what may be left out."""
    groups = (
        " ".join(filter(None, (shown_pieces(word) for word in group.words))) for group in command_line.groups
    )
    marks = (group.unless_empty for group in command_line.groups)
    words = [f"[{words}]" if mark else words for words, mark in zip(groups, marks, strict=True)]
    variables = [f"{each.name}={shown_pieces(each.pieces)}" for each in command_line.variables]
    return " ".join([*variables, command_line.program, *words])


#: (protocol, server, what it became, client, what it became)
REAL = {
    "the option's help": (
        "quic",
        "myserver -p 4443 --cert cert.pem --key key.pem -d ./www",
        "myserver -p {port} --cert {cert_file} --key {key_file} -d {www_dir}",
        "myclient --ca ca.pem https://localhost:4443/index.html -o out",
        "myclient --ca {ca_file} {url} -o {download_dir}",
    ),
    "ngtcp2": (
        "quic",
        "server 127.0.0.1 4443 key.pem cert.pem",
        "server {bind_address} {port} {key_file} {cert_file}",
        "client 127.0.0.1 4443 https://localhost:4443/index.html",
        "client {host} {port} {url}",
    ),
    "ngtcp2 with options": (
        "quic",
        "gtlsserver -q --htdocs=./www --qlog-dir=qlog '*' 4443 priv.key cert.pem",
        "gtlsserver -q --htdocs={www_dir} [--qlog-dir={qlog_dir}] * {port} {key_file} {cert_file}",
        "gtlsclient -q --no-quic-dump --sni=localhost --download=out localhost 4443 https://localhost:4443/a",
        "gtlsclient -q --no-quic-dump --sni={server_name} --download={download_dir} {host} {port} {url}",
    ),
    "quic-go": (
        "quic",
        "example -bind 127.0.0.1:6121 -www ./www -qlog",
        "example -bind {bind_address}:{port} -www {www_dir} -qlog",
        "SSL_CERT_FILE=ca.pem client -q -keylog keys.log https://127.0.0.1:6121/index.html",
        "SSL_CERT_FILE={ca_file} client -q [-keylog {keylog_file}] {url}",
    ),
    "aioquic": (
        "quic",
        (
            "python3 http3_server.py --certificate tests/ssl_cert.pem --private-key tests/ssl_key.pem "
            "--host :: --port 4433 --quic-log /tmp/qlogs/ -v"
        ),
        (
            "python3 http3_server.py --certificate {cert_file} --private-key {key_file} "
            "--host {bind_address} --port {port} [--quic-log {qlog_dir}] -v"
        ),
        (
            "python3 http3_client.py --ca-certs tests/ca.pem --output-dir out --secrets-log secrets.log "
            "https://localhost:4433/"
        ),
        (
            "python3 http3_client.py --ca-certs {ca_file} --output-dir {download_dir} "
            "[--secrets-log {keylog_file}] {url}"
        ),
    ),
    "caddy and curl": (
        "http",
        "caddy file-server --listen :4443 --root ./www",
        "caddy file-server --listen :{port} --root {www_dir}",
        (
            "curl --cacert ca.pem -o out/index.html --resolve localhost:4443:127.0.0.1 "
            "http://localhost:4443/index.html"
        ),
        (
            "curl --cacert {ca_file} -o {download_dir/}{last part of url} "
            "--resolve {host}:{port}:127.0.0.1 {url}"
        ),
    ),
    "nginx and nghttp": (
        "http",
        "nginx -p /srv/nginx/ -c conf/nginx.conf -g 'daemon off; error_log stderr;'",
        "nginx -p /srv/nginx/ -c conf/nginx.conf -g daemon off; error_log stderr;",
        "nghttp -nv http://localhost:8443/index.html",
        "nghttp -nv {url}",
    ),
    "h2o and curl": (
        "http",
        "h2o -c h2o.conf -m worker",
        "h2o -c h2o.conf -m worker",
        "curl -sk -o index.html http://[::1]:8443/index.html",
        "curl -sk -o {download_dir/}{last part of url} {url}",
    ),
    "hypercorn": (
        "quic",
        "hypercorn --quic-bind 127.0.0.1:4443 --bind 127.0.0.1:8443 --certfile c.pem --keyfile k.pem a:app",
        (
            "hypercorn --quic-bind {bind_address}:{port} --bind 127.0.0.1:8443 --certfile {cert_file} "
            "--keyfile {key_file} a:app"
        ),
        "client https://localhost:4443/",
        "client {url}",
    ),
    "nghttpd": (
        "http",
        "nghttpd -d ./www -v 4443 key.pem cert.pem",
        "nghttpd -d {www_dir} -v {port} {key_file} {cert_file}",
        "nghttp -v http://127.0.0.1:4443/index.html",
        "nghttp -v {url}",
    ),
    "python": (
        "http",
        "python3 -m http.server 8080 --directory www --bind 127.0.0.1",
        "python3 -m http.server {port} --directory {www_dir} --bind {bind_address}",
        "wget -O out/index.html http://localhost:8080/index.html",
        "wget -O {download_dir/}{last part of url} {url}",
    ),
    "openssl": (
        "quic",
        "openssl s_server -accept 4443 -cert cert.pem -key key.pem -WWW",
        "openssl s_server -accept {port} -cert {cert_file} -key {key_file} -WWW",
        "openssl s_client -connect localhost:4443 -CAfile ca.pem -servername localhost -alpn h3",
        "openssl s_client -connect {host}:{port} -CAfile {ca_file} -servername {server_name} -alpn {alpn}",
    ),
    "ncat and socat": (
        "tcp",
        "ncat -l -k 8080 --exec /bin/cat",
        "ncat -l -k {port} --exec /bin/cat",
        "socat - TCP:localhost:8080",
        "socat - TCP:{host}:{port}",
    ),
    "socat and ncat": (
        "tcp",
        "socat TCP-LISTEN:4443,fork EXEC:cat",
        "socat TCP-LISTEN:{port},fork EXEC:cat",
        "ncat localhost 4443",
        "ncat {host} {port}",
    ),
}

UNHEARD_OF = {
    "attached": (
        "quic",
        "zzd --listen=0.0.0.0:4443 -c/tls/server.crt -k/tls/server.key --docroot='my www'",
        "zzd --listen={bind_address}:{port} -c{cert_file} -k{key_file} --docroot={www_dir}",
        "zz -addr [::1]:4443 --trusted-roots=ca.pem --saveDir got",
        "zz -addr {host}:{port} --trusted-roots={ca_file} --saveDir {download_dir}",
    ),
    "one number": (
        "quic",
        "zzd -addr :4443 --tlsCertFile=x/fullchain.pem --tls_key_file x/privkey.pem",
        "zzd -addr :{port} --tlsCertFile={cert_file} --tls_key_file {key_file}",
        "zz --host=localhost --port=4443 --path /index.html",
        "zz --host={host} --port={port} --path {path of url}",
    ),
    "settings": (
        "quic",
        "zzd port=4443 cert=c.pem root=./www workers=4",
        "zzd port={port} cert={cert_file} root={www_dir} workers=4",
        "zz -p4443 -h127.0.0.1",
        "zz -p{port} -h{host}",
    ),
    "other listeners": (
        "quic",
        "zzd --port 4443 --metrics-port 9090 --admin 127.0.0.1:9000 --timeout 4443 --max-streams 4443",
        "zzd --port {port} --metrics-port 9090 --admin 127.0.0.1:9000 --timeout 4443 --max-streams 4443",
        "zz --local-port 5555 --proxy http://127.0.0.1:3128 https://localhost:4443/",
        "zz --local-port 5555 --proxy http://127.0.0.1:3128 {url}",
    ),
    "variables": (
        "quic",
        "SSLKEYLOGFILE=keys.log QLOGDIR=qlog/ FOO=1 PORT=4443 PATH=/bin:/usr/bin zzd",
        "SSLKEYLOGFILE={keylog_file} QLOGDIR={qlog_dir} FOO=1 PORT={port} PATH=/bin:/usr/bin zzd",
        "SERVER=localhost:4443 REQUESTS=https://localhost:4443/a zz -d downloads",
        "SERVER={host}:{port} REQUESTS={url} zz -d {download_dir}",
    ),
    "URLs as addresses": (
        "quic",
        "zzd -l udp://0.0.0.0:4443/ --log-dir logs",
        "zzd -l udp://{bind_address}:{port}/ --log-dir {log_dir}",
        "zz --origin https://localhost:4443 https://localhost:4443/x",
        "zz --origin https://{host}:{port} {url}",
    ),
    "behind a colon": (
        "quic",
        "zzd -root:./www -port:4443 -key:key.pem -p4443:4443",
        "zzd -root:{www_dir} -port:{port} -key:{key_file} -p4443:4443",
        "zz -custom:localhost -port:4443 -urls:https://localhost:4443/a",
        "zz -custom:localhost -port:{port} -urls:{url}",
    ),
    "letters": (
        "http",
        "zzd -f -p 8080 -h ./www",
        "zzd -f -p {port} -h {www_dir}",
        "zz -H localhost -s 127.0.0.1:8080 -P ./out",
        "zz -H localhost -s {host}:{port} -P {download_dir}",
    ),
    "without a scheme": (
        "http",
        "zzd -S localhost:8000 -t public/",
        "zzd -S {bind_address}:{port} -t {www_dir}",
        "zz localhost:8000/index.html -o out/index.html",
        "zz {host}:{port}{path of url} -o {download_dir/}{last part of url}",
    ),
    "a server of no files": (
        "weather",
        "zzd --port 6379 --dir ./data",
        "zzd --port {port} --dir ./data",
        "zz -h 127.0.0.1 -p 6379 ping",
        "zz -h {host} -p {port} ping",
    ),
    "MINIP": (
        "minip",
        "zzd 4987",
        "zzd {port}",
        "zz --host 127.0.0.1 --port 4987 --count 5 --interval 0.2",
        "zz --host {host} --port {port} --count {count} --interval {interval}",
    ),
    "a protocol of one's own": (
        "weather",
        "zzd tcp://0.0.0.0:9000",
        "zzd tcp://{bind_address}:{port}",
        "zz --send in.bin tcp://localhost:9000/topic -o out/",
        "zz [--send {payload_file}] tcp://{host}:{port}/topic -o {download_dir}",
    ),
    "ports that differ": (
        "quic",
        "zzd -p 4443",
        "zzd -p {port}",
        "zz https://localhost:5443/ --resolve localhost:5443:127.0.0.1",
        "zz {url} --resolve {host}:{port}:127.0.0.1",
    ),
    "the server's own certificate is trusted": (
        "quic",
        "zzd --cert my.pem --key my.key",
        "zzd --cert {cert_file} --key {key_file}",
        "zz --cert my.pem https://localhost/",
        "zz --cert {ca_file} {url}",
    ),
    "a client's own certificate": (
        "quic",
        "zzd --client-ca ca.pem",
        "zzd --client-ca ca.pem",
        "zz --cert mine.pem --key mine.key localhost:4443",
        "zz --cert {cert_file} --key {key_file} {host}:{port}",
    ),
}


@pytest.mark.parametrize("name", [*REAL, *UNHEARD_OF])
def test_values_become_parameters(name):
    protocol, server, server_became, client, client_became = {**REAL, **UNHEARD_OF}[name]
    found = read(protocol, server=server, client=client)
    assert became(found["server"]) == server_became
    assert became(found["client"]) == client_became


@pytest.mark.parametrize(
    "values",
    ["--cert a.pem,b.pem", "--cert /certs/", "--cert auto", "--root a:b", "-p 4443:4443", "--port 70000",
     "--port 04443", "--endpoint 5", "static", "build", "--name localhost", "-o -", "-o /dev/null",
     "-v /a:/b/", "--port=", "--config x.json", "--host 5", "a.pem b.pem", "--log server.log", "https:///x",
     "--cert https://x", "8080 9090"],
)  # fmt: skip
@pytest.mark.parametrize("role", ["server", "client"])
def test_what_may_be_something_else_is_kept(role, values):
    found = read("quic", **{role: f"zz {values}"})[role]
    assert became(found) == f"zz {values}"
    assert all(finding.reason for finding in found.findings)


@pytest.mark.parametrize(
    ("role", "values", "why"),
    [
        ("server", "--port 1111 --listen :2222", "which of several ports is the server's cannot be told"),
        ("server", "--root a --www b", "which of several values is 'www_dir' cannot be told"),
        ("client", "https://a/x https://b/y", "there are several URLs"),
        ("client", "--cert c.pem", "the client's own certificate, or one that it trusts"),
        ("client", "-o foo", "end it in a slash"),
        ("server", "a.pem b.pem", "neither its name nor its content says which"),
        ("server", "-c conf/main", "a relative path, from where a run is started"),
        ("server", "whatever", "nothing says what it is"),
    ],
)
def test_why_a_value_is_kept(role, values, why):
    found = read("quic", **{role: f"zz {values}"})[role]
    assert became(found) == f"zz {values}"
    assert any(why in finding.reason for finding in found.findings)


def test_a_value_that_the_protocol_has_no_parameter_for_is_kept():
    found = read("tcp", server="zz --cert c.pem")["server"]
    assert became(found) == "zz --cert c.pem"
    assert "'cert_file', which this protocol has not" in found.findings[0].reason


def test_of_two_ports_the_one_of_the_other_example_is_the_servers():
    found = read("quic", server="zz --http :8080 --listen 1.2.3.4:8443", client="c https://localhost:8080/")
    assert became(found["server"]) == "zz --http :{port} --listen 1.2.3.4:8443"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.pem": CERTIFICATE, "b.pem": KEY}, "zz {cert_file} {key_file}"),
        ({"a.pem": KEY, "b.pem": CERTIFICATE}, "zz {key_file} {cert_file}"),
        ({"a.pem": KEY}, "zz {key_file} {cert_file}"),
        ({"a.pem": CERTIFICATE + KEY}, "zz a.pem b.pem"),
    ],
)
def test_what_stands_in_a_file_says_what_it_is(files, expected):
    assert became(read("quic", Files(**files), server="zz a.pem b.pem")["server"]) == expected


def test_a_directory_that_is_there_is_known_from_a_file_that_is_there():
    files = Files(some=None, other="text")
    assert became(read("quic", files, server="zz -d some")["server"]) == "zz -d {www_dir}"
    assert became(read("quic", files, server="zz -d other")["server"]) == "zz -d other"
    assert became(read("quic", files, client="zz -o some")["client"]) == "zz -o {download_dir}"


def test_the_table_names_each_value_and_what_is_missing():
    found = read("quic", server="A='x\ny' zz --root ./www -z what", client="zz https://localhost/")
    text = "\n".join(described(found))
    assert "server: A='x\\ny' zz" in text
    assert "--root ./www  {www_dir}  a directory, named --root" in text
    assert "what" in text
    assert "options without a value" not in text  # -z may have the value "what"
    assert "no port was found; the server listens where its own configuration says" in text
    assert "no place for what is fetched was found" in text


@pytest.mark.parametrize(
    ("protocol", "model"),
    [
        ("quic", runtime.QUICParameters),
        ("http", runtime.HTTPParameters),
        ("minip", runtime.MinipParameters),
        ("tcp", runtime.EchoParameters),
        ("weather", runtime.EchoParameters),
    ],
)
@pytest.mark.parametrize("role", ["server", "client"])
def test_the_parameters_are_those_of_the_runtime(protocol, model, role):
    for parameter in parameters_of(protocol, role).values():
        field = model.model_fields[parameter.name]
        assert parameter.may_be_off == (field.default == "" and parameter.name != "url")
        model.model_validate({parameter.name: parameter.other}, strict=True)
        assert parameter.other != field.default


@pytest.mark.parametrize(
    "words",
    [
        "--" + "x" * 32_000,
        "--" + "keycertport" * 2_900,
        "4443 " * 500,
        "localhost:4443:" * 2_000,
        "?x=" * 10_000,
    ],
)
def test_long_examples_are_read(words):
    """Each of these would take minutes if work grew with the square of a word's length."""
    text = f"srv --url=https://h/{words}" if words[0] == "?" else f"srv {words}"
    found = read("quic", server=text, client="cl https://localhost:4443/")["server"]
    assert found.arguments(found.values) == text.split()[1:]

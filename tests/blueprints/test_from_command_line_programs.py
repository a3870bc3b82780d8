"""Plugins made from examples of real programs pass their first run, as they were written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from panther_gen.generate.answers import request_for
from panther_gen.generate.land import land
from panther_gen.generate.iut import plan_new_iut

pytestmark = pytest.mark.peers

CURL = "curl -sS -o out/index.html"
PROGRAMS = {
    "ngtcp2": (
        "quic",
        "gtlsserver -q -d ./www 127.0.0.1 4443 priv.key cert.pem",
        (
            "gtlsclient -q --no-quic-dump --exit-on-all-streams-close --download=out localhost 4443 "
            "https://localhost:4443/index.html"
        ),
    ),
    "ngtcp2_long": (
        "quic",
        "SSLKEYLOGFILE=k.log gtlsserver --quiet --htdocs=./www --qlog-dir qlog '127.0.0.1' 4443 a.key a.crt",
        (
            "env A='b c' gtlsclient --quiet --no-quic-dump --exit-on-all-streams-close --sni localhost "
            "--download out/ 127.0.0.1 4443 https://127.0.0.1:4443/index.html"
        ),
    ),
    "python_and_curl": (
        "http",
        "python3 -m http.server 8080 --directory www --bind 127.0.0.1",
        f"{CURL} http://localhost:8080/index.html",
    ),
    "caddy_and_curl": (
        "http",
        "caddy file-server --listen :8080 --root ./www",
        f"{CURL} --resolve localhost:8080:127.0.0.1 http://localhost:8080/index.html",
    ),
    "nghttpd_and_curl": (
        "http",
        "nghttpd -d ./www 4443 key.pem cert.pem",
        f"{CURL} --http2 --cacert ca.pem https://localhost:4443/index.html",
    ),
}

#: An application for hypercorn: the files of a directory.
APPLICATION = """
import os
from pathlib import Path


async def app(scope, receive, send):
    while scope["type"] == "lifespan":
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
    content = Path(os.environ["WWW_DIR"], Path(scope["path"]).name).read_bytes()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": content})
"""

NGINX = """
pid {here}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {here}/body;
    proxy_temp_path {here}/proxy;
    fastcgi_temp_path {here}/fastcgi;
    uwsgi_temp_path {here}/uwsgi;
    scgi_temp_path {here}/scgi;
    server {{
        listen 127.0.0.1:8080;
        location / {{ root .; }}
    }}
}}
"""


def test_a_server_with_a_configuration_of_its_own(tmp_path: Path) -> None:
    """Its port stands in a file that nobody looked into; the client's URL says it."""
    tmp_path.joinpath("nginx.conf").write_text(NGINX.format(here=tmp_path), encoding="utf-8")
    user = "user root; " if os.geteuid() == 0 else ""
    server = f"nginx -p ./www/ -c {tmp_path}/nginx.conf -g '{user}daemon off;'"
    passes(tmp_path, "nginx", "http", server, f"{CURL} http://localhost:8080/index.html")


HYPERCORN = {
    "http": (
        "WWW_DIR=./www hypercorn --bind 127.0.0.1:8080 app:app",
        f"{CURL} http://localhost:8080/index.html",
    ),
    "quic": (
        "WWW_DIR=./www hypercorn --quic-bind 127.0.0.1:4443 --certfile cert.pem --keyfile key.pem app:app",
        PROGRAMS["ngtcp2"][2],
    ),
}


@pytest.mark.parametrize("protocol", HYPERCORN)
def test_an_application_beside_the_plugins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, protocol: str
) -> None:
    """Its server finds it in the directory that a run starts in, as it does by hand."""
    tmp_path.joinpath("app.py").write_text(APPLICATION, encoding="utf-8")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    passes(tmp_path, "hyper", protocol, *HYPERCORN[protocol])


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_passes_as_it_was_written(tmp_path: Path, name: str) -> None:
    passes(tmp_path, name, *PROGRAMS[name])


def passes(tmp_path: Path, name: str, protocol: str, server: str, client: str) -> None:
    request = request_for(tmp_path, protocol, name, {}, server=server, client=client)
    for command_line in request.command_lines.values():
        if shutil.which(command_line.program) is None:
            pytest.skip(f"{command_line.program} is not installed")
    land(plan_new_iut(request))
    done = subprocess.run(
        [sys.executable, "-m", "panther_gen", "try", name], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SHA-256 equal" in done.stdout

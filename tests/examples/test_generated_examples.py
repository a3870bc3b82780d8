"""The generated examples: clean, tested by themselves, and run for real, also against another's programs."""

from __future__ import annotations

import re
import select
import shutil
import socket
import struct
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("aioquic", reason="the example 'aioquic' stands on it")

#: One of each kind: a library with an endpoint, programs of somebody else, a server with variants.
KINDS = ("quic/aioquic", "quic/ngtcp2", "minip/ping_pong")
PLUGINS = (
    *KINDS,
    *(f"http/{name}" for name in ("apache", "caddy", "curl", "custom_http", "h2o", "http_async")),
    *(f"http/{name}" for name in ("httpx", "nghttp2", "nginx")),
    *(f"quic/{name}" for name in ("caddy", "curl_cffi", "hypercorn", "lsquic", "niquests", "picoquic")),
    *(f"quic/{name}" for name in ("qh3", "quic_go", "quiche", "quinn")),
    "tcp/custom_tcp",
)
#: What runs and tools leave where they are started.
LITTER = {"panther-results", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".panther-gen-cache"}
TESTER = "minip/judge"
MODES = ("prepend", "append", "importlib")
MESSAGE = struct.Struct("<B4sBQ")
PING = MESSAGE.pack(1, b"ping", 3, 0)


@pytest.fixture(autouse=True)
def peers(request):
    """Skip what needs ngtcp2 where it is absent."""
    needed = request.node.get_closest_marker("peers")
    if needed and not (shutil.which("gtlsserver") and shutil.which("gtlsclient")):
        pytest.skip("gtlsserver and gtlsclient (Debian's ngtcp2-server, ngtcp2-client) are not installed")


def test_the_linter_finds_nothing(run):
    done = run("panther_gen", "lint")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("ruff", "check", "--isolated", "--no-cache", "."),
        ("ruff", "format", "--isolated", "--no-cache", "--check", "."),
        ("mypy", "--strict", "--explicit-package-bases", "--cache-dir", "/dev/null", "panther"),
    ],
    ids=" ".join,
)
def test_style_and_types(run, words):
    pytest.importorskip(words[0])
    done = run(*words)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("directory", ["", *KINDS])
def test_own_tests(run, iut, examples, mode, directory):
    options = ("-q", "-c", "/dev/null", "-p", "no:cacheprovider", "--strict-markers", f"--import-mode={mode}")
    done = run("pytest", *options, "--rootdir", ".", ".", cwd=iut / directory if directory else examples)
    assert done.returncode == 0, done.stdout


def test_own_tests_notice_each_change(examples, repository, tmp_path):
    """As those of a fresh plugin do; the copy is what the changes are made to."""
    shutil.copytree(examples / "panther", tmp_path / "panther", ignore=shutil.ignore_patterns("__pycache__"))
    # Those two build from sources that a person gives; what they build is not looked at here.
    plugins = [plugin for plugin in PLUGINS if plugin not in {"quic/lsquic", "quic/picoquic"}]
    directories = [tmp_path / "panther/plugins/services/iut" / plugin for plugin in plugins]
    argv = [sys.executable, repository / "tests/blueprints/test_mutations.py", *directories]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert '"survivors": []' in done.stdout


def test_the_examples_are_their_blueprint_and_a_recorded_patch(run, repository):
    golden = repository / "tests" / "golden"
    recorded = {patch.stem for patch in golden.glob("*.patch")}
    assert recorded == {plugin.replace("/", "_") for plugin in (*PLUGINS, TESTER)}
    done = run("renew", "--check", PYTHONPATH=str(golden))
    assert done.returncode == 0, done.stdout


def test_there_are_no_other_examples(iut, examples):
    """Nor anything else: what programs keep for themselves belongs into a test's directories."""
    left = {path.name for path in examples.iterdir() if path.suffix != ".yaml"}
    assert left - LITTER == {"README.md", "panther"}
    assert {str(path.parent.relative_to(iut)) for path in iut.glob("*/*/__init__.py")} == set(PLUGINS)
    assert [path.parent.name for path in iut.parent.glob("testers/*/*/__init__.py")] == ["judge"]
    assert {path.name for path in examples.glob("*.yaml")} == {
        *("aioquic.yaml", "ping_pong.yaml", "aioquic_ngtcp2.yaml", "http_peers.yaml")
    }


@pytest.mark.parametrize("file", ["aioquic.yaml", "ping_pong.yaml"])
def test_each_client_against_its_own_server(panther, file):
    status, tests, printed = panther("--experiment-config", file)
    assert status == 0, printed
    assert {test["outcome"] for test in tests} == {"passed"}


@pytest.mark.parametrize("name", ["custom_http", "http_async"])
def test_what_lives_here_whole_runs_by_itself(panther, name):
    status, _, printed = panther("try", name)
    assert status == 0, printed


@pytest.mark.skipif(not (shutil.which("gcc") and shutil.which("make")), reason="gcc or make is not installed")
def test_a_program_in_c_is_built_and_runs(panther):
    status, (test,), printed = panther("try", "custom_tcp")
    assert status == 0, printed
    assert "1 048 576 bytes there and back" in test["reason"]


def test_web_servers_and_clients_in_both_versions(panther):
    """Those that are installed; the version is the one that was seen on the wire."""
    programs = {
        "nginx": ["/usr/sbin/nginx"],
        "curl": ["curl"],
        "apache": ["/usr/sbin/apache2"],
        "h2o": ["h2o"],
    }
    programs.update({"caddy": ["caddy"], "nghttp2": ["nghttpd", "nghttp"]})
    here = {name for name, needed in programs.items() if all(map(shutil.which, needed))}
    here |= {"http_async", "custom_http"} | ({"httpx"} if find_spec("httpx") else set())
    text = (Path(__file__).parents[2] / "generated_examples/http_peers.yaml").read_text(encoding="utf-8")
    pairs = re.findall(r'- name: "((\w+) server, (\w+) client, HTTP/[\d.]+)"', text)
    names = [name for name, server, client in pairs if {server, client} <= here]
    only = (word for name in names for word in ("--only", name))
    status, tests, printed = panther("run", "http_peers.yaml", *only, "--jobs", 2)
    assert status == 0, printed
    assert [test["name"] for test in tests] == names
    assert all(
        test["evidence"] and f"{test['name'].split()[-1]} was spoken, as asked" in test["reason"]
        for test in tests
    )


@pytest.mark.peers
def test_aioquic_and_ngtcp2_in_both_roles(panther):
    status, tests, printed = panther("--experiment-config", "aioquic_ngtcp2.yaml")
    assert status == 0, printed
    pairs = {tuple(service["implementation"] for service in test["services"]) for test in tests}
    assert {("aioquic", "ngtcp2"), ("ngtcp2", "aioquic")} < pairs


@pytest.mark.parametrize("server", ["aioquic", pytest.param("ngtcp2", marks=pytest.mark.peers)])
@pytest.mark.parametrize("retry", [True, False])
def test_retry_is_seen_on_the_clients_side(panther, tmp_path, server, retry):
    status, _, printed = panther("try", server, "--set", f"retry={str(retry).lower()}")
    assert status == 0, printed
    (trace,) = (tmp_path / "results" / "latest").glob("*/client/qlog/*")
    found = re.search(r'"packet_type": ?"retry"', trace.read_text(encoding="utf-8"))
    assert bool(found) is retry


def test_an_algorithm_that_aioquic_lacks_is_refused(panther):
    status, _, printed = panther("try", "aioquic", "--set", "congestion_control=bbr")
    assert status == 2
    assert "'reno' or 'cubic', got 'bbr'" in printed


@pytest.mark.parametrize("directory", ["quic", "quic/aioquic"])
def test_a_plugin_called_like_its_package_does_not_hide_it(panther, iut, examples, directory):
    status, _, printed = panther(*("try", "aioquic"), cwd=iut / directory, PANTHER_PLUGIN_PATH=str(examples))
    assert status == 0, printed


@pytest.mark.parametrize(
    "plugin", ["quic/aioquic", pytest.param("quic/ngtcp2", marks=pytest.mark.peers), "minip/ping_pong"]
)
def test_the_experiment_in_each_readme_passes(panther, iut, tmp_path, plugin):
    text = (iut / plugin / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    file = tmp_path / "readme.yaml"
    file.write_text(block, encoding="utf-8")
    status, _, printed = panther("--experiment-config", file)
    assert status == 0, printed


@pytest.mark.parametrize("isolation", ["auto", "none"])
@pytest.mark.parametrize(
    ("variant", "reason"),
    [("flaky", r"^20 (pongs|lines)"), ("random", r""), ("fail", r"^server 'server' exited with status 1")],
)
def test_a_server_that_misbehaves_gets_a_failed_verdict(panther, isolation, variant, reason):
    # Of a flaky one each second pong is waited for; it comes late where the machine is slow.
    patience = 5 if variant == "flaky" else 0.2
    settings = {"variant": variant, "count": 40, "interval": 0.001, "reply_timeout": patience}
    words = (word for name, value in settings.items() for word in ("--set", f"{name}={value}"))
    status, (test,), printed = panther("try", "ping_pong", *words, "--isolation", isolation)
    assert status == 1, printed
    assert test["outcome"] == "failed"
    assert re.search(reason, test["reason"])


@pytest.mark.parametrize(("variant", "surplus"), [("functional", b""), ("vulnerable", b"more than a ping")])
def test_what_a_ping_that_is_too_long_is_answered_with(start_ping_pong, variant, surplus):
    with start_ping_pong(variant) as client:
        client.send(PING + b"more than a ping")
        client.send(PING)
        first = client.recv(2048)
    assert first[: MESSAGE.size - 8] == PING.replace(b"\x01ping", b"\x02pong")[:-8]
    assert first[MESSAGE.size :] == surplus


@pytest.fixture
def start_ping_pong(iut):
    """Start the endpoint's server in a variant; return a socket that is connected to it."""
    started = []

    def start(variant: str) -> socket.socket:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            address = probe.getsockname()
        endpoint = iut / "minip/ping_pong/endpoint/minip_endpoint.py"
        words = ("server", "--bind", address[0], "--port", str(address[1]), "--variant", variant)
        started.append(subprocess.Popen([sys.executable, endpoint, *words]))
        _wait_until_bound(started[-1], address[1])
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        client.settimeout(120)
        client.connect(address)
        return client

    yield start
    for process in started:
        process.kill()
        process.wait()


def _wait_until_bound(process: subprocess.Popen[bytes], port: int) -> None:
    """Look at the kernel's table of sockets until the port is in it."""
    while f":{port:04X} " not in Path("/proc/net/udp").read_text(encoding="ascii"):
        assert process.poll() is None, "the server has ended"
        select.select([], [], [], 0.01)

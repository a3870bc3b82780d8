"""The interoperability matrix, run for real: a handful of cells; the whole of it is ``nox -s peers``."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from panther.bench.matrix.cases import cases_of

for package in ("aioquic", "niquests", "qh3"):
    pytest.importorskip(package, reason="plugins of the matrix stand on it")

ENTRY = {"abbr", "name", "result", "reason", "passed", "runs", "evidence"}


@pytest.fixture
def matrix(run, tmp_path):
    """Run a matrix; return its exit status, ``matrix.json``, and what it printed."""

    def command(*words: object, **options):
        done = run("panther", "matrix", *words, "--results", tmp_path / "results", **options)
        file = tmp_path / "results" / "latest" / "matrix.json"
        document = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return done.returncode, document, done.stdout

    return command


def sides(servers: str, clients: str, cases: str) -> list[str]:
    words = (("--server", servers), ("--client", clients), ("--case", cases))
    return [word for option, names in words for name in names.split() for word in (option, name)]


def results(document) -> dict[tuple[str, str, str], dict]:
    """Read a matrix as the interop runner's page does: clients outside, servers inside."""
    pairs = [(client, server) for client in document["clients"] for server in document["servers"]]
    return {
        (server, client, entry["name"]): entry
        for (client, server), entries in zip(pairs, document["results"], strict=True)
        for entry in entries
    }


def test_a_matrix_and_what_it_leaves(matrix, tmp_path):
    words = sides("aioquic qh3", "qh3 niquests", "transfer resumption")
    status, document, printed = matrix("quic", *words, "--jobs", 2)
    assert status == 0, printed
    found = results(document)
    assert {key: entry["result"] for key, entry in found.items()} == {
        (server, client, case): "unsupported" if (client, case) == ("niquests", "resumption") else "succeeded"
        for server in ("aioquic", "qh3")
        for client in ("qh3", "niquests")
        for case in ("transfer", "resumption")
    }
    assert all(set(entry) == ENTRY for entry in found.values())
    assert document["tests"]["DC"]["name"] == "transfer"
    assert document["quic_version"] == "0x1"
    assert document["start_time"] < document["end_time"]
    assert "\na row is a server, a column a client\n6 of 6 cells succeeded, 2 unsupported" in printed
    directory = tmp_path / "results" / "latest"
    page = (directory / "matrix.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]+)"', page)
    assert len(links) == 6
    assert all((directory / link / "server" / "command.json").is_file() for link in links)
    # Where the interop runner's own page looks for the logs of a cell.
    assert (directory / "aioquic_qh3" / "transfer" / "client" / "command.json").is_file()


def test_names_of_the_interop_runner_mean_what_they_mean_there():
    """There 'L1' and 'multiconnect' are a case under loss: what is played without has a name of its own."""
    cases = {case.abbreviation: case.name for case in cases_of("quic")}
    theirs = {"H": "handshake", "DC": "transfer", "3": "http3", "S": "retry", "R": "resumption"}
    assert cases == {**theirs, "MC": "multiconnect"}


def test_what_was_not_begun_has_no_evidence(examples, tmp_path):
    """Every link leads somewhere, also when the run is interrupted after its first test."""
    words = (*sides("qh3", "qh3 aioquic", "handshake transfer"), "--repeat", "50")
    with subprocess.Popen(
        [sys.executable, "-m", "panther", "matrix", "quic", *words, "--results", tmp_path / "results"],
        cwd=examples,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = next((line for line in process.stdout if "qh3 server" in line), "")
        process.send_signal(signal.SIGINT)
        printed = said + process.stdout.read()
    assert process.returncode == 130, printed
    directory = tmp_path / "results" / "latest"
    links = re.findall(r'href="([^"]+)"', (directory / "matrix.html").read_text(encoding="utf-8"))
    entries = results(json.loads((directory / "matrix.json").read_text(encoding="utf-8"))).values()
    evidence = [name for entry in entries for name in entry["evidence"]]
    assert links
    assert evidence
    assert [name for name in (*links, *evidence) if not (directory / name).is_dir()] == []
    assert "qh3_aioquic/transfer" not in " ".join(links)


def test_a_retry_is_proved_by_its_packet(matrix, examples, tmp_path):
    """A server that says it can, and does not: the file arrives all the same, and the case has failed."""
    shutil.copytree(examples / "panther", tmp_path / "panther", ignore=shutil.ignore_patterns("__pycache__"))
    plugin = tmp_path / "panther/plugins/services/iut/quic/qh3/qh3.py"
    text = plugin.read_text(encoding="utf-8")
    plugin.write_text(text.replace('args.append("--retry")', "pass"), encoding="utf-8")
    status, document, printed = matrix("quic", *sides("aioquic qh3", "aioquic", "retry"), cwd=tmp_path)
    assert status == 1, printed
    found = results(document)
    assert found["aioquic", "aioquic", "retry"]["result"] == "succeeded"
    assert found["qh3", "aioquic", "retry"]["result"] == "failed"
    assert "no Retry packet was sent" in found["qh3", "aioquic", "retry"]["reason"]


def test_a_session_that_is_not_kept_is_no_resumption(matrix, examples, tmp_path):
    shutil.copytree(examples / "panther", tmp_path / "panther", ignore=shutil.ignore_patterns("__pycache__"))
    endpoint = tmp_path / "panther/plugins/services/iut/quic/aioquic/endpoint/quic_endpoint.py"
    text = endpoint.read_text(encoding="utf-8")
    forgetful = text.replace("settings.session_ticket = sessions.load()", "")
    assert forgetful != text
    endpoint.write_text(forgetful, encoding="utf-8")
    status, document, printed = matrix("quic", *sides("qh3", "aioquic", "resumption"), cwd=tmp_path)
    assert status == 1, printed
    entry = results(document)["qh3", "aioquic", "resumption"]
    assert "the client offered no session to resume" in entry["reason"]


@pytest.mark.parametrize("server", ["aioquic", "qh3"])
def test_a_request_that_comes_before_the_handshakes_end_is_answered(matrix, examples, tmp_path, server):
    """A client that resumes a session need not wait; one of the examples is made to send at once."""
    shutil.copytree(examples / "panther", tmp_path / "panther", ignore=shutil.ignore_patterns("__pycache__"))
    endpoint = tmp_path / "panther/plugins/services/iut/quic/aioquic/endpoint/quic_endpoint.py"
    text = endpoint.read_text(encoding="utf-8")
    connect = 'protocol.connect(transport.get_extra_info("peername"))'
    at_once = (
        'protocol.connect(transport.get_extra_info("peername"), transmit=not settings.session_ticket)',
        "if settings.session_ticket:",
        "    protocol.request('h3')",
        "    protocol.transmit()",
    )
    hasty = text.replace(connect, "\n        ".join(at_once)).replace(
        "self.request(event.alpn_protocol)", "self.http or self.request(event.alpn_protocol)"
    )
    endpoint.write_text(hasty, encoding="utf-8")
    status, _, printed = matrix("quic", *sides(server, "aioquic", "resumption"), cwd=tmp_path)
    assert status == 0, printed
    directory = tmp_path / "results" / "latest" / f"{server}_aioquic" / "resumption" / "client-2" / "qlog"
    (trace,) = directory.iterdir()
    assert re.search(r'"packet_type": ?"0RTT"', trace.read_text(encoding="utf-8"))


def test_repetitions_give_pass_rates(matrix):
    words = sides("qh3", "qh3", "handshake multiconnect")
    status, document, printed = matrix("quic", *words, "--repeat", 3, "--jobs", 2)
    assert status == 0, printed
    assert {(entry["passed"], entry["runs"]) for entry in results(document).values()} == {(3, 3)}
    assert "3/3" in printed


def test_what_is_named_twice_is_run_once(matrix):
    words = sides("aioquic aioquic", "qh3 qh3", "handshake H")
    status, document, printed = matrix("quic", *words)
    assert status == 0, printed
    assert (document["servers"], document["clients"]) == (["aioquic"], ["qh3"])
    assert len(results(document)) == 1


def test_what_could_not_be_observed_has_not_failed(matrix):
    """Without namespaces nothing is captured: that is this machine's lack, and no server's fault."""
    words = sides("qh3", "qh3", "handshake transfer http3 resumption")
    status, document, printed = matrix("quic", *words, "--isolation", "none")
    assert status == 4, printed
    found = {case: entry for (_, _, case), entry in results(document).items()}
    assert {case: entry["result"] for case, entry in found.items()} == {
        "handshake": None,
        "transfer": "succeeded",
        "http3": None,
        "resumption": None,
    }
    assert "packets could not be captured" in found["http3"]["reason"]
    assert "3 not proved" in printed
    assert "failed" not in printed


def test_a_setting_reaches_its_plugin(matrix, tmp_path):
    words = sides("aioquic qh3", "qh3", "handshake")
    status, _, printed = matrix("quic", *words, "--set", "aioquic.retry=true")
    assert status == 0, printed
    directory = tmp_path / "results" / "latest"
    commands = {name: directory / f"{name}_qh3/handshake/server/command.json" for name in ("aioquic", "qh3")}
    told = {name: "--retry" in json.loads(file.read_text())["argv"] for name, file in commands.items()}
    assert told == {"aioquic": True, "qh3": False}


def test_what_is_not_installed_has_not_failed(matrix, tmp_path):
    """Neither programs nor the compiler that builds them are on this PATH."""
    empty = tmp_path / "bin"
    empty.mkdir()
    words = sides("ngtcp2 caddy quic_go quiche qh3", "qh3", "handshake")
    status, document, printed = matrix("quic", *words, PATH=str(empty))
    assert status == 0, printed
    assert results(document)["qh3", "qh3", "handshake"]["result"] == "succeeded"
    assert results(document)["ngtcp2", "qh3", "handshake"]["result"] is None
    assert "ngtcp2: not installed: apt-get install ngtcp2-client ngtcp2-server" in printed
    assert "caddy: not installed: apt-get install caddy" in printed
    assert "quic_go: not installed: apt-get install golang-go" in printed
    assert "quiche: not installed: apt-get install cargo-web cmake g++" in printed
    assert "failed" not in printed


@pytest.mark.parametrize(
    ("sources", "why"),
    [("there", "could not be built: 'cmake' failed: no rule for that"), ("elsewhere", "is not there")],
)
def test_a_build_that_fails_is_said_with_its_cause(matrix, tmp_path, sources, why):
    """What installs the compiler alone would not help."""
    (tmp_path / "there").mkdir()
    compiler = tmp_path / "bin" / "cmake"
    compiler.parent.mkdir()
    compiler.write_text("#!/bin/sh\necho configuring\necho no rule for that\nexit 1\n")
    compiler.chmod(0o755)
    words = (*sides("picoquic", "qh3", "handshake"), "--set", f"picoquic.source_dir={tmp_path / sources}")
    path = f"{compiler.parent}:{os.environ['PATH']}"
    status, document, printed = matrix("quic", *words, PATH=path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert status == 0, printed
    entry = results(document)["picoquic", "qh3", "handshake"]
    assert entry["result"] is None
    assert entry["reason"].startswith("not installed: apt-get install cmake")
    assert why in entry["reason"]
    assert ("picoquic is being built" in printed) == (sources == "there")


@pytest.mark.slow
@pytest.mark.parametrize("plugin", ["quiche", "quinn"])
def test_programs_in_rust(matrix, plugin):
    """Cargo builds them first, unless it has before: that takes minutes."""
    missing = [tool for tool in ("cargo", "cmake", "c++") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (Debian 12: cargo-web, cmake, g++)")
    words = sides(f"aioquic {plugin}", f"aioquic {plugin}", "handshake transfer http3 retry resumption")
    status, document, printed = matrix("quic", *words, "--jobs", 2, timeout=900)
    assert status == 0, printed
    found = {key: entry["result"] for key, entry in results(document).items()}
    unsupported = {key for key, result in found.items() if result != "succeeded"}
    no_session = {(server, plugin, "resumption") for server in ("aioquic", plugin)}
    assert unsupported == (no_session if plugin == "quinn" else set())


def test_programs_that_obey_the_public_contract(matrix):
    """In HTTP/3 against others, in HTTP/0.9 where the contract's own case says so."""
    if (
        shutil.which("go") is None
        or not Path("/usr/share/gocode/src/github.com/lucas-clemente/quic-go").is_dir()
    ):
        pytest.skip("golang-go and golang-github-lucas-clemente-quic-go-dev (Debian) are not installed")
    if os.geteuid() != 0:
        pytest.skip("not root: port 443 and the contract's directories need a mount namespace")
    words = sides("quic_go qh3", "quic_go aioquic", "http3 retry")
    status, document, printed = matrix("quic", *words)
    assert status == 1, printed  # one pair is known to fail: see the README of the examples
    found = results(document)
    failed = {key[:2] for key, entry in found.items() if entry["result"] != "succeeded"}
    assert failed == {("qh3", "quic_go")}


@pytest.fixture
def gives_up(examples, tmp_path) -> Path:
    """A copy of the examples in which aioquic's program ends with status 127."""
    shutil.copytree(examples / "panther", tmp_path / "panther", ignore=shutil.ignore_patterns("__pycache__"))
    directory = tmp_path / "panther/plugins/services/iut/quic/aioquic"
    (directory / "endpoint/quic_endpoint.py").write_text("raise SystemExit(127)\n")
    return directory / "aioquic.py"


@pytest.mark.parametrize("pair", ["qh3 aioquic", "aioquic qh3"])
def test_a_contract_program_may_answer_that_it_does_not_support_a_case(matrix, gives_up, tmp_path, pair):
    if os.geteuid() != 0:
        pytest.skip("not root: the contract's directories need a mount namespace")
    text = gives_up.read_text(encoding="utf-8")
    gives_up.write_text(text.replace('"resumption"]', '"resumption", "interop_contract"]'), encoding="utf-8")
    server, client = pair.split()
    status, document, printed = matrix("quic", *sides(server, client, "handshake"), cwd=tmp_path)
    assert status == 0, printed
    entry = results(document)[server, client, "handshake"]
    assert entry["result"] == "unsupported"
    assert "aioquic ended with status 127: it does not support this case" in entry["reason"]


@pytest.mark.parametrize("pair", ["qh3 aioquic", "aioquic qh3"])
def test_status_127_of_any_other_program_is_a_failure(matrix, gives_up, tmp_path, pair):
    """A script of a shell that does not find a program ends with it, too."""
    server, client = pair.split()
    status, document, printed = matrix("quic", *sides(server, client, "handshake"), cwd=tmp_path)
    assert status == 1, printed
    entry = results(document)[server, client, "handshake"]
    assert entry["result"] == "failed"
    assert "127" in entry["reason"]
    assert "support" not in printed


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["gopher"], "there is no matrix of the protocol 'gopher'"),
        (["quic", "--case", "handshak"], "did you mean 'handshake'"),
        (["quic", "--server", "qh4"], "did you mean 'qh3'"),
        (["quic", "--server", "niquests"], "the plugin 'niquests' is no server"),
        (["quic", "--set", "retry=true"], "--set 'retry=true' names no field of a plugin"),
        (["quic", "--set", "qh4.retry=true"], "did you mean 'qh3'"),
        (["quic", "--set", "aioquic.retri=true"], "did you mean 'retry'"),
    ],
)
def test_names_that_do_not_exist(matrix, words, complaint):
    status, document, printed = matrix(*words)
    assert (status, document) == (2, {}), printed
    assert complaint in printed
    assert "cure:" in printed

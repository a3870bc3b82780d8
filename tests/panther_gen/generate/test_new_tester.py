"""``panther-gen new-tester``: a tester that judges generated servers, and finds their faults."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SERVICES = Path("panther/plugins/services")

#: What makes each generated server faulty: a text of its program, what stands there instead, and the words
#: of the tester that finds it.
FAULTS = {
    "minip": ('message(2, b"pong")', 'message(2, b"pang")', "answers_pings: ping 1 of 5 was answered with"),
    "quic": (
        '(b"404", b"") if found is None',
        '(b"200", b"") if found is None',
        "knows_what_is_missing: a file that is not there was answered with 200, not 404",
    ),
    "weather": ("writer.write(data)", "writer.write(data[:-1])", "echoes: 4096 bytes were sent, and"),
}

#: The same of each generated client.
CLIENTS_FAULTS = {
    "minip": (
        'endpoint.send(message(1, b"ping"))',
        'endpoint.send(b"ping")',
        "sends_pings: b'ping' is no ping",
    ),
    "http": (
        'connection.request("GET", target)',
        'connection.putrequest("GET", target, skip_host=True)\n    connection.endheaders()',
        "names_the_host: not in: GET /payload.bin HTTP/1.1",
    ),
    "quic": ('            (b":authority", self.url.netloc.encode()),\n', "", "asks_for_a_file: "),
    "tcp": ("writer.write_eof()", "writer.transport.abort()", "finishes: "),
    "rain": ("ATTEMPTS = 5", "ATTEMPTS = 1", "sends_again: 1 datagrams got no echo, and were not sent again"),
}


@pytest.fixture
def judged(run, tmp_path):
    """Make a server and its tester; return a function that runs the tester's experiment."""

    def make(protocol: str) -> Path:
        assert run("new-iut", protocol, "mine", "--defaults").returncode == 0
        assert run("new-tester", protocol, "judge").returncode == 0
        return tmp_path / SERVICES / "testers" / protocol / "judge" / "experiment.yaml"

    return make


def _result(root: Path) -> dict:
    return json.loads((root / "panther-results/latest/results.json").read_text(encoding="utf-8"))["tests"][0]


def _of_tester(test: dict) -> list[dict]:
    return [item for item in test["evidence"] if item["name"] == "tester"]


@pytest.mark.parametrize("protocol", ["minip", "quic", "http", "tcp"])
def test_a_generated_server_passes(run, tmp_path, judged, protocol):
    result = run("run", judged(protocol))
    assert result.returncode == 0, result.stdout + result.stderr
    found = _of_tester(_result(tmp_path))
    assert len(found) >= 2
    assert all(item["passed"] for item in found)


@pytest.mark.parametrize("protocol", ["minip", "quic", "weather"])
def test_a_faulty_server_fails_with_the_testers_words(run, tmp_path, judged, protocol):
    experiment = judged(protocol)
    before, after, words = FAULTS[protocol]
    program = tmp_path / SERVICES / "iut" / protocol / "mine" / "endpoint" / f"{protocol}_endpoint.py"
    text = program.read_text(encoding="utf-8")
    assert before in text
    program.write_text(text.replace(before, after), encoding="utf-8")
    result = run("run", experiment)
    assert result.returncode == 1
    assert words in result.stdout
    test = _result(tmp_path)
    assert words in test["reason"]
    assert any(item["passed"] is False and words in item["detail"] for item in _of_tester(test))


@pytest.mark.parametrize("protocol", CLIENTS_FAULTS)
def test_a_tester_of_clients_passes_the_generated_one_and_finds_its_fault(run, tmp_path, protocol):
    if protocol == "rain":
        assert run("new-protocol", "rain", "--transport", "udp").returncode == 0
    assert run("new-iut", protocol, "mine", "--defaults").returncode == 0
    assert run("new-tester", protocol, "judge", "--judges", "client").returncode == 0
    assert run("lint", "--strict").returncode == 0
    experiment = tmp_path / SERVICES / "testers" / protocol / "judge" / "experiment.yaml"
    result = run("run", experiment)
    assert result.returncode == 0, result.stdout + result.stderr
    assert all(item["passed"] for item in _of_tester(_result(tmp_path)))
    before, after, words = CLIENTS_FAULTS[protocol]
    program = tmp_path / SERVICES / "iut" / protocol / "mine" / "endpoint" / f"{protocol}_endpoint.py"
    text = program.read_text(encoding="utf-8")
    assert before in text
    program.write_text(text.replace(before, after), encoding="utf-8")
    assert run("run", experiment).returncode == 1
    failed = [item["detail"] for item in _of_tester(_result(tmp_path)) if item["passed"] is False]
    assert any(words in detail for detail in failed), failed


def test_of_another_language_the_program_is_the_authors_and_that_is_said(run):
    told = run("new-tester", "tcp", "judge", "--language", "go", "--binary", "judge-clients")
    assert "its program 'judge-clients' is yours to write: README.md shows the verdict" in told.stdout


def test_an_experiment_may_ask_for_one_check(run, tmp_path, judged):
    experiment = judged("minip")
    text = experiment.read_text(encoding="utf-8")
    one = text.replace('# test: "answers_pings"   (one check; else all of them)', 'test: "ignores_garbage"')
    assert one != text
    experiment.write_text(one, encoding="utf-8")
    assert run("run", experiment).returncode == 0
    assert len(_of_tester(_result(tmp_path))) == 1
    experiment.write_text(one.replace("ignores_garbage", "ignores_garbages"), encoding="utf-8")
    assert run("run", experiment).returncode == 1
    reason = _result(tmp_path)["reason"]
    assert "there is no such test; there are: answers_pings, ignores_garbage" in reason


def test_a_tester_of_a_protocol_of_ones_own_derives_from_its_base_class(run, tmp_path, judged):
    assert run("new-protocol", "weather").returncode == 0
    experiment = judged("weather")
    source = (experiment.parent / "judge.py").read_text(encoding="utf-8")
    assert "(BaseWeatherServiceManager):" in source
    assert run("lint", "--strict").returncode == 0
    assert run("run", experiment).returncode == 0


@pytest.mark.parametrize("language", ["python", "rust"])
def test_what_is_generated_is_formatted_clean_and_tested(run, tmp_path, language):
    for protocol in ("quic", "http", "minip", "weather"):
        assert run("new-tester", protocol, f"{protocol}_judge", "--language", language).returncode == 0
    lint = run("lint", "--strict")
    assert lint.returncode == 0, lint.stdout
    words = [sys.executable, "-m", "ruff", "format", "--diff", "--isolated", tmp_path]
    assert subprocess.run(words, capture_output=True, text=True).stdout == ""
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    tests = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert tests.returncode == 0, tests.stdout


def test_the_shell_is_offered_testers_where_they_can_be_meant(run):
    assert run("new-iut", "minip", "mine", "--defaults").returncode == 0
    assert run("new-tester", "minip", "minister").returncode == 0

    def offered(line: str) -> list[str]:
        asked = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
        return run(env={**asked, "_PANTHER_GEN_COMPLETE": "complete_bash"}).stdout.split()

    assert offered("panther-gen update mi") == ["mine", "minister"]
    assert offered("panther-gen try mi") == ["mine"]
    assert offered("panther-gen new-tester minip x --against mi") == ["mine"]


def test_it_says_whom_it_judges_and_what_is_missing(run, tmp_path):
    alone = run("new-tester", "minip", "judge", "--against", "other")
    assert alone.returncode == 0
    assert "names 'other', which is not there yet: panther-gen new-iut minip other" in alone.stdout
    assert run("new-iut", "minip", "mine", "--defaults").returncode == 0
    document = json.loads(run("new-tester", "minip", "second", "--json").stdout)
    assert document["kind"] == "testers"
    place = f"{SERVICES}/testers/minip/second"
    assert document["next"][-1] == f"panther-gen run {place}/experiment.yaml"
    assert 'name: "mine"' in (tmp_path / place / "experiment.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("quic", "Judge"), "did you mean 'judge'?"),
        (("quic", "judge", "--against", "../x"), "--against '../x' cannot be used"),
        (("quic", "judge", "--class-name", "mine"), "--class-name 'mine' cannot be used"),
    ],
)
def test_what_cannot_be_used_is_refused(run, tmp_path, words, sentence):
    result = run("new-tester", *words)
    assert result.returncode == 2
    assert sentence in result.stderr
    assert not list(tmp_path.iterdir())


def test_the_macros_are_those_of_the_blueprint_iut():
    """A blueprint is whole by itself, as copier wants it: what they share is the same file."""
    blueprints = Path(__file__).resolve().parents[3] / "blueprints"
    for kind, names in {"tester": ("python", "markdown"), "protocol": ("python",)}.items():
        for name in names:
            macros = (blueprints / place / "macros" / f"{name}.jinja" for place in ("iut", kind))
            assert len({file.read_text(encoding="utf-8") for file in macros}) == 1

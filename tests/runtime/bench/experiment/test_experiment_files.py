"""Experiment files: what is accepted, and what is refused with its place and a suggestion."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panther.bench.experiment import (
    dump_experiment,
    experiment_schema,
    load_experiment,
    pair_experiment,
    with_network_environment,
    without_execution_environment,
)
from panther.errors import ConfigurationError

VALID = """\
logging:
  level: DEBUG
observers:
  metrics: {enabled: true}
tests:
  - name: "one"
    network_environment: {type: localhost}
    execution_environment:
      - type: gperf_cpu
        config: {duration: 30}
    services:
      server:
        implementation: {name: example, type: iut, performance_mode: high, zero_rtt: true}
        protocol: {name: quic, version: rfc9000, role: server}
        timeout: 60
        ports: ["4443:4443"]
      client:
        implementation: {name: example, levels: {a: 1, b: true}}
        protocol: {name: quic, role: client, target: server}
    steps: {wait: 45}
"""

# fmt: off
# What is changed in VALID, where the problem stands (None: no place), and words of the message.
REFUSED = {
    "unknown key": ("steps: {wait", "step: {wait", (20, 5), "unknown key 'step'", "'steps'"),
    "unknown key at the top": ("logging:", "loging:", (1, 1), "unknown key 'loging'", "'logging'"),
    "level": ("DEBUG", "DEBG", (2, 10), "'DEBG'", "'DEBUG'"),
    "role": ("role: server", "role: sarver", (14, 56), "'sarver'", "'server'"),
    "role missing": (", role: client", "", (19, 19), "'role' is missing", "add 'role:'"),
    "target is no service": ("target: server", "target: servr", (19, 54), "'servr' is no service", "'server'"),
    "target is itself": ("target: server", "target: client", (19, 54), "itself", "server"),
    "server with a target":
        ("role: server}", "role: server, target: client}", (14, 72), "has a target", "remove"),
    "plugin": ("{name: example, type", "{name: exampel, type", (13, 32), "no plugin 'exampel'", "'example'"),
    "tester": ("type: iut", "type: testers", (13, 32), "no plugin 'example'", "iut"),
    "kind": ("type: iut", "type: itu", (13, 47), "'itu'", "'iut'"),
    "test of an iut": ("type: iut", "type: iut, test: x", (13, 52), "only a tester", "remove it"),
    "protocol": ("name: quic, version", "name: http, version", (14, 26), "does not speak 'http'", "quic"),
    "field":
        ("performance_mode", "performance_mod", (13, 52), "no field 'performance_mod'", "'performance_mode'"),
    "type of a field": ("performance_mode: high", "performance_mode: [1]", (13, 70), "valid string", ""),
    "port out of range": ('"4443:4443"', '"4443:70000"', (16, 17), "70000", "1 to 65535"),
    "port zero": ('"4443:4443"', '"0"', (16, 17), "port 0", "1 to 65535"),
    "no port mapping": ('"4443:4443"', '"quic"', (16, 17), "'quic' is no port mapping", "4443:4443"),
    "timeout": ("timeout: 60", "timeout: -1", (15, 18), "greater than 0", ""),
    "wait": ("wait: 45", "wait: soon", (20, 19), "'soon'", ""),
    "network environment": ("type: localhost", "type: localhos", (7, 33), "'localhos'", "'localhost'"),
    "profiler": ("gperf_cpu", "gperf_cpus", (9, 15), "'gperf_cpus'", "'gperf_cpu'"),
    "services no mapping": ("    steps: {wait: 45}\n", "    steps: 45\n", (20, 12), "a mapping is needed", ""),
}
# fmt: on


def test_a_valid_file_is_read(load) -> None:
    experiment = load(VALID)
    server = experiment.tests[0].services["server"]
    assert server.implementation.extras == {"performance_mode": "high", "zero_rtt": True}
    assert (server.timeout, server.ports, experiment.tests[0].steps.wait) == (60, ("4443:4443",), 45)
    assert experiment.observers.metrics.enabled
    assert not experiment.observers.logger.enabled


@pytest.mark.parametrize(("old", "new", "place", "message", "cure"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_and_where(problems, old: str, new: str, place, message: str, cure: str) -> None:
    assert old in VALID
    found = problems(VALID.replace(old, new, 1))
    assert (found[0].line, found[0].column) == place
    assert message in found[0].message
    assert cure in found[0].suggestion
    assert f":{place[0]}:{place[1]}: " in str(found[0])


def test_everything_is_reported_together_in_the_files_order(problems) -> None:
    text = (
        VALID.replace("localhost", "localhos")
        .replace("servr", "server")
        .replace("target: server", "target: x")
    )
    found = problems(text.replace("4443:4443", "99999"))
    assert [problem.line for problem in found] == [7, 16, 19]


def test_two_tests_of_one_name(problems) -> None:
    test = VALID.partition("tests:\n")[2]
    (problem,) = problems(VALID + test)
    assert (problem.line, problem.path) == (21, "tests[1].name")
    assert "two tests are called 'one'" in problem.message


def test_two_services_on_one_published_port(problems) -> None:
    text = VALID.replace("target: server}\n", 'target: server}\n        ports: ["4443:1"]\n')
    (problem,) = problems(text)
    assert "both publish port 4443" in problem.message


def test_a_client_without_target_needs_exactly_one_server(load, problems) -> None:
    load(VALID.replace(", target: server", ""))
    second = VALID[VALID.index("      server:") : VALID.index("      client:")]
    second = second.replace("server:", "another:").replace("4443:4443", "5555:4443")
    text = VALID.replace(", target: server", "").replace("      client:", f"{second}      client:")
    (problem,) = problems(text)
    assert "says no target" in problem.message
    assert "server, another" in problem.suggestion


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", (1, 1), "empty"),
        ("# nothing\n", (1, 1), "empty"),
        ("- a\n", (1, 1), "a mapping is needed"),
        ("tests: []\n", (1, 8), "'tests' is empty"),
        ("logging: {}\n", (1, 1), "'tests' is missing"),
        ("tests:\n  - name: a\n    services: {}\n", (3, 15), "'services' is empty"),
        ("tests: [\n", (1, 9), "no valid YAML"),
        ("tests:\n\t- a\n", (2, 1), "no valid YAML"),
        ("a: 1\nb: 2\na: 3\n", (3, 1), "the key 'a' stands twice, first at line 1, column 1"),
        ("tests: !!python/object/apply:os.system [id]\n", (1, 8), "the value cannot be read"),
        ("a: !thing 1\n", (1, 4), "the value cannot be read"),
        ("? [1]\n: 2\n", (1, 3), "a key is not text"),
        ("a: &a [*a]\n", (1, 8), "refers to itself"),
    ],
)
def test_files_that_are_no_experiment(problems, text: str, place, message: str) -> None:
    found = [problem for problem in problems(text) if message in problem.message]
    assert [(problem.line, problem.column) for problem in found] == [place]


def test_aliases_cannot_blow_up_the_document(problems) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert any("too large" in problem.message for problem in problems("\n".join(lines)))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.mkdir(), "is a directory"),
        (lambda path: path.write_bytes(b"tests:\n  \xff\n"), "2:3: the file is not UTF-8"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, make, words: str) -> None:
    file = tmp_path / "experiment.yaml"
    make(file)
    with pytest.raises(ConfigurationError) as caught:
        load_experiment(file)
    assert words in str(caught.value)
    assert caught.value.exit_code == 2


yaml_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["tests", "name", "services", "role"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(yaml_values | st.fixed_dictionaries({"tests": st.lists(yaml_values, max_size=2)}))
def test_any_yaml_is_refused_in_words(load, value) -> None:
    with pytest.raises(ConfigurationError):
        load(yaml.safe_dump(value, allow_unicode=True))


def test_a_pair_is_written_and_read_back(load) -> None:
    pair = pair_experiment("example", "quic", version="rfc9000", settings={"performance_mode": "high"})
    assert load(dump_experiment(pair)) == pair


def test_changes_for_one_run(load) -> None:
    experiment = without_execution_environment(with_network_environment(load(VALID), "docker_compose"))
    assert experiment.tests[0].network_environment.type == "docker_compose"
    assert experiment.tests[0].execution_environment == ()


def test_the_schema_accepts_what_is_accepted_and_refuses_what_is_refused() -> None:
    schema = experiment_schema()
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    assert list(validator.iter_errors(yaml.safe_load(VALID))) == []
    assert list(validator.iter_errors(yaml.safe_load(VALID.replace("role: server", "role: sarver"))))
    assert list(validator.iter_errors(yaml.safe_load(VALID.replace("steps", "step"))))

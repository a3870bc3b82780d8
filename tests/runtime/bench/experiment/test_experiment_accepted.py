"""Files that are right, for the loader and for an editor's JSON Schema alike; the guide's own among them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from panther.bench.experiment import (
    EXECUTION_ENVIRONMENTS,
    NETWORK_ENVIRONMENTS,
    KnownPlugin,
    SettingsForm,
    experiment_schema,
    load_experiment,
)
from panther.config.core.models import IUTConfig
from panther.plugins.services.base.parameters import EchoParameters, QUICParameters

SERVER = "{implementation: {name: fast}, protocol: {name: quic, role: server}}"

EVERYTHING = """\
logging:
  level: WARNING
observers:
  logger: {}
  metrics:
    enabled: true
  storage: {enabled: false}
tests:
  - name: "Everything"
    description: "says everything that a file can say"
    network_environment:
      type: "docker_compose"
    execution_environment:
      - type: "gperf_cpu"
        config:
          duration: 30
      - type: "strace"
    services:
      "a server":
        implementation:
          name: "fast"
          type: "iut"
          performance_mode: "throughput"
          debug_level: 1
          zero_rtt: true
          runtime_parameters:
            optimization_level: "high"
            verbose_logging: true
        protocol:
          name: "quic"
          version: "rfc9000"
          role: "server"
        timeout: 60.5
        ports: ["4443:4443", "5000:4443/udp", "80", "443/tcp"]
      judge:
        implementation: {name: "judge", type: "testers", test: "handshake"}
        protocol: {name: "quic", role: "client", target: "a server"}
    steps:
      wait: 45
"""


@pytest.fixture
def validator() -> jsonschema.Draft202012Validator:
    schema = experiment_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_everything_that_can_be_said(load, validator):
    test = load(EVERYTHING).tests[0]
    assert test.services["a server"].timeout == 60.5
    assert test.execution_environment[0].config == {"duration": 30}
    assert test.steps.wait == 45
    assert validator.is_valid(yaml.safe_load(EVERYTHING))


def test_an_observer_that_is_named_is_on(load):
    observers = load(EVERYTHING).observers
    assert (observers.logger.enabled, observers.metrics.enabled, observers.storage.enabled) == (
        True,
        True,
        False,
    )


def test_what_is_not_said_has_a_default(load):
    experiment = load(f"tests: [{{name: a, services: {{s: {SERVER}}}}}]")
    (test,) = experiment.tests
    assert test.network_environment.type == "localhost"
    assert (test.execution_environment, test.steps.wait, test.services["s"].timeout) == ((), None, 60)
    assert not experiment.observers.logger.enabled


@pytest.mark.parametrize("name", NETWORK_ENVIRONMENTS)
def test_network_environments(name, load, validator):
    text = f"tests: [{{name: a, network_environment: {{type: {name}}}, services: {{s: {SERVER}}}}}]"
    assert load(text).tests[0].network_environment.type == name
    assert validator.is_valid(yaml.safe_load(text))


@pytest.mark.parametrize(
    "name",
    "gdb gperf_cpu gperf_heap helgrind iterations memcheck pcap perf py-spy strace".split(),  # noqa: SIM905
)
def test_execution_environments(name, load, validator):
    assert name in EXECUTION_ENVIRONMENTS
    text = f"tests: [{{name: a, execution_environment: [{{type: {name}}}], services: {{s: {SERVER}}}}}]"
    assert load(text).tests[0].execution_environment[0].type == name
    assert validator.is_valid(yaml.safe_load(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("wait: 45", "wait: 0"),
        ("wait: 45", "wait: soon"),
        ("tests:", "test:"),
        ("level: WARNING", "level: warning"),
        ('role: "server"', 'role: "sarver"'),
        ('type: "testers"', 'type: "tester"'),
        ("gperf_cpu", "gperf"),
        ("docker_compose", "cloud"),
        ('"80"', '"http"'),
        ("timeout: 60.5", "time: 60.5"),
        ("version:", "vesion:"),
    ],
)
def test_an_editor_sees_what_the_loader_refuses(old, new, load, problems, validator):
    assert old in EVERYTHING
    text = EVERYTHING.replace(old, new, 1)
    assert problems(text)
    assert not validator.is_valid(yaml.safe_load(text))


def test_an_editor_can_show_what_every_key_means():
    schema = experiment_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for model in [schema, *schema["$defs"].values()]:
        assert model["description"], model["title"]
        for name, key in model["properties"].items():
            described = (
                key.get("description") or schema["$defs"][key["$ref"].rpartition("/")[2]]["description"]
            )
            assert described, name
    steps = schema["$defs"]["Steps"]["properties"]["wait"]
    assert "longest time in seconds" in steps["description"]


# --- the guide, which is not a part of this repository ---------------------------------------------------

_FRAGMENTS = {
    "tests": ("", ""),
    "services": ("tests:\n- name: fragment\n", "    protocol: {name: quic, role: server}\n"),
    "execution_environment": ("tests:\n- name: fragment\n", "    protocol: {name: quic, role: server}\n"),
    "implementation": (
        "tests:\n- name: fragment\n  services:\n    server:\n",
        "      protocol: {name: quic, role: server}\n",
    ),
}


class GuidesPlugins:
    """The plugins that the guide's files name, but for the tester."""

    def names(self, kind):
        return ["your_implementation"] if kind == "iut" else []

    def plugin(self, kind, name, protocol):
        from dataclasses import dataclass

        @dataclass
        class YourConfig(IUTConfig):
            performance_mode: str = "balanced"

        parameters = QUICParameters if protocol == "quic" else EchoParameters
        return KnownPlugin(("quic", "your_protocol"), SettingsForm(YourConfig, parameters))


@pytest.fixture(scope="module")
def guides_files() -> dict[str, str]:
    """The guide's YAML blocks as whole files, by the words that they begin with."""
    beside = Path(__file__).parents[5] / "shared" / "guide" / "iut-development-guide.md"
    path = Path(os.environ.get("PANTHER_GUIDE") or beside)
    if not path.is_file():
        pytest.skip(f"the guide is not at {path}; PANTHER_GUIDE names it elsewhere")
    blocks = re.findall(r"^```yaml\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return {f"{number} {block.split()[0]}": _whole(block) for number, block in enumerate(blocks)}


def _whole(block: str) -> str:
    """Put a fragment of a file into what it lacks: the levels above it, and the protocol of its server."""
    first = next(line for line in block.splitlines() if line and line[0].isalpha())
    key = first.partition(":")[0]
    if re.search(r"^tests:", block, re.MULTILINE):
        return block
    before, after = _FRAGMENTS[key]
    depth = len(re.findall(r"^ *", before.splitlines()[-1])[0]) + 2
    indented = "".join(f"{' ' * depth}{line}\n" for line in block.splitlines())
    missing = "" if "protocol:" in block else after
    if missing and key != "implementation":
        missing = f"{' ' * (depth + 4)}{missing.strip()}\n"
    return before + indented + missing


def test_the_guides_files_are_accepted(guides_files, file, validator):
    assert len(guides_files) == 6
    refused = []
    for name, text in guides_files.items():
        assert validator.is_valid(yaml.safe_load(text)), text
        file.write_text(text)
        try:
            load_experiment(file, GuidesPlugins())
        except Exception as error:  # noqa: BLE001 — collected, all are looked at below
            refused.append((name, str(error)))
    ((_, text),) = refused
    assert "there is no plugin 'panther_ivy'" in text
    assert "1 problem" not in text

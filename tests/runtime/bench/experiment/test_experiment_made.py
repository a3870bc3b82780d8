"""Experiments that are made, written and changed for one run."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panther.bench.experiment import (
    Experiment,
    dump_experiment,
    pair_experiment,
    with_network_environment,
    without_execution_environment,
)
from panther.bench.experiment.document import read_document
from panther.errors import ConfigurationError, InputError


def test_a_pair_is_a_client_against_its_own_server():
    (test,) = pair_experiment("fast", "quic", version="rfc9000", settings={"window": 3}).tests
    server, client = test.services["server"], test.services["client"]
    assert (server.protocol.role, client.protocol.role, client.protocol.target) == (
        "server",
        "client",
        "server",
    )
    assert server.implementation.extras == client.implementation.extras == {"window": 3}
    assert test.network_environment.type == "localhost"


@pytest.mark.parametrize("version", ["", "1.10", "rfc9000"])
@pytest.mark.parametrize(
    "options",
    [{}, {"custom_options": {"a": "1.10", "b": "yes", "c": "{{x}}"}, "window": 7, "zero_rtt": True}],
)
def test_a_pair_is_written_as_a_file_that_loads_back_equal(load, version, options):
    pair = pair_experiment("fast", "quic", version=version, settings=options)
    text = dump_experiment(pair)
    assert load(text) == pair
    assert "&" not in text, "people edit the file: nothing is an alias"
    assert "null" not in text


@pytest.mark.parametrize("name", ["name", "type", "test"])
def test_a_setting_cannot_be_called_as_a_key_of_the_implementation(name):
    with pytest.raises(ConfigurationError, match=f"'{name}' is no setting"):
        pair_experiment("fast", "quic", settings={name: "x"})


def test_a_written_file_says_what_was_said_even_if_it_is_the_default(changed, load):
    experiment = load(changed("timeout: 20", "timeout: 60"))
    again = load(dump_experiment(experiment))
    assert again == experiment
    assert "timeout" in again.tests[0].services["server"].model_fields_set
    assert "timeout" not in again.tests[0].services["client"].model_fields_set


def test_another_network_environment_for_one_run(pair, load):
    experiment = with_network_environment(load(pair), "docker_compose")
    assert [test.network_environment.type for test in experiment.tests] == ["docker_compose"]
    with pytest.raises(InputError, match="unknown network environment 'localhos'") as caught:
        with_network_environment(experiment, "localhos")
    assert caught.value.cure == "did you mean 'localhost'?"


def test_another_network_environment_is_no_better_a_network(changed, load):
    bad = 'type: "localhost"\n      delay: "20ms"\n      loss: "1%"\n      rate: "10mbit"'
    before = load(changed('type: "localhost"', bad))
    after = with_network_environment(before, "docker_compose")
    assert after.tests[0].network_environment.type == "docker_compose"
    assert after.tests[0].network_environment.impairment == before.tests[0].network_environment.impairment
    assert after.tests[0].network_environment.impairment
    assert load(dump_experiment(after)) == after


def test_no_execution_environment_for_one_run(changed, load):
    experiment = load(changed("    services:", "    execution_environment: [{type: strace}]\n    services:"))
    stripped = without_execution_environment(experiment)
    assert stripped.tests[0].execution_environment == ()
    assert experiment.tests[0].execution_environment[0].type == "strace", "the original is as it was"
    assert load(dump_experiment(stripped)) == stripped


def test_an_experiment_cannot_be_changed(pair, load):
    with pytest.raises(ValueError, match="frozen"):
        load(pair).tests[0].name = "other"


# What YAML can hold: no control characters but the tab and the ends of lines.
texts = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=12
)
values = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=texts.filter(bool), description=texts, config=st.dictionaries(texts, values, max_size=3))
def test_whatever_is_said_survives_writing(file, pair, name, description, config):
    plain = yaml.safe_load(pair)
    plain["tests"][0] |= {"name": name, "description": description}
    plain["tests"][0]["execution_environment"] = [{"type": "perf", "config": config}]
    experiment = Experiment.model_validate(plain)
    file.write_text(dump_experiment(experiment), encoding="utf-8")
    written = read_document(file)
    assert not written.problems
    # The settings of an environment are checked beyond their form: here any form will do.
    assert Experiment.model_validate(written.value) == experiment

"""Whatever stands in a file, it is an experiment or refused in words: never a traceback."""

from __future__ import annotations

import re

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from panther.bench.experiment import Experiment, ExperimentError, load_experiment

KEYS = [
    "tests", "name", "services", "s", "implementation", "protocol", "role", "target", "type", "test", "ports",
    "timeout", "steps", "wait", "network_environment", "execution_environment", "config", "logging", "level",
    "observers", "logger", "enabled", "version", "<<", "window", "custom_options", "zero_rtt", "extras",
    "model_config", "[key]", "",
]  # fmt: skip
WORDS = [
    "fast",
    "server",
    "client",
    "quic",
    "iut",
    "testers",
    "judge",
    "localhost",
    "s",
    "4443:4443",
    "1.10",
    "",
]

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.sampled_from(WORDS)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=30,
)
services = st.fixed_dictionaries(
    {},
    optional={
        "implementation": values | st.fixed_dictionaries({"name": st.sampled_from(WORDS)}, optional={"window": values, "custom_options": values, "type": values, "zero_rtt": values, "test": values}),
        "protocol": values | st.fixed_dictionaries({"name": st.sampled_from(WORDS), "role": st.sampled_from(WORDS)}, optional={"target": values, "version": values}),
        "ports": values | st.lists(st.sampled_from(WORDS) | values),
        "timeout": values,
    },
)  # fmt: skip
experiments = st.fixed_dictionaries(
    {"tests": st.lists(st.fixed_dictionaries({"name": values, "services": st.dictionaries(st.sampled_from(["s", "server", "client"]), services | values)}, optional={"steps": values, "network_environment": values, "execution_environment": values}), max_size=2)},
    optional={"logging": values, "observers": values, "other": values},
)  # fmt: skip

quick = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _check(file, shelf) -> None:
    try:
        assert isinstance(load_experiment(file, shelf), Experiment)
    except ExperimentError as error:
        text = file.read_text(encoding="utf-8", errors="replace")
        lines = text.count("\n") + text.count("\r") + 1
        assert error.problems
        for problem in error.problems:
            assert 1 <= problem.line <= lines
            assert problem.column >= 1
            assert problem.message
            assert not re.search(r"pydantic|Traceback", str(problem))


@quick
@given(experiments | values)
@example({"tests": [{"name": "a", "services": {"s": {"implementation": {"name": "fast", "window": 13}}}}]})
def test_any_document_is_an_experiment_or_refused_in_words(file, shelf, document):
    file.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    _check(file, shelf)


@quick
@given(st.data())
def test_any_change_of_a_file_is_accepted_or_refused_in_words(file, shelf, pair, data):
    text = pair
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(start + 12, len(text))))
        piece = data.draw(st.sampled_from(["", "\t", "  ", "\n", ":", "- ", "[", "}", "&a ", "*a", "!!x ", "'", '"', "<<: *a", "| ", "%", "\\", "?", "é", "\u2028", "\x85", "\r", "0x_"]))  # fmt: skip
        text = text[:start] + piece + text[end:]
    file.write_text(text, encoding="utf-8", newline="")
    _check(file, shelf)


@quick
@given(st.binary(max_size=60))
def test_any_bytes_are_refused_in_words(file, shelf, data):
    file.write_bytes(data)
    _check(file, shelf)
